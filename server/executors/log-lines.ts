import { StringDecoder } from "node:string_decoder";

export const MASK = "********";
const LONGEST_LINE = 64 * 1024;
/** A shorter secret would blot out ordinary text. */
const SHORTEST_SECRET = 4;

/**
 * Turns bytes into whole lines with secrets masked, also where a secret is split between chunks.
 * A lone carriage return (a progress bar) ends a line; NUL, which Postgres cannot store, becomes U+FFFD.
 */
export function createLogLines(secrets: readonly string[], emit: (text: string) => void) {
  const decoder = new StringDecoder("utf8");
  const mask = createMask(secrets);
  let line = "";
  let lastLine = "";

  function take(text: string): void {
    line += text.replaceAll("\0", "\uFFFD");
    // A carriage return at the very end may be half of a line end.
    const end = Math.max(line.lastIndexOf("\n"), line.slice(0, -1).lastIndexOf("\r")) + 1;
    const cut = end > 0 ? end : line.length > LONGEST_LINE ? line.length : 0;
    if (cut > 0) {
      send(line.slice(0, cut));
      line = line.slice(cut);
    }
  }

  function send(text: string): void {
    const lines = text.replaceAll("\r\n", "\n").replaceAll("\r", "\n");
    const whole = lines.endsWith("\n") ? lines : `${lines}\n`;
    lastLine = whole.trimEnd().split("\n").at(-1) || lastLine;
    emit(whole);
  }

  return {
    write: (chunk: Uint8Array) => take(mask.push(decoder.write(Buffer.from(chunk)))),
    end(): void {
      take(mask.push(decoder.end()) + mask.rest());
      if (line !== "") send(line);
      line = "";
    },
    /** The last line that was not blank: for a failed program mostly its error. */
    lastLine: () => lastLine,
  };
}

/** Masks secrets in a text that comes in pieces; what may be the beginning of a secret is held back. */
export function createMask(secrets: readonly string[]) {
  const words = [...new Set(secrets)]
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .sort((a, b) => b.length - a.length);
  const longest = words[0]?.length ?? 0;
  const pattern =
    words.length > 0
      ? new RegExp(words.map((word) => word.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")).join("|"), "g")
      : null;
  let held = "";

  /** Where a secret may begin that the next piece completes; -1 where none can. */
  function openingAt(text: string, from: number, before: number): number {
    for (let at = Math.max(from, text.length - longest + 1); at <= before && at < text.length; at += 1) {
      const rest = text.slice(at);
      if (words.some((word) => word.length > rest.length && word.startsWith(rest))) return at;
    }
    return -1;
  }

  function push(piece: string): string {
    if (!pattern) return piece;
    const text = held + piece;
    let masked = "";
    let position = 0;
    for (;;) {
      pattern.lastIndex = position;
      const match = pattern.exec(text);
      const opening = openingAt(text, position, match ? match.index : text.length);
      if (opening >= 0 || !match) {
        const end = opening >= 0 ? opening : text.length;
        held = text.slice(end);
        return masked + text.slice(position, end);
      }
      masked += text.slice(position, match.index) + MASK;
      position = match.index + match[0].length;
    }
  }

  return {
    push,
    /** What was held back, at the end of the text. */
    rest(): string {
      const rest = pattern ? held.replace(pattern, MASK) : held;
      held = "";
      return rest;
    },
  };
}
