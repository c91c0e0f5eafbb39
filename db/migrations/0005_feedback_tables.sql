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
CREATE INDEX "feedback_events_item_idx" ON "feedback_events" USING btree ("item_id","at");--> statement-breakpoint
CREATE INDEX "feedback_events_project_idx" ON "feedback_events" USING btree ("project_id");--> statement-breakpoint
CREATE UNIQUE INDEX "feedback_items_alert_key" ON "feedback_items" USING btree ("alert_id","kind") WHERE "feedback_items"."alert_id" is not null;--> statement-breakpoint
CREATE INDEX "feedback_items_open_idx" ON "feedback_items" USING btree ("project_id","due_at") WHERE "feedback_items"."state" in ('open', 'accepted');--> statement-breakpoint
CREATE INDEX "retraining_policies_project_idx" ON "retraining_policies" USING btree ("project_id");--> statement-breakpoint
CREATE INDEX "retraining_triggers_item_idx" ON "retraining_triggers" USING btree ("item_id");--> statement-breakpoint
CREATE INDEX "retraining_triggers_model_idx" ON "retraining_triggers" USING btree ("model_id","started_at");--> statement-breakpoint
CREATE INDEX "retraining_triggers_project_idx" ON "retraining_triggers" USING btree ("project_id");