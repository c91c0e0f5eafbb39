ALTER TABLE "logged_models" ADD COLUMN "metrics" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "logged_models" ADD COLUMN "deleted_ms" bigint;--> statement-breakpoint
ALTER TABLE "run_inputs" ADD COLUMN "tags" jsonb DEFAULT '{}'::jsonb NOT NULL;