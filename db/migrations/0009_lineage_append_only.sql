-- What was known to depend on something, and how rows were split, is written once.
CREATE TRIGGER impact_reports_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON impact_reports FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER split_manifests_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON split_manifests FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
