import { type JoinFigures, SOURCE_ROWS, SPINE_ROWS, timeJoin } from "@/server/testing/point-in-time";

export const JOIN_AIM = { ratio: 1.5 } as const;

/** The point-in-time join as a step makes it, Parquet to Parquet, against the bare DuckDB query on the same files. */
export function benchJoin(): Promise<JoinFigures> {
  return timeJoin();
}

/** The figures as one line. */
export function joinLine({ seconds, bareSeconds, ratio, rows, unmatchedRows }: JoinFigures): string {
  const kept = rows === SPINE_ROWS ? "all rows kept" : `${rows} of ${SPINE_ROWS} ROWS KEPT`;
  return `point-in-time join, ${SPINE_ROWS.toLocaleString("en")} x ${SOURCE_ROWS.toLocaleString("en")} rows: ${seconds.toFixed(2)} s, bare DuckDB query ${bareSeconds.toFixed(2)} s, ratio ${ratio.toFixed(2)} (aim ${JOIN_AIM.ratio}), ${kept}, ${unmatchedRows.toLocaleString("en")} without a value`;
}
