export type RequirementProblem = { readonly line: number; readonly reason: string };
export type Requirements = {
  /** Pinned packages in the order of the file, as written, without comments. */
  readonly pins: readonly string[];
  readonly problems: readonly RequirementProblem[];
};

export const LARGEST_REQUIREMENTS = { bytes: 64 * 1024, lines: 500 } as const;

/** PEP 508 name, optional extras, `==` and one PEP 440 version without wildcard, optional marker. */
const PIN =
  /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?\s*(?:\[\s*[A-Za-z0-9._-]+(?:\s*,\s*[A-Za-z0-9._-]+)*\s*\])?\s*==\s*[0-9][0-9A-Za-z.!+_-]*\s*(?:;\s*(?<marker>.+))?$/;
const MARKER = /^[A-Za-z0-9_.\s'"<>=!~()-]+$/;

/**
 * Reads a requirements.txt of which only pinned names are taken (`name==version`, extras, markers): what is
 * built must be the same next year, and nothing may be fetched from an address that a file names.
 */
export function parseRequirements(text: string): Requirements {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
  if (lines.length > LARGEST_REQUIREMENTS.lines || text.length > LARGEST_REQUIREMENTS.bytes) {
    return {
      pins: [],
      problems: [
        {
          line: 1,
          reason: `The file is longer than ${LARGEST_REQUIREMENTS.lines} lines or ${LARGEST_REQUIREMENTS.bytes / 1024} KB.`,
        },
      ],
    };
  }
  const read = lines
    .map((raw, index) => ({ line: index + 1, text: raw.replace(/(^|\s)#.*$/, "").trim() }))
    .filter((entry) => entry.text !== "");
  const problems = read.flatMap(({ line, text: entry }) => {
    const reason = objectionTo(entry);
    return reason ? [{ line, reason }] : [];
  });
  const seen = new Map<string, number>();
  for (const { line, text: entry } of read) {
    const name = nameOf(entry);
    const earlier = seen.get(name);
    if (earlier !== undefined && !entry.includes(";"))
      problems.push({ line, reason: `${name} stands in line ${earlier} already.` });
    seen.set(name, earlier ?? line);
  }
  return { pins: read.map((entry) => entry.text), problems: problems.sort((a, b) => a.line - b.line) };
}

/** The name as PEP 503 compares names. */
function nameOf(entry: string): string {
  return (/^[A-Za-z0-9._-]+/.exec(entry)?.[0] ?? entry).toLowerCase().replace(/[._-]+/g, "-");
}

function objectionTo(entry: string): string | null {
  if (entry.startsWith("-"))
    return `Options are not taken (${entry.split(/[\s=]/, 1)[0]}); write pinned names only, such as pandas==3.1.1.`;
  if (/:\/\/|\s@\s|^[./~]|^file:|^git\+/.test(entry))
    return "Addresses and paths are not taken; write pinned names only, such as pandas==3.1.1.";
  if (/\s--?\w/.test(entry)) return "Options after a name are not taken.";
  if (entry.endsWith("\\")) return "A line cannot be continued on the next one.";
  if (/==[^;]*\*/.test(entry)) return "A version with * is no pin; write the exact version.";
  const match = PIN.exec(entry);
  if (!match)
    return /^[A-Za-z0-9._-]+\s*(\[[^\]]*\])?\s*($|;|[<>~!]|===)/.test(entry)
      ? `${nameOf(entry)} is not pinned; write ${nameOf(entry)}==<version>.`
      : "This is not a pinned name such as pandas==3.1.1.";
  const marker = match.groups?.marker;
  return marker !== undefined && !MARKER.test(marker)
    ? "The marker after the semicolon has characters that a marker cannot have."
    : null;
}
