import { isStillValid } from "../auth/authenticate";
import type { Actor } from "../authz/actor";
import type { ServiceContext } from "../context";
import { listProjects } from "../projects/queries";
import type { EventHub, LiveEvent } from "./event-hub";

/** How often a stream looks whether its session still stands and which projects it may see. */
const RECHECK_MS = 3_000;

/** `project:sequence,project:sequence`: where a page stands. Malformed parts are passed over. */
export function parseCursor(text: string | null | undefined): Map<string, number> {
  const parts = (text ?? "").split(",").map((part) => part.split(":"));
  return new Map(
    parts.flatMap(([projectId, sequence]) =>
      projectId && sequence && /^\d{1,15}$/.test(sequence) ? [[projectId, Number(sequence)] as const] : [],
    ),
  );
}

export function formatCursor(cursor: ReadonlyMap<string, number>): string {
  return [...cursor].map(([projectId, sequence]) => `${projectId}:${sequence}`).join(",");
}

/**
 * Server-sent events of every project that the person may see. Sends what was missed since `cursor`, then what comes:
 * `change` (kind, id), `log` (an attempt has new output), `refetch` (too much was missed), `ended` (signed out).
 */
export function openEventStream(
  ctx: ServiceContext,
  hub: EventHub,
  request: { readonly actor: Actor; readonly cursor: Map<string, number>; readonly signal: AbortSignal },
): Response {
  const { actor, signal } = request;
  const left = new AbortController();
  const stream = new ReadableStream<Uint8Array>({
    cancel: () => left.abort(),
    async start(controller) {
      const encoder = new TextEncoder();
      const cursor = new Map<string, number>();
      let visible = new Set<string>();
      let isOpen = true;
      let unsubscribe: () => void = () => undefined;

      const send = (event: string, data: unknown, withId = false) => {
        if (!isOpen) return;
        const id = withId ? `id: ${formatCursor(cursor)}\n` : "";
        controller.enqueue(encoder.encode(`${id}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`));
      };
      const sendChanges = (batch: readonly LiveEvent[]) => {
        for (const event of batch) {
          if (!visible.has(event.projectId) || event.sequence <= (cursor.get(event.projectId) ?? 0)) continue;
          cursor.set(event.projectId, event.sequence);
          send("change", event, true);
        }
      };
      const release = () => {
        isOpen = false;
        clearInterval(timer);
        unsubscribe();
      };
      const close = () => {
        if (!isOpen) return;
        release();
        if (!left.signal.aborted) controller.close();
      };
      const recheck = async () => {
        const isStanding = await isStillValid(ctx, actor);
        if (!isStanding) {
          send("ended", {});
          close();
          return;
        }
        visible = new Set((await listProjects(ctx, actor)).map((project) => project.id));
        send("beat", {});
      };
      const catchUp = async () => {
        const positions = await hub.positions([...visible]);
        for (const projectId of visible) {
          const since = request.cursor.get(projectId);
          if (since === undefined) {
            cursor.set(projectId, positions.get(projectId) ?? 0);
            continue;
          }
          cursor.set(projectId, since);
          const missed = await hub.missed(projectId, since);
          if (missed) sendChanges(missed);
          else {
            cursor.set(projectId, positions.get(projectId) ?? since);
            send("refetch", { projectId }, true);
          }
        }
      };
      const begin = async () => {
        // Events that come while the past is read wait here, so that nothing is sent twice or out of order.
        let waiting: LiveEvent[] | null = [];
        unsubscribe = await hub.subscribe({
          onEvents: (batch) => (waiting ? waiting.push(...batch) : sendChanges(batch)),
          onLog: (nudge) => visible.has(nudge.projectId) && send("log", nudge),
        });
        // The page may have left meanwhile.
        if (!isOpen) return unsubscribe();
        visible = new Set((await listProjects(ctx, actor)).map((project) => project.id));
        await catchUp();
        const late = waiting;
        waiting = null;
        sendChanges(late);
        send("ready", { cursor: formatCursor(cursor) }, true);
      };
      const timer = setInterval(() => {
        recheck().catch((error: unknown) => {
          ctx.log.warn({ err: error }, "a live stream was closed");
          close();
        });
      }, RECHECK_MS);
      for (const gone of [signal, left.signal]) gone.addEventListener("abort", close);

      try {
        await begin();
      } catch (error) {
        release();
        throw error;
      }
    },
  });
  return new Response(stream, {
    headers: {
      "content-type": "text/event-stream",
      "cache-control": "no-store, no-transform",
      "x-accel-buffering": "no",
    },
  });
}
