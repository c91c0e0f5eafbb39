import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from "yaml";

export type Path = readonly (string | number)[];

/** One thing that is wrong with a definition. `line` and `column` count from 1. */
export type DefinitionProblem = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Where in the definition: `steps.train.timeout`; empty for the text as a whole. */
  readonly path: string;
  readonly reason: string;
};

export type DefinitionDocument = {
  /** The text as plain values; undefined where it is no YAML. */
  readonly value: unknown;
  readonly syntaxProblems: readonly DefinitionProblem[];
  /** A problem at a path: at its key where `atKey`, else at its value, else at the nearest part that is there. */
  readonly problem: (path: Path, reason: string, atKey?: boolean) => DefinitionProblem;
};

const LARGEST_TEXT = 512 * 1024;

/** Reads YAML and keeps where each part stands, so that a problem can name line and column. Anchors and aliases are refused. */
export function readDefinitionDocument(text: string, file: string): DefinitionDocument {
  const counter = new LineCounter();
  if (text.length > LARGEST_TEXT) {
    const problem = {
      file,
      line: 1,
      column: 1,
      path: "",
      reason: `The definition is longer than ${LARGEST_TEXT} characters.`,
    };
    return { value: undefined, syntaxProblems: [problem], problem: () => problem };
  }
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, version: "1.2", uniqueKeys: true });
  const at = (offset: number, path: Path, reason: string): DefinitionProblem => {
    const { line, col } = counter.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col), path: path.join("."), reason };
  };
  const syntaxProblems = document.errors.map((error) => at(error.pos[0], [], sentenceOf(error.code, error.message)));
  return {
    value:
      syntaxProblems.length > 0
        ? undefined
        : plainValueOf(document, (reason) => syntaxProblems.push(at(0, [], reason))),
    syntaxProblems,
    problem: (path, reason, atKey = false) => at(offsetOf(document, path, atKey), path, reason),
  };
}

function plainValueOf(document: Document.Parsed, refuse: (reason: string) => void): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch (error) {
    refuse(
      error instanceof ReferenceError
        ? "Anchors and aliases are not allowed in a definition."
        : "The text is not readable as YAML.",
    );
    return undefined;
  }
}

function sentenceOf(code: string, message: string): string {
  if (code === "DUPLICATE_KEY") return "This key stands here a second time.";
  if (code === "TAB_AS_INDENT") return "A tab indents this line; YAML takes spaces.";
  return message;
}

function offsetOf(document: Document.Parsed, path: Path, atKey: boolean): number {
  if (atKey) {
    const offset = keyOffset(document, path);
    if (offset !== null) return offset;
  }
  const node = path.length > 0 ? document.getIn(path, true) : null;
  if (isNode(node) && node.range) return node.range[0];
  for (let length = path.length - 1; length > 0; length--) {
    const offset = keyOffset(document, path.slice(0, length));
    if (offset !== null) return offset;
  }
  return document.contents?.range?.[0] ?? 0;
}

/** Where the key of a map's entry stands; null where the last part of the path is not a key. */
function keyOffset(document: Document.Parsed, path: Path): number | null {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(parent)) return null;
  const last = path.at(-1);
  const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === last);
  return isScalar(pair?.key) && pair.key.range ? pair.key.range[0] : null;
}
