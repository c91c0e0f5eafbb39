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
CREATE INDEX "training_sets_dataset_version_idx" ON "training_sets" USING btree ("dataset_version_id");