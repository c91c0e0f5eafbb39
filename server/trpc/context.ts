import { AppError } from "@/domain/errors";
import { authenticate } from "../auth/authenticate";
import { addressOf } from "../auth/client-address";
import { forRequest } from "../context";
import { newId } from "../ids";
import { processContext } from "../process";
import { asTrpcError, type TrpcContext } from "./init";

/** The context of one tRPC request, from its cookie or token. A wrong token is refused before any procedure runs. */
export async function createTrpcContext(request: Request): Promise<TrpcContext> {
  const context = forRequest(processContext(), newId());
  try {
    return { ...context, actor: await authenticate(context, request), address: addressOf(request.headers) };
  } catch (error) {
    throw error instanceof AppError ? asTrpcError(error) : error;
  }
}
