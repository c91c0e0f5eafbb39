import type { Context } from "hono";
import { z } from "zod";
import { AppError } from "@/domain/errors";
import { lookupInput } from "@/domain/features/contracts";
import type { Routes } from "../http/routes";
import { lookUpOnline } from "./look-up-online";

const LARGEST_BODY = 1024 * 1024;

/** `POST /api/v1/features/online`: newest values by entity, for whoever may read features or call a model. */
export function featureRoutes(routes: Routes): void {
  routes.project("POST", "/api/v1/features/online", ["serving.predict", "features.read"], async (c, { ctx, scope }) => {
    const parsed = lookupInput.safeParse(await bodyOf(c));
    if (!parsed.success) throw new AppError("invalid_input", "body", z.prettifyError(parsed.error));
    return Response.json(await lookUpOnline(ctx, scope, parsed.data));
  });
}

async function bodyOf(c: Context): Promise<unknown> {
  const text = await c.req.text();
  if (text.length > LARGEST_BODY) throw new AppError("too_large", "body", "Ask for fewer entities at once.");
  try {
    return JSON.parse(text);
  } catch {
    throw new AppError("invalid_input", "body", "The body is not JSON.");
  }
}
