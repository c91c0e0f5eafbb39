-- Values that came after a label's first one, and the timeline of an alert, are added to, never changed or removed.
CREATE TRIGGER label_corrections_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON label_corrections FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER alert_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON alert_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
