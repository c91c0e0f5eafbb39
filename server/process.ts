import { config } from "./config/config";
import { openContext, type ProcessContext } from "./context";

const holder = globalThis as { countersignContext?: ProcessContext };

/** The web process's one context. Kept on `globalThis`: Next loads modules more than once in a process. */
export function processContext(): ProcessContext {
  holder.countersignContext ??= openContext(config(), "web", 20);
  return holder.countersignContext;
}
