import { authenticate } from "../auth/authenticate";
import { forRequest } from "../context";
import { newId } from "../ids";
import { processContext } from "../process";
import type { TrpcContext } from "./init";

/** The context of one tRPC request, from its cookie or token. */
export async function createTrpcContext(request: Request): Promise<TrpcContext> {
  const context = forRequest(processContext(), newId());
  return { ...context, actor: await authenticate(context, request) };
}
