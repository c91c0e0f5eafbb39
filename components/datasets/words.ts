import { importOptionsSchema } from "@/domain/data/contracts";

export const DELIMITER_WORDS: Readonly<Record<string, string>> = {
  ",": "comma",
  ";": "semicolon",
  "\t": "tab",
  "|": "bar",
};

type Line = { readonly name: string; readonly value: string; readonly isCode: boolean };

/** The import options that differ from the usual, one line each. */
export function optionsInWords(text: string): readonly Line[] {
  const options = importOptionsSchema.parse(JSON.parse(text));
  const lines: (Line | null)[] = [
    options.filter === null ? null : { name: "Rows kept where", value: options.filter, isCode: true },
    ...Object.entries(options.constants).map(([name, value]) => ({
      name: `Constant ${name}`,
      value: String(value),
      isCode: true,
    })),
    ...Object.entries(options.derived).map(([name, value]) => ({ name: `Derived ${name}`, value, isCode: true })),
    ...Object.entries(options.types).map(([name, value]) => ({ name: `Type of ${name}`, value, isCode: false })),
    options.delimiter === ","
      ? null
      : { name: "Delimiter", value: DELIMITER_WORDS[options.delimiter] ?? "", isCode: false },
    options.header ? null : { name: "Header", value: "none, columns are numbered", isCode: false },
    options.nullText === "" ? null : { name: "Missing is written", value: options.nullText, isCode: true },
  ];
  return lines.filter((line) => line !== null);
}
