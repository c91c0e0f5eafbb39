import type { Context } from "hono";
import { AppError } from "@/domain/errors";
import { doubleOf, integerOf } from "@/domain/experiments/wire-double";
import { limitedText } from "../../http/limited-text";

/** Reads one field of a request. An absent field, or null, is `undefined`; a wrong type is `invalid_input` in MLflow's words. */
export type Field<T> = { readonly read: (value: unknown, path: string) => T; readonly isRepeated?: boolean };
export type Fields = Readonly<Record<string, Field<unknown>>>;
export type Decoded<F extends Fields> = { readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never };

function invalidType(value: unknown, path: string): AppError {
  const shown = (JSON.stringify(value) ?? "").slice(0, 200);
  return new AppError(
    "invalid_input",
    "field_type",
    `Invalid value ${shown} for parameter '${path}' supplied: Hint: Value was of type '${pythonTypeOf(value)}'. See the API docs for more information about request parameters.`,
  );
}

function pythonTypeOf(value: unknown): string {
  if (Array.isArray(value)) return "list";
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "float";
  return { string: "str", boolean: "bool", object: "dict" }[typeof value as string] ?? "NoneType";
}

const optional =
  <T>(read: (value: NonNullable<unknown>, path: string) => T): ((value: unknown, path: string) => T | undefined) =>
  (value, path) =>
    value === undefined || value === null ? undefined : read(value, path);

/** Text that Postgres can keep: no NUL, no lone surrogate. */
export const text: Field<string | undefined> = {
  read: optional((value, path) => {
    if (typeof value !== "string" || value.includes("\u0000") || !value.isWellFormed()) throw invalidType(value, path);
    return value;
  }),
};

export const int64: Field<number | undefined> = {
  read: optional((value, path) => {
    const number = integerOf(value);
    if (number === null) throw invalidType(value, path);
    return number;
  }),
};

export const double: Field<number | undefined> = {
  read: optional((value, path) => {
    const number = doubleOf(value);
    if (number === null) throw invalidType(value, path);
    return number;
  }),
};

export const bool: Field<boolean | undefined> = {
  read: optional((value, path) => {
    if (typeof value === "boolean") return value;
    if (value === "true" || value === "false") return value === "true";
    throw invalidType(value, path);
  }),
};

/** An enumeration, by name or by number in the given order; an unknown name reads as absent, as MLflow does. */
export function named<const N extends string>(names: readonly N[], firstNumber: number): Field<N | undefined> {
  return {
    read: optional((value, path) => {
      if (typeof value === "number") return names[value - firstNumber];
      if (typeof value !== "string") throw invalidType(value, path);
      return names.find((name) => name === value);
    }),
  };
}

export function required<T>(field: Field<T | undefined>): Field<T> {
  return {
    ...field,
    read: (value, path) => {
      const read = field.read(value, path);
      if (read === undefined || read === "") {
        throw new AppError(
          "invalid_input",
          "field_missing",
          `Missing value for required parameter '${path}'. See the API docs for more information about request parameters.`,
        );
      }
      return read;
    },
  };
}

export function message<F extends Fields>(fields: F): Field<Decoded<F> | undefined> {
  return {
    read: optional((value, path) => {
      if (typeof value !== "object" || Array.isArray(value)) throw invalidType(value, path);
      return readFields(fields, value as Record<string, unknown>, `${path}.`);
    }),
  };
}

export function repeated<T>(field: Field<T | undefined>): Field<readonly T[]> {
  const item = required(field);
  return {
    isRepeated: true,
    read: (value, path) => {
      if (value === undefined || value === null) return [];
      if (!Array.isArray(value)) throw invalidType(value, path);
      return value.map((entry, index) => item.read(entry, `${path}[${index}]`));
    },
  };
}

function readFields<F extends Fields>(fields: F, raw: Readonly<Record<string, unknown>>, prefix: string): Decoded<F> {
  const entries = Object.entries(fields).map(([name, field]) => [
    name,
    field.read(Object.hasOwn(raw, name) ? raw[name] : undefined, `${prefix}${name}`),
  ]);
  return Object.fromEntries(entries) as Decoded<F>;
}

/** Decodes a request: the query of a GET, the JSON body of anything else (a DELETE too), and the path's own parameters. */
export async function decode<F extends Fields>(c: Context, fields: F): Promise<Decoded<F>> {
  const fromPath = c.req.param() as Record<string, string>;
  const raw = c.req.method === "GET" ? fromQuery(new URL(c.req.url).searchParams, fields) : await fromBody(c);
  return readFields(fields, { ...raw, ...fromPath }, "");
}

function fromQuery(query: URLSearchParams, fields: Fields): Record<string, unknown> {
  const values = [...new Set(query.keys())].map((key): [string, unknown] => {
    const all = query.getAll(key);
    return [key, Object.hasOwn(fields, key) && fields[key]?.isRepeated ? all : all.at(-1)];
  });
  return Object.fromEntries(values);
}

async function fromBody(c: Context): Promise<Record<string, unknown>> {
  const type = c.req.header("content-type") ?? "";
  const body = await limitedText(c.req.raw);
  if (body === "" && c.req.method === "DELETE") return {};
  if (!/^application\/json\b/i.test(type)) {
    throw new AppError(
      "invalid_input",
      "content_type",
      `Bad Request. Content-Type must be application/json, not '${type}'.`,
    );
  }
  const value = parsed(body);
  // Very old clients send a JSON text that holds the JSON.
  const inner = typeof value === "string" ? parsed(value) : value;
  return typeof inner === "object" && inner !== null && !Array.isArray(inner) ? (inner as Record<string, unknown>) : {};
}

/** Python writes NaN and infinities bare; those become their names. What is no JSON reads as an empty message. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    try {
      return JSON.parse(
        body.replace(
          /("(?:[^"\\]|\\.)*")|(-?\b(?:NaN|Infinity)\b)/g,
          (_, quoted?: string, bare?: string) => quoted ?? `"${bare}"`,
        ),
      );
    } catch {
      return {};
    }
  }
}
