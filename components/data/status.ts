import {
  Ban,
  Check,
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CircleDot,
  CircleOff,
  CirclePause,
  Clock,
  Hourglass,
  ListPlus,
  Loader,
  type LucideIcon,
  Minus,
  Replace,
  Rocket,
  Scale,
  SkipForward,
  TimerOff,
  Undo2,
  Unplug,
  X,
} from "lucide-react";
import type { ApprovalState, Decision } from "@/domain/approvals/status";
import type { CheckResult } from "@/domain/data/types";
import type { DeploymentState } from "@/domain/deployments/status";
import type { ExperimentRunStatus, LoggedModelStatus } from "@/domain/experiments/status";
import type { OnlineStatus } from "@/domain/features/online-value";
import type { MaterializationState } from "@/domain/features/status";
import type { ItemState, TriggerDecision } from "@/domain/feedback/status";
import type { AlertState, CheckVerdict, MonitorState, ThresholdState } from "@/domain/monitoring/status";
import type { AttemptState, PipelineKind, RunState, StepState } from "@/domain/pipelines/status";
import type { PromotionState, Verdict } from "@/domain/promotions/status";
import type { ReviewStanding } from "@/domain/reviews/status";
import type { Tone } from "../ui/badge";

export type StatusLook = {
  readonly tone: Tone;
  readonly icon: LucideIcon;
  readonly word: string;
  readonly isBreathing?: true;
};

/** Every state that the product has, by the thing that has it. A state that is missing here does not compile. */
type StateMap = {
  readonly run: Record<RunState, StatusLook>;
  readonly step: Record<StepState, StatusLook>;
  readonly attempt: Record<AttemptState, StatusLook>;
  readonly pipelineKind: Record<PipelineKind, StatusLook>;
  readonly experimentRun: Record<ExperimentRunStatus, StatusLook>;
  readonly loggedModel: Record<LoggedModelStatus, StatusLook>;
  readonly promotion: Record<PromotionState, StatusLook>;
  readonly verdict: Record<Verdict, StatusLook>;
  readonly check: Record<CheckResult["verdict"], StatusLook>;
  readonly review: Record<ReviewStanding, StatusLook>;
  readonly reviewVerdict: Record<"approved" | "changes_requested" | "outdated" | "asked", StatusLook>;
  readonly thread: Record<"unresolved" | "resolved", StatusLook>;
  readonly approval: Record<ApprovalState, StatusLook>;
  readonly decision: Record<Decision, StatusLook>;
  readonly deployment: Record<DeploymentState, StatusLook>;
  readonly traffic: Record<"serving" | "stopped" | "none", StatusLook>;
  readonly account: Record<"active" | "deactivated" | "invited", StatusLook>;
  readonly feedback: Record<ItemState, StatusLook>;
  readonly retraining: Record<TriggerDecision, StatusLook>;
  readonly materialization: Record<MaterializationState, StatusLook>;
  readonly onlineValue: Record<OnlineStatus, StatusLook>;
  readonly monitor: Record<MonitorState, StatusLook>;
  readonly threshold: Record<ThresholdState, StatusLook>;
  readonly windowVerdict: Record<CheckVerdict, StatusLook>;
  readonly alert: Record<AlertState, StatusLook>;
  readonly token: Record<"active" | "expired" | "revoked", StatusLook>;
};

const running = { tone: "run", icon: Loader, word: "Running", isBreathing: true } as const;
const queued = { tone: "idle", icon: Clock, word: "Queued" } as const;
const succeeded = { tone: "pass", icon: Check, word: "Succeeded" } as const;
const failed = { tone: "fail", icon: X, word: "Failed" } as const;
const cancelled = { tone: "idle", icon: Minus, word: "Cancelled" } as const;
const withdrawn = { tone: "idle", icon: Minus, word: "Withdrawn" } as const;
const expired = { tone: "idle", icon: TimerOff, word: "Expired" } as const;
const returned = { tone: "fail", icon: Undo2, word: "Returned" } as const;
const approved = { tone: "pass", icon: CircleCheck, word: "Approved" } as const;
const error = { tone: "fail", icon: CircleAlert, word: "Error" } as const;

