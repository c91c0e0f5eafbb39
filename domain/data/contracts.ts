import { z } from "zod";
import { COLUMN_TYPES } from "./types";

/** Delimiters that an import understands. */
export const DELIMITERS = [",", ";", "\t", "|"] as const;

export const LARGEST_CHECK_SET = 100;
const expression = z.string().trim().min(1).max(2_000);
const columnName = z.string().min(1).max(128);
/** Names that the import itself adds; names from a CSV header may be anything. */
const addedName = z
  .string()
  .regex(
    /^[A-Za-z_][A-Za-z0-9_]{0,62}$/,
    "A column name starts with a letter or underscore, then letters, digits and underscores.",
  );

/**
 * How a CSV file becomes a table. The canonical JSON of the parsed value, defaults included, is part of
 * the version's digest, so the same bytes with the same options are the same version.
 */
export const importOptionsSchema = z.strictObject({
  delimiter: z.enum(DELIMITERS).default(","),
  /** Whether the first record names the columns; without, they are `column_1`, `column_2` … */
  header: z.boolean().default(true),
  /** Text that means "missing", beside the empty field. */
  nullText: z.string().max(64).default(""),
  /** Columns that hold one value in every row. */
  constants: z.record(addedName, z.union([z.string().max(256), z.number(), z.boolean()])).default({}),
  /** Columns computed per row by a DuckDB expression over the file's columns and the constants. */
  derived: z.record(addedName, expression).default({}),
  /** Types that are demanded rather than found. */
  types: z.record(columnName, z.enum(COLUMN_TYPES)).default({}),
  /** A DuckDB condition over all columns: rows where it does not hold are left out. */
  filter: expression.nullable().default(null),
});
export type ImportOptions = z.infer<typeof importOptionsSchema>;
export type ImportOptionsInput = z.input<typeof importOptionsSchema>;

const datasetName = z
  .string()
  .trim()
  .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, "A name has 1 to 63 lower-case letters, digits, dots, dashes and underscores.");

export const createDatasetInput = z.object({
  name: datasetName,
  description: z.string().trim().max(2_000).default(""),
  source: z.string().trim().max(500).default(""),
  licence: z.string().trim().max(500).default(""),
  isHoldout: z.boolean().default(false),
});
export type CreateDataset = z.infer<typeof createDatasetInput>;

export const checkSpecSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("not_null"), column: columnName }),
  z.strictObject({ kind: z.literal("unique"), columns: z.array(columnName).min(1).max(16) }),
  z
    .strictObject({
      kind: z.literal("range"),
      column: columnName,
      min: z.number().nullable(),
      max: z.number().nullable(),
    })
    .refine((range) => range.min !== null || range.max !== null, "A range needs a least or a greatest value.")
    .refine(
      (range) => range.min === null || range.max === null || range.min <= range.max,
      "The least value is above the greatest.",
    ),
  z.strictObject({
    kind: z.literal("allowed_values"),
    column: columnName,
    values: z.array(z.string().max(256)).min(1).max(200),
  }),
  z.strictObject({
    kind: z.literal("gap_free_dates"),
    column: columnName,
    largestGapDays: z.number().int().min(1).max(3_660),
  }),
]);

export const datasetRef = z.object({ datasetId: z.uuid() });
export const datasetVersionRef = z.object({ datasetVersionId: z.uuid() });
export const saveChecksInput = z.object({
  datasetId: z.uuid(),
  checks: z.array(checkSpecSchema).max(LARGEST_CHECK_SET),
});
export type SaveChecks = z.infer<typeof saveChecksInput>;
export const previewInput = z.object({
  datasetVersionId: z.uuid(),
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(100).default(50),
});
export type Preview = z.infer<typeof previewInput>;
