import type { Actor } from "../authz/actor";
import { forRequest } from "../context";
import { newId } from "../ids";
import { processContext } from "../process";
import type { TrpcContext } from "./init";

/** The context of calls that a page makes in process, for somebody who is already known. */
export function createPageContext(actor: Actor): TrpcContext {
  return { ...forRequest(processContext(), newId()), actor };
}
