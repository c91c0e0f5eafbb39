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
ALTER TABLE "split_manifests" ADD CONSTRAINT "split_manifests_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "split_manifests" ADD CONSTRAINT "split_manifests_run_id_pipeline_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."pipeline_runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "split_manifests" ADD CONSTRAINT "split_manifests_training_set_id_training_sets_id_fk" FOREIGN KEY ("training_set_id") REFERENCES "public"."training_sets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "split_manifests_project_idx" ON "split_manifests" USING btree ("project_id","created_at");--> statement-breakpoint
CREATE INDEX "split_manifests_run_idx" ON "split_manifests" USING btree ("run_id");