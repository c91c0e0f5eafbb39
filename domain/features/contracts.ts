import { z } from "zod";
import { PROCESS_ROLES } from "../identity/roles";

const digest = z.string().regex(/^[0-9a-f]{64}$/, "A digest is 64 hexadecimal digits.");
const comment = z.string().trim().max(4_000);
const columnName = z.string().min(1, "Name a column.").max(128);
const viewName = z
  .string()
  .trim()
  .regex(
    /^[a-z][a-z0-9_]{0,62}$/,
    "A view's name starts with a small letter and has small letters, digits and underscores.",
  );
const featureName = z
  .string()
  .trim()
  .regex(
    /^[A-Za-z_][A-Za-z0-9_]{0,62}$/,
    "A feature's name starts with a letter or underscore, then letters, digits and underscores.",
  );

/** A century: longer lives are no limit. */
export const LONGEST_TIME_TO_LIVE_SECONDS = 100 * 366 * 86_400;

const described = {
  entityColumns: z.array(columnName).min(1, "Name at least one entity column.").max(8),
  eventTimeColumn: columnName,
  createdTimeColumn: columnName.nullable().default(null),
  columns: z
    .array(
      z.strictObject({
        name: featureName,
        expression: z.string().trim().min(1, "Write an expression, such as temp_max.").max(2_000),
      }),
    )
    .min(1, "A view has at least one column.")
    .max(200),
  timeToLiveSeconds: z.number().int().min(0).max(LONGEST_TIME_TO_LIVE_SECONDS).default(0),
  description: z.string().trim().max(2_000).default(""),
};

export const createViewInput = z.object({
  name: viewName,
  dataset: z.string().min(1, "Choose a dataset."),
  ...described,
});
export type CreateView = z.infer<typeof createViewInput>;

/** `basedOn` is the version that the person was looking at: where another is newest by now, nothing is saved. */
export const changeViewInput = z.object({ viewId: z.uuid(), basedOn: z.number().int().positive(), ...described });
export type ChangeView = z.infer<typeof changeViewInput>;

/** Digest and policy version are what the person was shown; if they are not current, nothing is signed. */
const shown = {
  viewVersionId: z.uuid(),
  asRole: z.enum(PROCESS_ROLES),
  evidenceDigest: digest,
  policyVersion: z.string().min(1).max(80),
};
export const signViewInput = z.object({
  ...shown,
  meaning: z.string().trim().min(1, "Say what your signature means.").max(300),
  comment: comment.default(""),
});
export type SignView = z.infer<typeof signViewInput>;
export const returnViewInput = z.object({ ...shown, comment: comment.min(1, "Reasons are needed.") });
export type ReturnView = z.infer<typeof returnViewInput>;

export const viewRef = z.object({ viewId: z.uuid() });
export const viewByName = z.object({ name: z.string().min(1).max(63) });
export const viewVersionRef = z.object({ viewVersionId: z.uuid() });
export type ViewVersionRef = z.infer<typeof viewVersionRef>;

const scalar = z.union([z.string().max(1_000), z.number(), z.boolean()]);

export const LARGEST_LOOKUP = 1_000;

/** A read of online values. `asOf` is data, as an event time is: the age of a value is measured against it. */
export const lookupInput = z.object({
  /** `daily_weather`, or `daily_weather@2` for one version. */
  view: z.string().min(1).max(80),
  entities: z.array(z.record(z.string(), scalar)).min(1).max(LARGEST_LOOKUP),
  /** Left out: all features of the view. */
  features: z.array(featureName).min(1).max(200).optional(),
  asOf: z.iso.datetime({ offset: true }).optional(),
  /** Whether a value outside of its time to live is returned all the same, beside its status. */
  includeStale: z.boolean().default(false),
});
export type Lookup = z.infer<typeof lookupInput>;
