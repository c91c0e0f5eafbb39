/** "1,461", "48.4": as many digits as the number has, four after the point at most. */
export function formatCount(value: number): string {
  return Number.isFinite(value)
    ? signed(value.toLocaleString("en-GB", { maximumFractionDigits: 4 }))
    : formatOdd(value);
}

/** A fixed number of digits after the point, with a true minus sign. */
export function formatNumber(value: number, digits: number): string {
  if (!Number.isFinite(value)) return formatOdd(value);
  return signed(value.toLocaleString("en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits }));
}

/** A metric of unknown size: three digits after the point near one, powers of ten far from it. */
export function formatMetric(value: number): string {
  if (!Number.isFinite(value)) return formatOdd(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.001 || size >= 1e7)) return signed(value.toExponential(2));
  if (size >= 100) return formatNumber(value, Number.isInteger(value) ? 0 : 1);
  return Number.isInteger(value) ? formatNumber(value, 0) : formatNumber(value, 3);
}

/** A share in [0, 1] as "79.6 %". */
export function formatShare(share: number, digits = 1): string {
  return `${formatNumber(share * 100, digits)} %`;
}

/** "11 KB", "4.2 MB". */
export function formatBytes(bytes: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${size.toLocaleString("en-GB", { maximumFractionDigits: size < 10 && unit > 0 ? 1 : 0 })} ${units[unit]}`;
}

/** "0.4 s", "41 s", "3 min 12 s", "2 h 5 min", "9 d 4 h". */
export function formatDuration(ms: number): string {
  const exact = Math.max(0, ms) / 1000;
  const seconds = exact < 10 ? exact : Math.round(exact);
  if (seconds < 10) return `${seconds.toLocaleString("en-GB", { maximumFractionDigits: 1 })} s`;
  if (seconds < 60) return `${seconds} s`;
  const parts: readonly (readonly [number, string, number, string])[] = [
    [86_400, "d", 3_600, "h"],
    [3_600, "h", 60, "min"],
    [60, "min", 1, "s"],
  ];
  for (const [size, name, nextSize, nextName] of parts) {
    if (seconds < size) continue;
    const whole = Math.floor(seconds / size);
    const rest = Math.floor((seconds - whole * size) / nextSize);
    return rest > 0 ? `${whole} ${name} ${rest} ${nextName}` : `${whole} ${name}`;
  }
  return `${seconds} s`;
}

/** "just now", "3 min ago", "2 h ago", "5 d ago", "in 3 d"; beyond thirty days the date. */
export function formatRelative(at: Date, now: Date): string {
  const seconds = (now.getTime() - at.getTime()) / 1000;
  const size = Math.abs(seconds);
  if (size < 45) return seconds < -5 ? "in a moment" : "just now";
  if (size > 30 * 86_400) return formatDay(at);
  const text =
    size < 3_570
      ? `${Math.round(size / 60)} min`
      : size < 86_400
        ? `${Math.round(size / 3_600)} h`
        : `${Math.round(size / 86_400)} d`;
  return seconds > 0 ? `${text} ago` : `in ${text}`;
}

/** "12 Mar 2026". */
export function formatDay(at: Date, timeZone?: string): string {
  return at.toLocaleDateString("en-GB", {
    day: "numeric",
    month: "short",
    year: "numeric",
    ...(timeZone && { timeZone }),
  });
}

/** "12 Mar 2026, 08:13:04 CET". */
export function formatInstant(at: Date, timeZone?: string): string {
  return at.toLocaleString("en-GB", {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "short",
    ...(timeZone && { timeZone }),
  });
}

const WORDS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

/** "Two things", "one model": small numbers as words, for sentences. */
export function countInWords(count: number, noun: string, plural = `${noun}s`): string {
  return `${WORDS[count] ?? count.toLocaleString("en-GB")} ${count === 1 ? noun : plural}`;
}

/** The first letter of a sentence. */
export function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** "1 run", "3 runs". */
export function countOf(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString("en-GB")} ${count === 1 ? noun : plural}`;
}

function signed(text: string): string {
  return text.replace("-", "−");
}

function formatOdd(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  return value > 0 ? "∞" : "−∞";
}
