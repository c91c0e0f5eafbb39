/** What travels from the stream to every tab of the browser. */
export type LiveMessage =
  | { readonly type: "change"; readonly projectId: string; readonly kind: string; readonly entityId: string }
  | { readonly type: "log"; readonly projectId: string; readonly attemptId: string }
  | { readonly type: "refetch" }
  | { readonly type: "ended" }
  | { readonly type: "status"; readonly status: LiveStatus };

export type LiveStatus = "connecting" | "live" | "offline";

const CHANNEL = "countersign-live";
const RECONNECT_MS = 1_000;
const RECONNECT_LIMIT_MS = 15_000;

/**
 * One stream per browser: HTTP/1.1 gives six connections, and seven tabs must stay live. The tab that holds
 * the lock opens the stream and passes on what comes; when it closes, the next tab takes over at its last position.
 */
export function openLiveConnection(onMessage: (message: LiveMessage) => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  const stopped = new AbortController();
  let cursor = "";
  let status: LiveStatus = "connecting";

  const share = (message: LiveMessage) => {
    if (stopped.signal.aborted) return;
    if (message.type === "status") status = message.status;
    onMessage(message);
    channel.postMessage({ message, cursor });
  };
  let isLeader = false;
  channel.onmessage = (event: MessageEvent<{ message?: LiveMessage; cursor?: string; ask?: true }>) => {
    if (event.data.ask) {
      if (isLeader) channel.postMessage({ message: { type: "status", status }, cursor });
      return;
    }
    if (event.data.cursor) cursor = event.data.cursor;
    if (event.data.message) onMessage(event.data.message);
  };
  channel.postMessage({ ask: true });

  const lead = () =>
    new Promise<void>((resolve) => {
      // The lock may have been granted in the moment of closing.
      if (stopped.signal.aborted) return resolve();
      isLeader = true;
      const end = runStream({
        since: () => cursor,
        onCursor: (next) => {
          cursor = next;
        },
        share,
      });
      stopped.signal.addEventListener("abort", () => {
        end();
        resolve();
      });
    });
  navigator.locks.request(CHANNEL, { signal: stopped.signal }, lead).catch(() => undefined);

  return () => {
    stopped.abort();
    channel.close();
  };
}

type StreamOptions = {
  readonly since: () => string;
  readonly onCursor: (cursor: string) => void;
  readonly share: (message: LiveMessage) => void;
};

/** Keeps one EventSource open, with a growing pause between attempts. */
function runStream({ since, onCursor, share }: StreamOptions): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pauseMs = RECONNECT_MS;
  let isEnded = false;

  const connect = () => {
    const query = since() ? `?since=${encodeURIComponent(since())}` : "";
    source = new EventSource(`/api/v1/events${query}`);
    const on = (name: string, handle: (data: Record<string, string>) => void) =>
      source?.addEventListener(name, (event: MessageEvent<string>) => {
        if (event.lastEventId) onCursor(event.lastEventId);
        handle(JSON.parse(event.data));
      });
    on("ready", () => {
      pauseMs = RECONNECT_MS;
      share({ type: "status", status: "live" });
    });
    on("change", ({ projectId = "", kind = "", entityId = "" }) =>
      share({ type: "change", projectId, kind, entityId }),
    );
    on("log", ({ projectId = "", attemptId = "" }) => share({ type: "log", projectId, attemptId }));
    on("refetch", () => share({ type: "refetch" }));
    on("ended", () => {
      isEnded = true;
      source?.close();
      share({ type: "ended" });
    });
    source.onerror = () => {
      source?.close();
      if (isEnded) return;
      share({ type: "status", status: "offline" });
      timer = setTimeout(connect, pauseMs);
      pauseMs = Math.min(pauseMs * 2, RECONNECT_LIMIT_MS);
    };
  };
  connect();
  return () => {
    isEnded = true;
    clearTimeout(timer);
    source?.close();
  };
}
