/** What is known of one feature of one entity at an instant. */
export const ONLINE_STATUSES = ["PRESENT", "NULL_VALUE", "NOT_FOUND", "OUTSIDE_MAX_AGE"] as const;
export type OnlineStatus = (typeof ONLINE_STATUSES)[number];

export type OnlineCell = string | number | boolean | null;
export type OnlineRow = { readonly eventTime: Date; readonly values: Readonly<Record<string, OnlineCell>> };
export type OnlineValue = { readonly value: OnlineCell; readonly status: OnlineStatus };

type Question = {
  readonly asOf: Date;
  /** 0: no limit. */
  readonly timeToLiveSeconds: number;
  readonly includeStale: boolean;
};

/**
 * One feature of an online row as of an instant, by the rules of the point-in-time join: a row counts from its event
 * time on and until its time to live is over, both ends inclusive. The online table keeps the newest row only, so
 * before that row's event time nothing is known (NOT_FOUND); the offline join reaches further back.
 */
export function onlineValue(row: OnlineRow | null, feature: string, question: Question): OnlineValue {
  const { asOf, timeToLiveSeconds, includeStale } = question;
  if (!row || row.eventTime > asOf) return { value: null, status: "NOT_FOUND" };
  const value = row.values[feature] ?? null;
  const age = asOf.getTime() - row.eventTime.getTime();
  if (timeToLiveSeconds > 0 && age > timeToLiveSeconds * 1_000)
    return { value: includeStale ? value : null, status: "OUTSIDE_MAX_AGE" };
  return { value, status: value === null ? "NULL_VALUE" : "PRESENT" };
}
