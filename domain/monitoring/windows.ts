/** A span of event time, its end excluded. */
export type Window = { readonly start: Date; readonly end: Date };

const DAY_MS = 86_400_000;

/** The calendar quarter, in UTC, in which an instant lies. */
export function quarterOf(at: Date): Window {
  const month = Math.floor(at.getUTCMonth() / 3) * 3;
  return {
    start: new Date(Date.UTC(at.getUTCFullYear(), month, 1)),
    end: new Date(Date.UTC(at.getUTCFullYear(), month + 3, 1)),
  };
}

/** "2013 Q4". */
export function windowName(start: Date): string {
  return `${start.getUTCFullYear()} Q${Math.floor(start.getUTCMonth() / 3) + 1}`;
}

/** Months of a window as numbers from 1 to 12. */
export function monthsOf({ start }: Window): readonly number[] {
  const first = start.getUTCMonth() + 1;
  return [first, first + 1, first + 2];
}

/** Of the quarters that begin at these instants, those whose end lies at or before the as-of. */
export function closedQuarters(starts: readonly Date[], asOf: Date): readonly Window[] {
  return starts.map(quarterOf).filter((window) => window.end <= asOf);
}

/** From when on a window's labels count as complete: its end and the delay with which labels come. */
export function labelsDueAt({ end }: Window, labelDelayDays: number): Date {
  return new Date(end.getTime() + labelDelayDays * DAY_MS);
}
