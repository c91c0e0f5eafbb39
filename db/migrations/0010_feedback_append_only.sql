-- The timeline of an item and the versions of a retraining policy are added to, never changed or removed.
CREATE TRIGGER feedback_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON feedback_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER retraining_policies_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON retraining_policies FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
