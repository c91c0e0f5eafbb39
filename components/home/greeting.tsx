"use client";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { capitalised, countInWords } from "../data/format";
import { useMe } from "../providers/me";
import { useTRPC } from "../providers/trpc";
import { waitingCount } from "./waiting-count";

const noChange = () => () => undefined;
const hourNow = () => new Date().getHours();

/** "Good morning, Mia", by the person's own clock. */
export function Greeting() {
  const hour = useSyncExternalStore(noChange, hourNow, hourNow);
  const part = hour < 5 || hour >= 18 ? "evening" : hour < 12 ? "morning" : "afternoon";
  return (
    <span suppressHydrationWarning>
      Good {part}, {useMe().name.split(" ")[0]}
    </span>
  );
}

/** The state of things in one sentence. */
export function HomeSentence() {
  const trpc = useTRPC();
  const { data: waiting } = useSuspenseQuery(trpc.notifications.waiting.queryOptions());
  const { data: fleet } = useSuspenseQuery(trpc.notifications.fleet.queryOptions());
  const count = waitingCount(waiting);
  const duties =
    count === 0
      ? "Nothing waits for you."
      : `${capitalised(countInWords(count, "thing"))} ${count === 1 ? "waits" : "wait"} for you.`;
  const stopped = fleet.filter((row) => row.isStopped).length;
  if (stopped > 0) return `${duties} Traffic of ${countInWords(stopped, "model")} is stopped.`;
  if (fleet.length === 0) return `${duties} No model is in production yet.`;
  return `${duties} ${capitalised(countInWords(fleet.length, "model"))} ${fleet.length === 1 ? "serves" : "serve"} in production.`;
}
