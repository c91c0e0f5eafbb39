/** What is wrong with a CSV file, at a line counted from 1. */
export class CsvError extends Error {
  override readonly name = "CsvError";
  constructor(
    readonly reason:
      | "not_utf8"
      | "ragged_row"
      | "bad_quote"
      | "empty_file"
      | "duplicate_header"
      | "empty_header"
      | "too_wide"
      | "no_rows",
    readonly line: number,
    message: string,
  ) {
    super(message);
  }
}

const QUOTE = 0x22;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const MOST_COLUMNS = 500;
const LONGEST_HEADER_BYTES = 256 * 1024;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** Well-formed UTF-8 by its first byte: how many bytes follow and the bounds of the second (Unicode, table 3-7). */
const LEADS = [
  { from: 0xc2, to: 0xdf, due: 1, low: 0x80, high: 0xbf },
  { from: 0xe0, to: 0xe0, due: 2, low: 0xa0, high: 0xbf },
  { from: 0xe1, to: 0xec, due: 2, low: 0x80, high: 0xbf },
  { from: 0xed, to: 0xed, due: 2, low: 0x80, high: 0x9f },
  { from: 0xee, to: 0xef, due: 2, low: 0x80, high: 0xbf },
  { from: 0xf0, to: 0xf0, due: 3, low: 0x90, high: 0xbf },
  { from: 0xf1, to: 0xf3, due: 3, low: 0x80, high: 0xbf },
  { from: 0xf4, to: 0xf4, due: 3, low: 0x80, high: 0x8f },
] as const;

type FieldState = "start" | "plain" | "quoted" | "closed";

/**
 * Reads CSV bytes as they stream by and throws a `CsvError` at the first fault: bytes that are not UTF-8,
 * a record with more or fewer fields than the first, a quote out of place, a header that repeats a name.
 * Every record is judged, so the importer needs no guessing. Blank lines are skipped.
 */
export class CsvScanner {
  private state: FieldState = "start";
  private line = 1;
  private recordLine = 1;
  private fields = 0;
  private bytesInRecord = 0;
  private width: number | null = null;
  private headerBytes: number[] = [];
  private names: readonly string[] = [];
  private records = 0;
  /** Continuation bytes still due in the present UTF-8 character, and the bounds of the next one. */
  private due = 0;
  private low = 0x80;
  private high = 0xbf;
  private seen = 0;
  private mark = 0;

  constructor(
    private readonly delimiter: number,
    private readonly hasHeader: boolean,
  ) {}

  push(chunk: Uint8Array): void {
    for (const byte of chunk) {
      this.seen += 1;
      if (this.seen <= 3 && this.isMark(byte)) continue;
      this.checkUtf8(byte);
      this.step(byte);
    }
  }

  /** Closes the last record. Column names are in file order; `rows` leaves the header out. */
  end(): { readonly columns: readonly string[]; readonly rows: number } {
    if (this.due > 0) throw this.notUtf8();
    if (this.state === "quoted")
      throw new CsvError("bad_quote", this.recordLine, `Line ${this.recordLine}: a quoted field is not closed.`);
    if (this.bytesInRecord > 0) this.endRecord();
    if (this.width === null) throw new CsvError("empty_file", 1, "The file is empty.");
    if (this.records === 0) throw new CsvError("no_rows", this.line, "The file has a header and no rows.");
    return { columns: this.names, rows: this.records };
  }

  private isMark(byte: number): boolean {
    if (this.mark !== this.seen - 1 || byte !== BYTE_ORDER_MARK[this.mark]) return false;
    this.mark += 1;
    return true;
  }

  private step(byte: number): void {
    if (this.state === "quoted") {
      this.bytesInRecord += 1;
      this.keep(byte);
      if (byte === QUOTE) this.state = "closed";
      if (byte === NEWLINE) this.line += 1;
      return;
    }
    if (byte === NEWLINE) this.endLine();
    else if (byte === RETURN) return;
    else this.stepInLine(byte);
  }

