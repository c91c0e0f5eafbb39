-- What people signed, and what a model was trained on, is never changed.
CREATE TRIGGER feature_view_versions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON feature_view_versions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER training_sets_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON training_sets FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
-- What was known to depend on something, and how rows were split, is written once.
CREATE TRIGGER impact_reports_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON impact_reports FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER split_manifests_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON split_manifests FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
-- The timeline of an item and the versions of a retraining policy are added to, never changed or removed.
CREATE TRIGGER feedback_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON feedback_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER retraining_policies_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON retraining_policies FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
-- Values that came after a label's first one, and the timeline of an alert, are added to, never changed or removed.
CREATE TRIGGER label_corrections_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON label_corrections FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER alert_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON alert_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
