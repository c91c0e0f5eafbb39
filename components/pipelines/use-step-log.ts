"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { useLive, useLiveStatus } from "../providers/live";
import { useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";

export type LogView = {
  readonly lines: readonly { readonly at: string; readonly text: string }[];
  /** Bytes before the first line that is shown. */
  readonly skippedBytes: number;
  readonly isCut: boolean;
  readonly isLoaded: boolean;
  readonly error: unknown;
};

const EMPTY: LogView = { lines: [], skippedBytes: 0, isCut: false, isLoaded: false, error: null };
const POLL_MS = 5_000;

/** The log of an attempt from its last 256 KB on, with what is added as it comes. */
export function useStepLog(attemptId: string): LogView & { readonly retry: () => void } {
  const trpc = useTRPC();
  const project = useProject();
  const queryClient = useQueryClient();
  const status = useLiveStatus();
  const [log, setLog] = useState(EMPTY);
  const reading = useRef({
    cursor: undefined as string | undefined,
    isBusy: false,
    isWanted: false,
    isOver: false,
    isClosed: false,
  });

  const pull = useCallback(async () => {
    const state = reading.current;
    state.isWanted = true;
    if (state.isBusy || state.isClosed) return;
    state.isBusy = true;
    try {
      while (state.isWanted && !state.isClosed) {
        state.isWanted = false;
        const input = { projectId: project.id, attemptId, ...(state.cursor !== undefined && { cursor: state.cursor }) };
        const page = await queryClient.fetchQuery(trpc.pipelines.log.queryOptions(input, { staleTime: 0, gcTime: 0 }));
        const isFirst = state.cursor === undefined;
        state.cursor = page.cursor;
        state.isOver = page.isOver && !page.hasMore;
        state.isWanted ||= page.hasMore;
        setLog((shown) => ({
          lines: [...(isFirst ? [] : shown.lines), ...linesOf(page.text)],
          skippedBytes: isFirst ? page.skippedBytes : shown.skippedBytes,
          isCut: page.isCut,
          isLoaded: true,
          error: null,
        }));
      }
    } catch (error) {
      setLog((shown) => ({ ...shown, isLoaded: true, error }));
    } finally {
      state.isBusy = false;
    }
  }, [attemptId, project.id, queryClient, trpc]);

  // The outside system is the attempt's log on the server.
  useEffect(() => {
    const state = { cursor: undefined, isBusy: false, isWanted: false, isOver: false, isClosed: false };
    reading.current = state;
    setLog(EMPTY);
    void pull();
    return () => {
      state.isClosed = true;
    };
  }, [pull]);

  useLive((message) => {
    const isAboutIt =
      message.type === "log"
        ? message.attemptId === attemptId
        : message.type === "change"
          ? message.kind === "pipelines"
          : message.type === "refetch";
    if (isAboutIt && !reading.current.isOver) void pull();
  });

  useEffect(() => {
    if (status !== "offline") return;
    const timer = setInterval(() => void (reading.current.isOver || pull()), POLL_MS);
    return () => clearInterval(timer);
  }, [status, pull]);

  return { ...log, retry: () => void pull() };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours begin with this character
const COLOURS = /\u001b\[[0-9;]*[A-Za-z]/g;

function linesOf(text: string): LogView["lines"] {
  if (text === "") return [];
  return text
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => {
      const space = line.indexOf(" ");
      return { at: line.slice(0, space), text: line.slice(space + 1).replace(COLOURS, "") };
    });
}
