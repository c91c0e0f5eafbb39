import {
  Activity,
  Bell,
  Boxes,
  ChartNoAxesCombined,
  ClipboardCheck,
  Database,
  FileCheck,
  FileCode,
  File as FileIcon,
  FlaskConical,
  GitCommitHorizontal,
  Layers,
  ListChecks,
  type LucideIcon,
  MessageSquareReply,
  MessagesSquare,
  RefreshCw,
  Rocket,
  Send,
  Signature,
  Table,
  Workflow,
} from "lucide-react";
import type { EdgeKind, NodeKind } from "@/domain/lineage/types";

type Look = { readonly icon: LucideIcon; readonly word: string; readonly plural: string };

const look = (icon: LucideIcon, word: string, plural = `${word}s`): Look => ({ icon, word, plural });

/** Every kind of node with its picture and its name. */
export const NODE_LOOKS: Readonly<Record<NodeKind, Look>> = {
  dataset_version: look(Database, "dataset version"),
  validation_report: look(ListChecks, "validation report"),
  source_bundle: look(FileCode, "pipeline code", "versions of pipeline code"),
  commit: look(GitCommitHorizontal, "commit"),
  pipeline_run: look(Workflow, "pipeline run"),
  artifact: look(FileIcon, "file"),
  experiment_run: look(FlaskConical, "experiment run"),
  model_version: look(Boxes, "model version"),
  evaluation: look(ChartNoAxesCombined, "evaluation"),
  evidence: look(FileCheck, "evidence", "records of evidence"),
  promotion: look(Signature, "promotion"),
  deployment: look(Rocket, "deployment"),
  feature_view: look(Layers, "feature view version"),
  training_set: look(Table, "training set"),
  materialization: look(ClipboardCheck, "materialisation"),
  review: look(MessagesSquare, "review"),
  prediction_window: look(Send, "window of predictions", "windows of predictions"),
  monitor_check: look(Activity, "check"),
  alert: look(Bell, "alert"),
  feedback_item: look(MessageSquareReply, "feedback item"),
  retraining_trigger: look(RefreshCw, "retraining trigger"),
};

/** What an edge says, read from the cause to what came of it. */
export const EDGE_WORDS: Readonly<Record<EdgeKind, string>> = {
  input_of: "went into",
  produced: "produced",
  validated_by: "was validated by",
  evaluated_by: "was evaluated by",
  evidence_for: "is evidence for",
  promoted_by: "was promoted in",
  deployed_as: "was deployed as",
  replaces: "was replaced by",
  derived_from: "is the source of",
  materialized_as: "was loaded as",
  reviewed_by: "was reviewed in",
  served: "served",
  checked_by: "was checked by",
  raised: "raised",
  reported_as: "was reported as",
  triggered: "triggered",
};
