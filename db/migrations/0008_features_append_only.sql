-- What people signed, and what a model was trained on, is never changed.
CREATE TRIGGER feature_view_versions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON feature_view_versions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER training_sets_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON training_sets FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