  private stepInLine(byte: number): void {
    this.bytesInRecord += 1;
    this.keep(byte);
    if (byte === this.delimiter) {
      this.fields += 1;
      this.state = "start";
    } else if (byte === QUOTE) {
      // A doubled quote inside a quoted field opens it again.
      if (this.state === "plain")
        throw new CsvError("bad_quote", this.line, `Line ${this.line}: a quote stands inside an unquoted field.`);
      this.state = "quoted";
    } else if (this.state === "closed") {
      throw new CsvError("bad_quote", this.line, `Line ${this.line}: text follows a closing quote.`);
    } else {
      this.state = "plain";
    }
  }

  private keep(byte: number): void {
    if (this.width !== null) return;
    this.headerBytes.push(byte);
    if (this.headerBytes.length > LONGEST_HEADER_BYTES)
      throw new CsvError("too_wide", this.recordLine, `Line ${this.recordLine}: the first record is too long.`);
  }

  private endLine(): void {
    // In a file of one column a blank line is a missing value; elsewhere it is nothing.
    if (this.bytesInRecord > 0 || this.width === 1) this.endRecord();
    this.line += 1;
    this.recordLine = this.line;
  }

  private endRecord(): void {
    const found = this.fields + 1;
    if (this.width === null) this.readFirst(found);
    else {
      if (found !== this.width) {
        throw new CsvError(
          "ragged_row",
          this.recordLine,
          `Line ${this.recordLine}: ${found} ${found === 1 ? "field" : "fields"} where the first line has ${this.width}.`,
        );
      }
      this.records += 1;
    }
    this.fields = 0;
    this.bytesInRecord = 0;
    this.state = "start";
  }

  private readFirst(found: number): void {
    if (found > MOST_COLUMNS)
      throw new CsvError(
        "too_wide",
        this.recordLine,
        `The file has ${found} columns; at most ${MOST_COLUMNS} are taken.`,
      );
    this.width = found;
    if (!this.hasHeader) {
      this.records = 1;
      this.names = Array.from({ length: found }, (_, index) => `column_${index + 1}`);
      return;
    }
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(new Uint8Array(this.headerBytes));
    this.names = splitRecord(text, String.fromCharCode(this.delimiter));
    assertHeader(this.names, this.recordLine);
  }

  private checkUtf8(byte: number): void {
    if (this.due > 0) {
      if (byte < this.low || byte > this.high) throw this.notUtf8();
      this.due -= 1;
      this.low = 0x80;
      this.high = 0xbf;
      return;
    }
    if (byte < 0x80) {
      if (byte === 0) throw this.notUtf8();
      return;
    }
    const lead = LEADS.find((candidate) => byte >= candidate.from && byte <= candidate.to);
    if (!lead) throw this.notUtf8();
    this.due = lead.due;
    this.low = lead.low;
    this.high = lead.high;
  }

  private notUtf8(): CsvError {
    return new CsvError("not_utf8", this.line, `Line ${this.line}: the file is not UTF-8 text.`);
  }
}

/** Fields of one well-formed record. */
export function splitRecord(text: string, delimiter: string): readonly string[] {
  const fields: string[] = [];
  let field = "";
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? "";
    if (character === '"' && isQuoted && text[at + 1] === '"') {
      field += '"';
      at += 1;
    } else if (character === '"') isQuoted = !isQuoted;
    else if (character === delimiter && !isQuoted) {
      fields.push(field);
      field = "";
    } else field += character;
  }
  return [...fields, field];
}

function assertHeader(names: readonly string[], line: number): void {
  const seen = new Map<string, string>();
  names.forEach((name, index) => {
    if (name.trim() === "") throw new CsvError("empty_header", line, `Line ${line}: column ${index + 1} has no name.`);
    if (name.length > 128)
      throw new CsvError(
        "too_wide",
        line,
        `Line ${line}: the name of column ${index + 1} is longer than 128 characters.`,
      );
    // Column names are told apart without regard to case, as SQL does.
    const earlier = seen.get(name.toLowerCase());
    if (earlier !== undefined)
      throw new CsvError("duplicate_header", line, `Line ${line}: the column ${name} appears twice.`);
    seen.set(name.toLowerCase(), name);
  });
}
