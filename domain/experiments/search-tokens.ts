import { AppError } from "../errors";

/** The one error of the search language: a filter or an order that cannot be read. */
export class SearchSyntaxError extends AppError {
  constructor(message: string) {
    super("invalid_input", "search_syntax", message);
  }
}

export type Token =
  | { readonly kind: "word"; readonly text: string }
  /** `tags."mlflow.source"`: the part before the dot, and what stood in quotes. */
  | { readonly kind: "path"; readonly entity: string; readonly key: string }
  | { readonly kind: "quoted"; readonly text: string; readonly quote: "'" | '"' | "`" }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "operator"; readonly text: string }
  | { readonly kind: "mark"; readonly text: "(" | ")" | "," };

const MAX_LENGTH = 20_000;
const SPACE = /\s+/y;
const NUMBER = /[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?(?![\w.])/y;
const OPERATOR = /!=|<>|>=|<=|=|>|</y;
const WORD = /[\p{L}_][\p{L}\p{N}_\-./]*/uy;
const QUOTED = /'((?:[^'\\]|\\.|'')*)'|"((?:[^"\\]|\\.|"")*)"|`([^`]*)`/y;
const MARK = /[(),]/y;

/** Splits a filter into tokens; throws `SearchSyntaxError` where a character belongs to none. */
export function tokensOf(text: string): readonly Token[] {
  if (text.length > MAX_LENGTH)
    throw new SearchSyntaxError(`Invalid clause(s) in filter string: it is longer than ${MAX_LENGTH} characters.`);
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) at = pattern.lastIndex;
    return match;
  };
  while (at < text.length) {
    if (take(SPACE)) continue;
    const token = nextToken(take);
    if (!token) throw new SearchSyntaxError(`Invalid clause(s) in filter string: '${text.slice(at, at + 30)}'.`);
    tokens.push(token);
  }
  return tokens;
}

function nextToken(take: (pattern: RegExp) => RegExpExecArray | null): Token | null {
  const number = take(NUMBER);
  if (number) return { kind: "number", value: Number(number[0]) };
  const operator = take(OPERATOR);
  if (operator) return { kind: "operator", text: operator[0] === "<>" ? "!=" : operator[0] };
  const mark = take(MARK);
  if (mark) return { kind: "mark", text: mark[0] as "(" | ")" | "," };
  const quoted = take(QUOTED);
  if (quoted) return quotedToken(quoted);
  const word = take(WORD);
  if (!word) return null;
  const key = word[0].endsWith(".") ? take(QUOTED) : null;
  if (!key) return { kind: "word", text: word[0] };
  return { kind: "path", entity: word[0].slice(0, -1), key: quotedToken(key).text };
}

function quotedToken(match: RegExpExecArray): Extract<Token, { kind: "quoted" }> {
  const quote = match[0][0] as "'" | '"' | "`";
  const inner = match[0].slice(1, -1);
  const text = quote === "`" ? inner : inner.replaceAll(quote + quote, quote).replace(/\\(['"])/g, "$1");
  return { kind: "quoted", text, quote };
}
