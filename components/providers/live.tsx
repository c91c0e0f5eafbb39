"use client";
import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from "react";
import { type LiveMessage, type LiveStatus, openLiveConnection } from "./live-connection";

type Listener = (message: LiveMessage) => void;
type Live = { readonly status: LiveStatus; readonly listen: (listener: Listener) => () => void };

const LiveContext = createContext<Live>({ status: "connecting", listen: () => () => undefined });

/** Changes that come close together are one refetch. */
const GATHER_MS = 150;
/** While the stream is down, open pages ask by themselves. */
const POLL_MS = 5_000;

/** A page that the server rendered so shortly after a change may not know of it: it is asked again when it appears. */
const RENDERED_WITHIN_MS = 10_000;

/** Queries that are about everything and so follow every change. */
const FOLLOW_ALL = ["notifications"];

/** Queries that show what another domain does: a finding's chain names the run, its version and its promotion. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  pipelines: ["feedback"],
  registry: ["feedback"],
  promotions: ["feedback"],
};

/** Keeps the pages current: a change of a domain refetches the shown queries of that domain's router. */
export function LiveProvider({ children }: { readonly children: ReactNode }) {
  const queryClient = useQueryClient();
  const [status, setStatus] = useState<LiveStatus>("connecting");
  const listeners = useRef(new Set<Listener>());

  useEffect(() => {
    const kinds = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refetch = () => {
      timer = undefined;
      const wanted = new Set([...kinds, ...[...kinds].flatMap((kind) => ALSO[kind] ?? []), ...FOLLOW_ALL]);
      kinds.clear();
      void queryClient.invalidateQueries({ predicate: ({ queryKey }) => wanted.has(routerOf(queryKey)) });
    };
    const heardAt = new Map<string, number>();
    const want = (kind: string) => {
      kinds.add(kind);
      timer ??= setTimeout(refetch, GATHER_MS);
    };
    const unwatch = queryClient.getQueryCache().subscribe(({ type, query }) => {
      if (type !== "added" || query.state.data === undefined) return;
      const kind = routerOf(query.queryKey);
      if (Date.now() - (heardAt.get(kind) ?? Number.NEGATIVE_INFINITY) < RENDERED_WITHIN_MS) want(kind);
    });
    const close = openLiveConnection((message) => {
      if (message.type === "status") setStatus(message.status);
      if (message.type === "ended") window.location.assign("/sign-in");
      if (message.type === "refetch") void queryClient.invalidateQueries();
      if (message.type === "change") {
        heardAt.set(message.kind, Date.now());
        want(message.kind);
      }
      for (const listener of listeners.current) listener(message);
    });
    return () => {
      clearTimeout(timer);
      unwatch();
      close();
    };
  }, [queryClient]);

  useEffect(() => {
    if (status !== "offline") return;
    const poll = setInterval(() => {
      if (document.visibilityState === "visible") void queryClient.invalidateQueries();
    }, POLL_MS);
    return () => clearInterval(poll);
  }, [status, queryClient]);

  const [live] = useState(() => ({
    listen: (listener: Listener) => {
      listeners.current.add(listener);
      return () => {
        listeners.current.delete(listener);
      };
    },
  }));
  return <LiveContext value={{ ...live, status }}>{children}</LiveContext>;
}

/** The state of the stream, for the dot in the top bar. */
export function useLiveStatus(): LiveStatus {
  return useContext(LiveContext).status;
}

/** Hears what comes while the component is shown: `useLive((message) => …)`. Queries need no listener: they refetch by themselves. */
export function useLive(listener: Listener): void {
  const { listen } = useContext(LiveContext);
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => listen((message) => latest.current(message)), [listen]);
}

/** The router of a tRPC query key, which is `[["promotions", "list"], …]`. */
function routerOf(queryKey: readonly unknown[]): string {
  const [path] = queryKey;
  return Array.isArray(path) && typeof path[0] === "string" ? path[0] : "";
}