const STATUS: StateMap = {
  monitor: {
    active: { tone: "pass", icon: CircleDot, word: "Watching" },
    paused: { tone: "idle", icon: CirclePause, word: "Paused" },
    deleted: { tone: "idle", icon: Minus, word: "Deleted" },
  },
  threshold: {
    proposed: { tone: "wait", icon: Hourglass, word: "Waiting for signatures" },
    active: { tone: "pass", icon: CircleCheck, word: "In force" },
    superseded: { tone: "idle", icon: Replace, word: "Superseded" },
    returned,
    withdrawn,
    expired,
  },
  windowVerdict: {
    pass: { tone: "pass", icon: Check, word: "Held" },
    fail: { tone: "fail", icon: X, word: "Crossed" },
    warn: { tone: "warn", icon: CircleAlert, word: "Warning" },
    too_few: { tone: "idle", icon: CircleDashed, word: "Too few rows" },
  },
  alert: {
    pending: { tone: "warn", icon: CircleAlert, word: "Pending" },
    firing: { tone: "fail", icon: X, word: "Firing" },
    resolved: { tone: "pass", icon: CircleCheck, word: "Resolved" },
  },
  run: {
    queued,
    running,
    cancelling: { tone: "run", icon: CircleOff, word: "Cancelling", isBreathing: true },
    succeeded,
    failed,
    cancelled,
  },
  step: {
    pending: { tone: "idle", icon: CircleDashed, word: "Waits" },
    queued,
    running,
    succeeded,
    failed,
    skipped: { tone: "idle", icon: SkipForward, word: "Skipped" },
    cancelled,
  },
  attempt: {
    starting: { tone: "run", icon: CircleDot, word: "Starting", isBreathing: true },
    running,
    succeeded,
    failed,
    timed_out: { tone: "fail", icon: TimerOff, word: "Timed out" },
    cancelled,
    lost: { tone: "fail", icon: Unplug, word: "Worker lost" },
  },
  pipelineKind: {
    development: { tone: "idle", icon: CircleDashed, word: "Development" },
    production: { tone: "pass", icon: CircleCheck, word: "Production" },
  },
  experimentRun: {
    RUNNING: running,
    SCHEDULED: { tone: "idle", icon: Clock, word: "Scheduled" },
    FINISHED: { tone: "pass", icon: Check, word: "Finished" },
    FAILED: failed,
    KILLED: { tone: "idle", icon: Ban, word: "Killed" },
  },
  loggedModel: {
    LOGGED_MODEL_STATUS_UNSPECIFIED: { tone: "idle", icon: CircleDashed, word: "Unknown" },
    LOGGED_MODEL_PENDING: { tone: "run", icon: Loader, word: "Uploading", isBreathing: true },
    LOGGED_MODEL_READY: { tone: "pass", icon: Check, word: "Ready" },
    LOGGED_MODEL_UPLOAD_FAILED: { tone: "fail", icon: X, word: "Upload failed" },
  },
  promotion: {
    evaluating: { tone: "run", icon: Scale, word: "Evaluating", isBreathing: true },
    waiting: { tone: "wait", icon: Hourglass, word: "Waiting for people" },
    deploying: { tone: "run", icon: Rocket, word: "Deploying", isBreathing: true },
    deployed: { tone: "pass", icon: CircleCheck, word: "Deployed" },
    returned,
    withdrawn,
    expired,
    failed,
  },
  verdict: {
    pass: { tone: "pass", icon: Check, word: "Pass" },
    fail: { tone: "fail", icon: X, word: "Fail" },
    inconclusive: { tone: "warn", icon: CircleAlert, word: "Inconclusive" },
    error,
    not_yet: { tone: "wait", icon: Hourglass, word: "Not yet" },
    not_applicable: { tone: "idle", icon: Minus, word: "Does not apply" },
  },
  check: { pass: { tone: "pass", icon: Check, word: "Pass" }, fail: { tone: "fail", icon: X, word: "Fail" }, error },
  review: {
    preparing: { tone: "run", icon: Scale, word: "Evidence is computed", isBreathing: true },
    waiting: { tone: "wait", icon: Hourglass, word: "Waiting for verdicts" },
    changes_requested: { tone: "fail", icon: X, word: "Changes requested" },
    approved,
    closed: { tone: "idle", icon: Minus, word: "Closed" },
    withdrawn,
  },
  reviewVerdict: {
    approved,
    changes_requested: { tone: "fail", icon: X, word: "Changes" },
    outdated: { tone: "warn", icon: CircleAlert, word: "Outdated" },
    asked: { tone: "wait", icon: Hourglass, word: "Asked" },
  },
  thread: {
    unresolved: { tone: "warn", icon: CircleAlert, word: "Unresolved" },
    resolved: { tone: "pass", icon: Check, word: "Resolved" },
  },
  approval: {
    preparing: { tone: "run", icon: Loader, word: "Preparing", isBreathing: true },
    open: { tone: "wait", icon: Hourglass, word: "Open" },
    approved,
    returned,
    withdrawn,
    expired,
    cancelled,
  },
  decision: { approved, returned },
  deployment: {
    pending: { tone: "run", icon: ListPlus, word: "Loading", isBreathing: true },
    active: { tone: "pass", icon: CircleCheck, word: "Active" },
    replaced: { tone: "idle", icon: Replace, word: "Replaced" },
    failed,
  },
  traffic: {
    serving: { tone: "pass", icon: CircleCheck, word: "Serving" },
    stopped: { tone: "fail", icon: CirclePause, word: "Stopped" },
    none: { tone: "idle", icon: CircleDashed, word: "Nothing deployed" },
  },
  account: {
    active: { tone: "pass", icon: CircleCheck, word: "Active" },
    deactivated: { tone: "idle", icon: Ban, word: "Deactivated" },
    invited: { tone: "wait", icon: Hourglass, word: "Invited" },
  },
  feedback: {
    open: { tone: "wait", icon: Hourglass, word: "Open" },
    accepted: { tone: "run", icon: CircleDot, word: "Accepted" },
    declined: { tone: "idle", icon: Minus, word: "Declined" },
    done: { tone: "pass", icon: CircleCheck, word: "Done" },
  },
  retraining: {
    started: { tone: "pass", icon: CircleCheck, word: "Started" },
    held_back: { tone: "warn", icon: CirclePause, word: "Held back" },
  },
  materialization: {
    queued,
    copying: { tone: "run", icon: Loader, word: "Copying", isBreathing: true },
    succeeded,
    failed,
  },
  onlineValue: {
    PRESENT: { tone: "pass", icon: Check, word: "Present" },
    NULL_VALUE: { tone: "idle", icon: CircleDashed, word: "Null" },
    NOT_FOUND: { tone: "idle", icon: Minus, word: "Not found" },
    OUTSIDE_MAX_AGE: { tone: "warn", icon: TimerOff, word: "Too old" },
  },
  token: {
    active: { tone: "pass", icon: CircleCheck, word: "Active" },
    expired,
    revoked: { tone: "idle", icon: Ban, word: "Revoked" },
  },
};

export type StatusKind = keyof StateMap;
export type StatusOf<Kind extends StatusKind> = keyof StateMap[Kind] & string;
/** One thing's state: `{ kind: "promotion", state: "waiting" }`. */
export type AnyStatus = {
  readonly [Kind in StatusKind]: { readonly kind: Kind; readonly state: StatusOf<Kind> };
}[StatusKind];

export function statusLook({ kind, state }: AnyStatus): StatusLook {
  const looks: Readonly<Record<string, StatusLook>> = STATUS[kind];
  return looks[state] ?? { tone: "idle", icon: CircleDashed, word: state };
}
