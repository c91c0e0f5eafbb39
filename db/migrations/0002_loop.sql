CREATE TABLE "feature_view_versions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"view_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"definition" jsonb NOT NULL,
	"definition_text" text NOT NULL,
	"digest" text NOT NULL,
	"approval_id" uuid NOT NULL,
	"created_by" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "feature_view_versions_version_key" UNIQUE("view_id","version"),
	CONSTRAINT "feature_view_versions_approval_key" UNIQUE("approval_id")
);
--> statement-breakpoint
CREATE TABLE "feature_views" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"name" text NOT NULL,
	"dataset_id" uuid NOT NULL,
	"created_by" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "feature_views_name_key" UNIQUE("project_id","name")
);
--> statement-breakpoint
CREATE TABLE "materializations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"view_version_id" uuid NOT NULL,
	"dataset_version_id" uuid NOT NULL,
	"state" text DEFAULT 'queued' NOT NULL,
	"trigger" text NOT NULL,
	"started_by" uuid,
	"snapshot_sha256" text,
	"snapshot_rows" bigint,
	"watermark" timestamp with time zone,
	"written_rows" bigint DEFAULT 0 NOT NULL,
	"parity" jsonb,
	"reason" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	CONSTRAINT "materializations_finished_matches_state" CHECK (("materializations"."state" in ('succeeded', 'failed')) = ("materializations"."finished_at" is not null)),
	CONSTRAINT "materializations_snapshot_is_whole" CHECK ("materializations"."state" in ('queued', 'failed') or ("materializations"."snapshot_sha256" is not null and "materializations"."snapshot_rows" is not null))
);
--> statement-breakpoint
CREATE TABLE "online_features" (
	"view_version_id" uuid NOT NULL,
	"entity_key" text NOT NULL,
	"project_id" uuid NOT NULL,
	"event_time" timestamp with time zone NOT NULL,
	"created_time" timestamp with time zone,
	"values" jsonb NOT NULL,
	"materialization_id" uuid NOT NULL,
	"written_at" timestamp with time zone NOT NULL,
	CONSTRAINT "online_features_view_version_id_entity_key_pk" PRIMARY KEY("view_version_id","entity_key")
);
--> statement-breakpoint
CREATE TABLE "training_sets" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"step_key" text NOT NULL,
	"view_version_id" uuid NOT NULL,
	"dataset_version_id" uuid NOT NULL,
	"parquet_sha256" text NOT NULL,
	"bytes" bigint NOT NULL,
	"rows" bigint NOT NULL,
	"unmatched_rows" bigint NOT NULL,
	"entity_columns" text[] NOT NULL,
	"event_time_column" text NOT NULL,
	"feature_columns" text[] NOT NULL,
	"label_column" text,
	"manifest" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "training_sets_step_key" UNIQUE("run_id","step_key"),
	CONSTRAINT "training_sets_unmatched_of_rows" CHECK ("training_sets"."unmatched_rows" between 0 and "training_sets"."rows")
);
--> statement-breakpoint
CREATE TABLE "feedback_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"item_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"by_user_id" uuid,
	"text" text DEFAULT '' NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "feedback_items" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"kind" text NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"title" text NOT NULL,
	"body" text DEFAULT '' NOT NULL,
	"receivers" text[] NOT NULL,
	"origin" jsonb NOT NULL,
	"alert_id" uuid,
	"created_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"answered_by" uuid,
	"answered_at" timestamp with time zone,
	"decline_reason" text,
	"done_by" uuid,
	"done_at" timestamp with time zone,
	"resolution_kind" text,
	"resolution_id" uuid,
	CONSTRAINT "feedback_items_number_key" UNIQUE("project_id","number"),
	CONSTRAINT "feedback_items_answered" CHECK (("feedback_items"."state" = 'open') = ("feedback_items"."answered_by" is null)),
	CONSTRAINT "feedback_items_declined" CHECK (("feedback_items"."state" = 'declined') = ("feedback_items"."decline_reason" is not null)),
	CONSTRAINT "feedback_items_done" CHECK (("feedback_items"."state" = 'done') = ("feedback_items"."resolution_id" is not null and "feedback_items"."done_by" is not null)),
	CONSTRAINT "feedback_items_resolution" CHECK (("feedback_items"."resolution_kind" is null) = ("feedback_items"."resolution_id" is null))
);
--> statement-breakpoint
CREATE TABLE "retraining_policies" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"model_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"pipeline_id" uuid NOT NULL,
	"rules" jsonb NOT NULL,
	"digest" text NOT NULL,
	"created_by" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "retraining_policies_version_key" UNIQUE("model_id","version")
);
--> statement-breakpoint
CREATE TABLE "retraining_triggers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"alert_id" uuid NOT NULL,
	"item_id" uuid NOT NULL,
	"model_id" uuid NOT NULL,
	"policy_id" uuid,
	"decision" text NOT NULL,
	"held_back_reason" text,
	"reason" text NOT NULL,
	"parameters" jsonb,
	"run_id" uuid,
	"started_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	CONSTRAINT "retraining_triggers_alert_key" UNIQUE("alert_id"),
	CONSTRAINT "retraining_triggers_run_key" UNIQUE("run_id"),
	CONSTRAINT "retraining_triggers_started" CHECK (("retraining_triggers"."decision" = 'started') = ("retraining_triggers"."run_id" is not null and "retraining_triggers"."started_at" is not null)),
	CONSTRAINT "retraining_triggers_held_back" CHECK (("retraining_triggers"."decision" = 'held_back') = ("retraining_triggers"."held_back_reason" is not null))
);
--> statement-breakpoint
CREATE TABLE "impact_reports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"subject_kind" text NOT NULL,
	"subject_reference" text NOT NULL,
	"change" text NOT NULL,
	"roots" jsonb NOT NULL,
	"touched" jsonb NOT NULL,
	"touched_count" integer NOT NULL,
	"digest" text NOT NULL,
	"created_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "impact_reports_subject_key" UNIQUE("project_id","subject_kind","subject_reference")
);
--> statement-breakpoint
CREATE TABLE "split_manifests" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"training_set_id" uuid NOT NULL,
	"training_rows" bigint NOT NULL,
	"holdout_rows" bigint NOT NULL,
	"shared_rows" bigint NOT NULL,
	"text" text NOT NULL,
	"digest" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "split_manifests_training_set_key" UNIQUE("training_set_id")
);
--> statement-breakpoint
CREATE TABLE "alert_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"alert_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"text" text NOT NULL,
	"actor_id" uuid,
	"check_id" uuid,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "alerts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"monitor_id" uuid NOT NULL,
	"check_id" uuid NOT NULL,
	"model_id" uuid NOT NULL,
	"environment" text NOT NULL,
	"model_version_id" uuid NOT NULL,
	"metric" text NOT NULL,
	"window_start" timestamp with time zone NOT NULL,
	"window_end" timestamp with time zone NOT NULL,
	"value" double precision NOT NULL,
	"lower" double precision,
	"upper" double precision,
	"limit" double precision NOT NULL,
	"rows" integer NOT NULL,
	"coverage" double precision NOT NULL,
	"state" text DEFAULT 'pending' NOT NULL,
	"owner_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"fired_at" timestamp with time zone,
	"acknowledged_at" timestamp with time zone,
	"acknowledged_by" uuid,
	"resolved_at" timestamp with time zone,
	"resolved_by_check_id" uuid,
	CONSTRAINT "alerts_number_key" UNIQUE("project_id","number"),
	CONSTRAINT "alerts_resolved_at_matches_state" CHECK (("alerts"."state" = 'resolved') = ("alerts"."resolved_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "label_corrections" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"request_id" uuid NOT NULL,
	"row" integer NOT NULL,
	"value" jsonb NOT NULL,
	"event_time" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"sent_by" uuid
);
--> statement-breakpoint
CREATE TABLE "labels" (
	"project_id" uuid NOT NULL,
	"request_id" uuid NOT NULL,
	"row" integer NOT NULL,
	"value" jsonb NOT NULL,
	"event_time" timestamp with time zone NOT NULL,
	"first_value" jsonb NOT NULL,
	"first_event_time" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	"corrections" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "labels_project_id_request_id_row_pk" PRIMARY KEY("project_id","request_id","row")
);
--> statement-breakpoint
CREATE TABLE "monitor_checks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"monitor_id" uuid NOT NULL,
	"threshold_version_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"window_start" timestamp with time zone NOT NULL,
	"window_end" timestamp with time zone NOT NULL,
	"as_of" timestamp with time zone NOT NULL,
	"model_version_id" uuid NOT NULL,
	"rows" integer NOT NULL,
	"labelled" integer,
	"coverage" double precision,
	"value" double precision,
	"lower" double precision,
	"upper" double precision,
	"limit" double precision NOT NULL,
	"verdict" text NOT NULL,
	"details" jsonb NOT NULL,
	"checked_at" timestamp with time zone NOT NULL,
	"corrected_value" double precision,
	"corrected_labelled" integer,
	"corrected_at" timestamp with time zone,
	CONSTRAINT "monitor_checks_once" UNIQUE("monitor_id","kind","window_start"),
	CONSTRAINT "monitor_checks_window_order" CHECK ("monitor_checks"."window_start" < "monitor_checks"."window_end")
);
--> statement-breakpoint
CREATE TABLE "monitors" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"model_id" uuid NOT NULL,
	"environment" text NOT NULL,
	"metric" text NOT NULL,
	"label_delay_days" integer NOT NULL,
	"minimum_coverage" double precision NOT NULL,
	"interval_seconds" integer NOT NULL,
	"owner_id" uuid NOT NULL,
	"state" text DEFAULT 'active' NOT NULL,
	"last_checked_at" timestamp with time zone,
	"last_as_of" timestamp with time zone,
	"last_outcome" text,
	"created_by" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "monitors_number_key" UNIQUE("project_id","number"),
	CONSTRAINT "monitors_interval_positive" CHECK ("monitors"."interval_seconds" >= 1),
	CONSTRAINT "monitors_coverage_is_share" CHECK ("monitors"."minimum_coverage" > 0 and "monitors"."minimum_coverage" <= 1)
);
--> statement-breakpoint
CREATE TABLE "prediction_failures" (
	"request_id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"model_id" uuid NOT NULL,
	"model_version_id" uuid NOT NULL,
	"deployment_id" uuid NOT NULL,
	"environment" text NOT NULL,
	"event_time" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"reason" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "threshold_versions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"monitor_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"limits" jsonb NOT NULL,
	"digest" text NOT NULL,
	"state" text DEFAULT 'proposed' NOT NULL,
	"approval_id" uuid NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"proposed_by" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"activated_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	CONSTRAINT "threshold_versions_version_key" UNIQUE("monitor_id","version")
);
--> statement-breakpoint
CREATE TABLE "review_comments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"thread_id" uuid NOT NULL,
	"author_id" uuid NOT NULL,
	"body" text NOT NULL,
	"mentions" uuid[] DEFAULT '{}' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "review_evidence" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"review_id" uuid NOT NULL,
	"text" text NOT NULL,
	"digest" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "review_evidence_digest_key" UNIQUE("review_id","digest")
);
--> statement-breakpoint
CREATE TABLE "review_threads" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"review_id" uuid NOT NULL,
	"anchor_kind" text NOT NULL,
	"anchor_key" text DEFAULT '' NOT NULL,
	"anchor_label" text DEFAULT '' NOT NULL,
	"quote" jsonb,
	"evidence_digest" text NOT NULL,
	"opened_by" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"resolved_at" timestamp with time zone,
	"resolved_by" uuid,
	"resolved_reason" text,
	CONSTRAINT "review_threads_resolved_by_somebody" CHECK (("review_threads"."resolved_at" is null) = ("review_threads"."resolved_by" is null)),
	CONSTRAINT "review_threads_quote_of_anchor" CHECK (("review_threads"."anchor_kind" = 'whole') = ("review_threads"."quote" is null))
);
--> statement-breakpoint
CREATE TABLE "review_verdicts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"review_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"as_role" text NOT NULL,
	"decision" text NOT NULL,
	"comment" text DEFAULT '' NOT NULL,
	"evidence_digest" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"replaced_at" timestamp with time zone,
	CONSTRAINT "review_verdicts_changes_have_reason" CHECK ("review_verdicts"."decision" = 'approved' or "review_verdicts"."comment" <> '')
);
--> statement-breakpoint
CREATE TABLE "reviews" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"title" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"experiment_run_id" uuid,
	"model_version_id" uuid,
	"base_version_id" uuid,
	"state" text DEFAULT 'open' NOT NULL,
	"evidence_digest" text,
	"requested_revision" integer DEFAULT 1 NOT NULL,
	"computed_revision" integer DEFAULT 0 NOT NULL,
	"opened_by" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"closed_at" timestamp with time zone,
	"closed_by" uuid,
	"closed_reason" text,
	CONSTRAINT "reviews_number_key" UNIQUE("project_id","number"),
	CONSTRAINT "reviews_one_subject" CHECK (num_nonnulls("reviews"."experiment_run_id", "reviews"."model_version_id") = 1),
	CONSTRAINT "reviews_closed_matches_state" CHECK (("reviews"."state" = 'open') = ("reviews"."closed_at" is null)),
	CONSTRAINT "reviews_computed_of_requested" CHECK ("reviews"."computed_revision" between 0 and "reviews"."requested_revision")
);
--> statement-breakpoint
CREATE TABLE "slices" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"name" text NOT NULL,
	"expression" text NOT NULL,
	"created_by" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"retired_at" timestamp with time zone,
	"retired_by" uuid,
	CONSTRAINT "slices_retired_by_somebody" CHECK (("slices"."retired_at" is null) = ("slices"."retired_by" is null))
);
--> statement-breakpoint
DROP INDEX "lineage_edges_to_idx";--> statement-breakpoint
DROP INDEX "lineage_edges_project_idx";--> statement-breakpoint
ALTER TABLE "feature_view_versions" ADD CONSTRAINT "feature_view_versions_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feature_view_versions" ADD CONSTRAINT "feature_view_versions_view_id_feature_views_id_fk" FOREIGN KEY ("view_id") REFERENCES "public"."feature_views"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feature_view_versions" ADD CONSTRAINT "feature_view_versions_approval_id_approvals_id_fk" FOREIGN KEY ("approval_id") REFERENCES "public"."approvals"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feature_view_versions" ADD CONSTRAINT "feature_view_versions_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feature_views" ADD CONSTRAINT "feature_views_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feature_views" ADD CONSTRAINT "feature_views_dataset_id_datasets_id_fk" FOREIGN KEY ("dataset_id") REFERENCES "public"."datasets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feature_views" ADD CONSTRAINT "feature_views_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "materializations" ADD CONSTRAINT "materializations_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "materializations" ADD CONSTRAINT "materializations_view_version_id_feature_view_versions_id_fk" FOREIGN KEY ("view_version_id") REFERENCES "public"."feature_view_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "materializations" ADD CONSTRAINT "materializations_dataset_version_id_dataset_versions_id_fk" FOREIGN KEY ("dataset_version_id") REFERENCES "public"."dataset_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "materializations" ADD CONSTRAINT "materializations_started_by_users_id_fk" FOREIGN KEY ("started_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "online_features" ADD CONSTRAINT "online_features_view_version_id_feature_view_versions_id_fk" FOREIGN KEY ("view_version_id") REFERENCES "public"."feature_view_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "online_features" ADD CONSTRAINT "online_features_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "online_features" ADD CONSTRAINT "online_features_materialization_id_materializations_id_fk" FOREIGN KEY ("materialization_id") REFERENCES "public"."materializations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "training_sets" ADD CONSTRAINT "training_sets_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "training_sets" ADD CONSTRAINT "training_sets_run_id_pipeline_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."pipeline_runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "training_sets" ADD CONSTRAINT "training_sets_view_version_id_feature_view_versions_id_fk" FOREIGN KEY ("view_version_id") REFERENCES "public"."feature_view_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "training_sets" ADD CONSTRAINT "training_sets_dataset_version_id_dataset_versions_id_fk" FOREIGN KEY ("dataset_version_id") REFERENCES "public"."dataset_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feedback_events" ADD CONSTRAINT "feedback_events_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feedback_events" ADD CONSTRAINT "feedback_events_item_id_feedback_items_id_fk" FOREIGN KEY ("item_id") REFERENCES "public"."feedback_items"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feedback_events" ADD CONSTRAINT "feedback_events_by_user_id_users_id_fk" FOREIGN KEY ("by_user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feedback_items" ADD CONSTRAINT "feedback_items_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feedback_items" ADD CONSTRAINT "feedback_items_alert_id_alerts_id_fk" FOREIGN KEY ("alert_id") REFERENCES "public"."alerts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feedback_items" ADD CONSTRAINT "feedback_items_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feedback_items" ADD CONSTRAINT "feedback_items_answered_by_users_id_fk" FOREIGN KEY ("answered_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feedback_items" ADD CONSTRAINT "feedback_items_done_by_users_id_fk" FOREIGN KEY ("done_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "retraining_policies" ADD CONSTRAINT "retraining_policies_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "retraining_policies" ADD CONSTRAINT "retraining_policies_model_id_registered_models_id_fk" FOREIGN KEY ("model_id") REFERENCES "public"."registered_models"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "retraining_policies" ADD CONSTRAINT "retraining_policies_pipeline_id_pipelines_id_fk" FOREIGN KEY ("pipeline_id") REFERENCES "public"."pipelines"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "retraining_policies" ADD CONSTRAINT "retraining_policies_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "retraining_triggers" ADD CONSTRAINT "retraining_triggers_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "retraining_triggers" ADD CONSTRAINT "retraining_triggers_alert_id_alerts_id_fk" FOREIGN KEY ("alert_id") REFERENCES "public"."alerts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "retraining_triggers" ADD CONSTRAINT "retraining_triggers_item_id_feedback_items_id_fk" FOREIGN KEY ("item_id") REFERENCES "public"."feedback_items"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "retraining_triggers" ADD CONSTRAINT "retraining_triggers_model_id_registered_models_id_fk" FOREIGN KEY ("model_id") REFERENCES "public"."registered_models"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "retraining_triggers" ADD CONSTRAINT "retraining_triggers_policy_id_retraining_policies_id_fk" FOREIGN KEY ("policy_id") REFERENCES "public"."retraining_policies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "retraining_triggers" ADD CONSTRAINT "retraining_triggers_run_id_pipeline_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."pipeline_runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "retraining_triggers" ADD CONSTRAINT "retraining_triggers_started_by_users_id_fk" FOREIGN KEY ("started_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "impact_reports" ADD CONSTRAINT "impact_reports_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "impact_reports" ADD CONSTRAINT "impact_reports_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "split_manifests" ADD CONSTRAINT "split_manifests_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "split_manifests" ADD CONSTRAINT "split_manifests_run_id_pipeline_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."pipeline_runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "split_manifests" ADD CONSTRAINT "split_manifests_training_set_id_training_sets_id_fk" FOREIGN KEY ("training_set_id") REFERENCES "public"."training_sets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alert_events" ADD CONSTRAINT "alert_events_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alert_events" ADD CONSTRAINT "alert_events_alert_id_alerts_id_fk" FOREIGN KEY ("alert_id") REFERENCES "public"."alerts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alert_events" ADD CONSTRAINT "alert_events_actor_id_users_id_fk" FOREIGN KEY ("actor_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alert_events" ADD CONSTRAINT "alert_events_check_id_monitor_checks_id_fk" FOREIGN KEY ("check_id") REFERENCES "public"."monitor_checks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_monitor_id_monitors_id_fk" FOREIGN KEY ("monitor_id") REFERENCES "public"."monitors"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_check_id_monitor_checks_id_fk" FOREIGN KEY ("check_id") REFERENCES "public"."monitor_checks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_model_id_registered_models_id_fk" FOREIGN KEY ("model_id") REFERENCES "public"."registered_models"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_model_version_id_model_versions_id_fk" FOREIGN KEY ("model_version_id") REFERENCES "public"."model_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_acknowledged_by_users_id_fk" FOREIGN KEY ("acknowledged_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_resolved_by_check_id_monitor_checks_id_fk" FOREIGN KEY ("resolved_by_check_id") REFERENCES "public"."monitor_checks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "label_corrections" ADD CONSTRAINT "label_corrections_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "label_corrections" ADD CONSTRAINT "label_corrections_sent_by_users_id_fk" FOREIGN KEY ("sent_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "labels" ADD CONSTRAINT "labels_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "monitor_checks" ADD CONSTRAINT "monitor_checks_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "monitor_checks" ADD CONSTRAINT "monitor_checks_monitor_id_monitors_id_fk" FOREIGN KEY ("monitor_id") REFERENCES "public"."monitors"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "monitor_checks" ADD CONSTRAINT "monitor_checks_threshold_version_id_threshold_versions_id_fk" FOREIGN KEY ("threshold_version_id") REFERENCES "public"."threshold_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "monitor_checks" ADD CONSTRAINT "monitor_checks_model_version_id_model_versions_id_fk" FOREIGN KEY ("model_version_id") REFERENCES "public"."model_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "monitors" ADD CONSTRAINT "monitors_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "monitors" ADD CONSTRAINT "monitors_model_id_registered_models_id_fk" FOREIGN KEY ("model_id") REFERENCES "public"."registered_models"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "monitors" ADD CONSTRAINT "monitors_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "monitors" ADD CONSTRAINT "monitors_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "threshold_versions" ADD CONSTRAINT "threshold_versions_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "threshold_versions" ADD CONSTRAINT "threshold_versions_monitor_id_monitors_id_fk" FOREIGN KEY ("monitor_id") REFERENCES "public"."monitors"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "threshold_versions" ADD CONSTRAINT "threshold_versions_approval_id_approvals_id_fk" FOREIGN KEY ("approval_id") REFERENCES "public"."approvals"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "threshold_versions" ADD CONSTRAINT "threshold_versions_proposed_by_users_id_fk" FOREIGN KEY ("proposed_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_comments" ADD CONSTRAINT "review_comments_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_comments" ADD CONSTRAINT "review_comments_thread_id_review_threads_id_fk" FOREIGN KEY ("thread_id") REFERENCES "public"."review_threads"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_comments" ADD CONSTRAINT "review_comments_author_id_users_id_fk" FOREIGN KEY ("author_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_evidence" ADD CONSTRAINT "review_evidence_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_evidence" ADD CONSTRAINT "review_evidence_review_id_reviews_id_fk" FOREIGN KEY ("review_id") REFERENCES "public"."reviews"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_threads" ADD CONSTRAINT "review_threads_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_threads" ADD CONSTRAINT "review_threads_review_id_reviews_id_fk" FOREIGN KEY ("review_id") REFERENCES "public"."reviews"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_threads" ADD CONSTRAINT "review_threads_opened_by_users_id_fk" FOREIGN KEY ("opened_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_threads" ADD CONSTRAINT "review_threads_resolved_by_users_id_fk" FOREIGN KEY ("resolved_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_verdicts" ADD CONSTRAINT "review_verdicts_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_verdicts" ADD CONSTRAINT "review_verdicts_review_id_reviews_id_fk" FOREIGN KEY ("review_id") REFERENCES "public"."reviews"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_verdicts" ADD CONSTRAINT "review_verdicts_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reviews" ADD CONSTRAINT "reviews_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reviews" ADD CONSTRAINT "reviews_experiment_run_id_experiment_runs_id_fk" FOREIGN KEY ("experiment_run_id") REFERENCES "public"."experiment_runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reviews" ADD CONSTRAINT "reviews_model_version_id_model_versions_id_fk" FOREIGN KEY ("model_version_id") REFERENCES "public"."model_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reviews" ADD CONSTRAINT "reviews_base_version_id_model_versions_id_fk" FOREIGN KEY ("base_version_id") REFERENCES "public"."model_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reviews" ADD CONSTRAINT "reviews_opened_by_users_id_fk" FOREIGN KEY ("opened_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reviews" ADD CONSTRAINT "reviews_closed_by_users_id_fk" FOREIGN KEY ("closed_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "slices" ADD CONSTRAINT "slices_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "slices" ADD CONSTRAINT "slices_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "slices" ADD CONSTRAINT "slices_retired_by_users_id_fk" FOREIGN KEY ("retired_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "feature_view_versions_project_idx" ON "feature_view_versions" USING btree ("project_id");--> statement-breakpoint
CREATE INDEX "feature_views_dataset_idx" ON "feature_views" USING btree ("dataset_id");--> statement-breakpoint
CREATE UNIQUE INDEX "materializations_one_open" ON "materializations" USING btree ("view_version_id") WHERE "materializations"."state" in ('queued', 'copying');--> statement-breakpoint
CREATE INDEX "materializations_version_idx" ON "materializations" USING btree ("view_version_id","created_at");--> statement-breakpoint
CREATE INDEX "materializations_dataset_version_idx" ON "materializations" USING btree ("dataset_version_id");--> statement-breakpoint
CREATE INDEX "materializations_project_idx" ON "materializations" USING btree ("project_id");--> statement-breakpoint
CREATE INDEX "online_features_project_idx" ON "online_features" USING btree ("project_id");--> statement-breakpoint
CREATE INDEX "online_features_materialization_idx" ON "online_features" USING btree ("materialization_id");--> statement-breakpoint
CREATE INDEX "training_sets_project_idx" ON "training_sets" USING btree ("project_id");--> statement-breakpoint
CREATE INDEX "training_sets_view_version_idx" ON "training_sets" USING btree ("view_version_id");--> statement-breakpoint
CREATE INDEX "training_sets_dataset_version_idx" ON "training_sets" USING btree ("dataset_version_id");--> statement-breakpoint
CREATE INDEX "feedback_events_item_idx" ON "feedback_events" USING btree ("item_id","at");--> statement-breakpoint
CREATE INDEX "feedback_events_project_idx" ON "feedback_events" USING btree ("project_id");--> statement-breakpoint
CREATE UNIQUE INDEX "feedback_items_alert_key" ON "feedback_items" USING btree ("alert_id","kind") WHERE "feedback_items"."alert_id" is not null;--> statement-breakpoint
CREATE INDEX "feedback_items_open_idx" ON "feedback_items" USING btree ("project_id","due_at") WHERE "feedback_items"."state" in ('open', 'accepted');--> statement-breakpoint
CREATE INDEX "retraining_policies_project_idx" ON "retraining_policies" USING btree ("project_id");--> statement-breakpoint
CREATE INDEX "retraining_triggers_item_idx" ON "retraining_triggers" USING btree ("item_id");--> statement-breakpoint
CREATE INDEX "retraining_triggers_model_idx" ON "retraining_triggers" USING btree ("model_id","started_at");--> statement-breakpoint
CREATE INDEX "retraining_triggers_project_idx" ON "retraining_triggers" USING btree ("project_id");--> statement-breakpoint
CREATE INDEX "impact_reports_project_idx" ON "impact_reports" USING btree ("project_id","created_at");--> statement-breakpoint
CREATE INDEX "split_manifests_project_idx" ON "split_manifests" USING btree ("project_id","created_at");--> statement-breakpoint
CREATE INDEX "split_manifests_run_idx" ON "split_manifests" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "alert_events_alert_idx" ON "alert_events" USING btree ("alert_id","id");--> statement-breakpoint
CREATE INDEX "alert_events_project_idx" ON "alert_events" USING btree ("project_id");--> statement-breakpoint
CREATE UNIQUE INDEX "alerts_open_key" ON "alerts" USING btree ("monitor_id","metric") WHERE "alerts"."state" in ('pending', 'firing');--> statement-breakpoint
CREATE INDEX "alerts_model_idx" ON "alerts" USING btree ("model_id","environment");--> statement-breakpoint
CREATE INDEX "alerts_version_idx" ON "alerts" USING btree ("model_version_id");--> statement-breakpoint
CREATE INDEX "label_corrections_label_idx" ON "label_corrections" USING btree ("project_id","request_id","row");--> statement-breakpoint
CREATE INDEX "labels_event_time_idx" ON "labels" USING btree ("project_id","event_time");--> statement-breakpoint
CREATE INDEX "labels_changed_idx" ON "labels" USING btree ("project_id","changed_at");--> statement-breakpoint
CREATE INDEX "monitor_checks_project_idx" ON "monitor_checks" USING btree ("project_id","checked_at");--> statement-breakpoint
CREATE INDEX "monitor_checks_version_idx" ON "monitor_checks" USING btree ("model_version_id");--> statement-breakpoint
CREATE UNIQUE INDEX "monitors_subject_key" ON "monitors" USING btree ("model_id","environment","metric") WHERE "monitors"."state" <> 'deleted';--> statement-breakpoint
CREATE INDEX "prediction_failures_model_time_idx" ON "prediction_failures" USING btree ("model_id","environment","event_time");--> statement-breakpoint
CREATE INDEX "prediction_failures_project_idx" ON "prediction_failures" USING btree ("project_id","received_at");--> statement-breakpoint
CREATE UNIQUE INDEX "threshold_versions_active_key" ON "threshold_versions" USING btree ("monitor_id") WHERE "threshold_versions"."state" = 'active';--> statement-breakpoint
CREATE UNIQUE INDEX "threshold_versions_proposed_key" ON "threshold_versions" USING btree ("monitor_id") WHERE "threshold_versions"."state" = 'proposed';--> statement-breakpoint
CREATE INDEX "threshold_versions_project_idx" ON "threshold_versions" USING btree ("project_id");--> statement-breakpoint
CREATE INDEX "review_comments_thread_idx" ON "review_comments" USING btree ("thread_id");--> statement-breakpoint
CREATE INDEX "review_comments_project_idx" ON "review_comments" USING btree ("project_id");--> statement-breakpoint
CREATE INDEX "review_evidence_project_idx" ON "review_evidence" USING btree ("project_id");--> statement-breakpoint
CREATE INDEX "review_threads_review_idx" ON "review_threads" USING btree ("review_id");--> statement-breakpoint
CREATE INDEX "review_threads_project_idx" ON "review_threads" USING btree ("project_id");--> statement-breakpoint
CREATE UNIQUE INDEX "review_verdicts_standing_key" ON "review_verdicts" USING btree ("review_id","user_id","as_role") WHERE "review_verdicts"."replaced_at" is null;--> statement-breakpoint
CREATE INDEX "review_verdicts_review_idx" ON "review_verdicts" USING btree ("review_id");--> statement-breakpoint
CREATE INDEX "review_verdicts_project_idx" ON "review_verdicts" USING btree ("project_id");--> statement-breakpoint
CREATE UNIQUE INDEX "reviews_open_version_key" ON "reviews" USING btree ("model_version_id") WHERE "reviews"."state" = 'open';--> statement-breakpoint
CREATE UNIQUE INDEX "reviews_open_run_key" ON "reviews" USING btree ("experiment_run_id") WHERE "reviews"."state" = 'open';--> statement-breakpoint
CREATE INDEX "reviews_project_idx" ON "reviews" USING btree ("project_id","state");--> statement-breakpoint
CREATE INDEX "reviews_base_idx" ON "reviews" USING btree ("base_version_id");--> statement-breakpoint
CREATE UNIQUE INDEX "slices_name_key" ON "slices" USING btree ("project_id","name") WHERE "slices"."retired_at" is null;--> statement-breakpoint
CREATE INDEX "slices_project_idx" ON "slices" USING btree ("project_id");--> statement-breakpoint
CREATE INDEX "lineage_edges_downstream_idx" ON "lineage_edges" USING btree ("project_id","from_id","to_id");--> statement-breakpoint
CREATE INDEX "lineage_edges_upstream_idx" ON "lineage_edges" USING btree ("project_id","to_id","from_id");