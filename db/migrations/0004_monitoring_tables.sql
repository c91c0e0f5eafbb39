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
CREATE INDEX "threshold_versions_project_idx" ON "threshold_versions" USING btree ("project_id");