import { type Permission, refusalSentence } from "../identity/policy";
import type { Role } from "../identity/roles";
import type { CheckKind } from "../monitoring/status";
import type { FeedbackKind } from "./types";

export type Arrow = {
  readonly title: string;
  readonly from: string;
  readonly to: string;
  /** Who gets it and is told of it. */
  readonly receivers: readonly Role[];
  /** What its answer asks for; null where a policy answers and no person does. */
  readonly answer: Permission | null;
};

/** The nine feedback arrows of the process: who sends what to whom, and whose answer counts. */
export const ARROWS: Readonly<Record<FeedbackKind, Arrow>> = {
  F1: {
    title: "Data request",
    from: "Analysis",
    to: "Data engineering",
    receivers: ["R4"],
    answer: "feedback.answer_data",
  },
  F2: {
    title: "Rule revision",
    from: "Model engineering",
    to: "Feature rules",
    receivers: ["R3", "R4"],
    answer: "feedback.answer_model",
  },
  F3: {
    title: "Quality decline",
    from: "Monitoring",
    to: "Experimentation",
    receivers: ["R3"],
    answer: "feedback.answer_model",
  },
  F4: {
    title: "Data finding",
    from: "Monitoring",
    to: "Data engineering",
    receivers: ["R4"],
    answer: "feedback.answer_data",
  },
  F5: {
    title: "Threshold event",
    from: "Monitoring",
    to: "Scheduler",
    receivers: [],
    answer: null,
  },
  F6: { title: "New data", from: "Feature data", to: "Scheduler", receivers: [], answer: null },
  F7: { title: "Periodic tick", from: "Clock", to: "Scheduler", receivers: [], answer: null },
  F8: {
    title: "Build result",
    from: "Continuous integration",
    to: "Who committed",
    receivers: ["R3", "R5", "R6", "R7"],
    answer: "experiments.write",
  },
  F9: {
    title: "Value review",
    from: "Production",
    to: "Business",
    receivers: ["R1"],
    answer: "projects.sign_value_review",
  },
};

/** Which arrow an alert takes: a decline in quality goes to the data scientist, what came in to the data engineer. */
export function arrowOfCheck(kind: CheckKind): "F3" | "F4" {
  return kind === "quality" ? "F3" : "F4";
}

/** Why somebody with these roles may not answer an item of this kind; null where they may. */
export function answerRefusal(kind: FeedbackKind, roles: readonly Role[]): string | null {
  const { answer } = ARROWS[kind];
  return answer ? refusalSentence(roles, answer) : "A policy answers this; nobody accepts or declines it.";
}
