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
DROP INDEX "lineage_edges_to_idx";--> statement-breakpoint
DROP INDEX "lineage_edges_project_idx";--> statement-breakpoint
ALTER TABLE "impact_reports" ADD CONSTRAINT "impact_reports_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "impact_reports" ADD CONSTRAINT "impact_reports_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "impact_reports_project_idx" ON "impact_reports" USING btree ("project_id","created_at");--> statement-breakpoint
CREATE INDEX "lineage_edges_downstream_idx" ON "lineage_edges" USING btree ("project_id","from_id","to_id");--> statement-breakpoint
CREATE INDEX "lineage_edges_upstream_idx" ON "lineage_edges" USING btree ("project_id","to_id","from_id");