export type SearchEntity = "attribute" | "metric" | "param" | "tag" | "dataset";

export type Comparator =
  | ">"
  | ">="
  | "="
  | "!="
  | "<"
  | "<="
  | "LIKE"
  | "ILIKE"
  | "IN"
  | "NOT IN"
  | "IS NULL"
  | "IS NOT NULL";

export const NUMERIC_COMPARATORS: readonly Comparator[] = [">", ">=", "=", "!=", "<", "<="];
export const TEXT_COMPARATORS: readonly Comparator[] = ["=", "!=", "LIKE", "ILIKE"];
export const LIST_COMPARATORS: readonly Comparator[] = ["IN", "NOT IN"];
export const NULL_COMPARATORS: readonly Comparator[] = ["IS NULL", "IS NOT NULL"];

/** One condition of a filter; conditions are joined by AND. `value` is null for the two null comparators. */
export type Clause = {
  readonly entity: SearchEntity;
  readonly key: string;
  readonly comparator: Comparator;
  readonly value: string | number | readonly string[] | null;
};

export type Order = { readonly entity: SearchEntity; readonly key: string; readonly isAscending: boolean };

export type AttributeKind = "text" | "number" | "list";

/** What a search may name. `list` attributes take IN beside what text takes. */
export type SearchTarget = {
  readonly attributes: Readonly<Record<string, AttributeKind>>;
  /** Other spellings of an attribute, as clients and people write them. */
  readonly aliases: Readonly<Record<string, string>>;
  readonly entities: readonly SearchEntity[];
  readonly orderings: readonly string[];
};

export const RUN_TARGET: SearchTarget = {
  attributes: {
    run_id: "list",
    run_name: "text",
    status: "text",
    user_id: "text",
    artifact_uri: "text",
    start_time: "number",
    end_time: "number",
  },
  aliases: {
    "run name": "run_name",
    "Run name": "run_name",
    "Run Name": "run_name",
    created: "start_time",
    Created: "start_time",
  },
  entities: ["attribute", "metric", "param", "tag", "dataset"],
  orderings: ["run_id", "run_name", "status", "user_id", "artifact_uri", "start_time", "end_time"],
};

export const EXPERIMENT_TARGET: SearchTarget = {
  attributes: { name: "text", creation_time: "number", last_update_time: "number" },
  aliases: {},
  entities: ["attribute", "tag"],
  orderings: ["name", "experiment_id", "creation_time", "last_update_time"],
};

export const LOGGED_MODEL_TARGET: SearchTarget = {
  attributes: {
    name: "list",
    model_id: "list",
    model_type: "list",
    status: "list",
    source_run_id: "list",
    experiment_id: "list",
    creation_timestamp: "number",
    last_updated_timestamp: "number",
  },
  aliases: { creation_time: "creation_timestamp", last_updated_time: "last_updated_timestamp" },
  entities: ["attribute", "metric", "param", "tag"],
  orderings: [
    "name",
    "model_id",
    "model_type",
    "status",
    "source_run_id",
    "experiment_id",
    "creation_timestamp",
    "creation_time",
    "last_updated_timestamp",
    "last_updated_time",
  ],
};

export const REGISTERED_MODEL_TARGET: SearchTarget = {
  attributes: { name: "text" },
  aliases: {},
  entities: ["attribute", "tag"],
  orderings: ["name", "timestamp", "last_updated_timestamp"],
};

export const MODEL_VERSION_TARGET: SearchTarget = {
  attributes: { name: "list", run_id: "list", source_path: "text", version_number: "number" },
  aliases: {},
  entities: ["attribute", "tag"],
  orderings: ["name", "version_number", "creation_timestamp", "last_updated_timestamp"],
};
