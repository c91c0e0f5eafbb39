"use client";
import { Plus, X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { parseFilter } from "@/domain/experiments/search-grammar";
import { RUN_TARGET } from "@/domain/experiments/search-types";
import { Button } from "../ui/button";
import { FieldError, Input, Select } from "../ui/field";
import { Popover } from "../ui/menu";
import type { Keys } from "./filters";

const NUMBER_WORDS = [
  { value: ">", label: "above" },
  { value: ">=", label: "at least" },
  { value: "<", label: "below" },
  { value: "<=", label: "at most" },
  { value: "=", label: "equal to" },
];
const TEXT_WORDS = [
  { value: "=", label: "is" },
  { value: "!=", label: "is not" },
  { value: "ILIKE", label: "contains" },
];

/** Comparisons as chips, and a small form that adds one. Each is a piece of the search language. */
export function ConditionFilter(props: { keys: Keys; where: readonly string[]; onChange: (where: string[]) => void }) {
  return (
    <>
      {props.where.map((text) => (
        <span
          key={text}
          className="inline-flex h-6 max-w-full items-center gap-1 rounded-md border border-line bg-surface-raised pl-2 text-xs pointer-coarse:h-10"
        >
          <span className="truncate font-mono">{text}</span>
          <Button
            tone="ghost"
            size="icon-sm"
            label={`Remove ${text}`}
            onClick={() => props.onChange(props.where.filter((each) => each !== text))}
          >
            <X aria-hidden />
          </Button>
        </span>
      ))}
      <Popover
        label="Add a filter"
        trigger={
          <button
            type="button"
            className="inline-flex h-6 items-center gap-1.5 rounded-md border border-dashed border-line-strong px-2 text-xs text-muted transition-colors duration-150 hover:text-text data-[state=open]:border-accent pointer-coarse:h-10"
          >
            <Plus aria-hidden className="size-3" />
            Filter
          </button>
        }
      >
        <ConditionForm
          keys={props.keys}
          onAdd={(text) => props.onChange([...props.where.filter((each) => each !== text), text])}
        />
      </Popover>
    </>
  );
}

function ConditionForm({ keys, onAdd }: { keys: Keys; onAdd: (text: string) => void }) {
  const names = [...keys.metrics.map((key) => `metrics.${key}`), ...keys.params.map((key) => `params.${key}`)];
  const [name, setName] = useState(names[0] ?? "");
  const isNumber = name.startsWith("metrics.");
  const words = isNumber ? NUMBER_WORDS : TEXT_WORDS;
  const [comparator, setComparator] = useState(">");
  const [value, setValue] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const used = words.some((word) => word.value === comparator) ? comparator : (words[0]?.value ?? "=");
  if (names.length === 0) return <p className="text-sm text-muted">The runs have no parameters or metrics yet.</p>;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // A dialogue's form inside of a page's: the page must not hear of it.
    event.stopPropagation();
    const text = conditionText({ name, comparator: used, value });
    const wrong = problemOf(text);
    setProblem(wrong);
    if (!wrong) onAdd(text);
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-2">
      <Select
        aria-label="Parameter or metric"
        value={name}
        options={names.map((each) => ({ value: each, label: each }))}
        onChange={(event) => setName(event.target.value)}
      />
      <div className="flex gap-2">
        <Select
          aria-label="Comparison"
          className="w-28 shrink-0"
          value={used}
          options={words}
          onChange={(event) => setComparator(event.target.value)}
        />
        <Input
          aria-label="Value"
          required
          value={value}
          inputMode={isNumber ? "decimal" : "text"}
          onChange={(event) => setValue(event.target.value)}
        />
      </div>
      {problem && <FieldError>{problem}</FieldError>}
      <Button type="submit" tone="primary" size="sm">
        Add filter
      </Button>
    </form>
  );
}

function conditionText(of: { readonly name: string; readonly comparator: string; readonly value: string }): string {
  const dot = of.name.indexOf(".");
  const key = of.name.slice(dot + 1);
  const name = /^[\p{L}_][\p{L}\p{N}_.-]*$/u.test(key) ? of.name : `${of.name.slice(0, dot)}.\`${key}\``;
  const value = of.value.trim();
  if (of.name.startsWith("metrics.")) return `${name} ${of.comparator} ${value}`;
  const text = of.comparator === "ILIKE" ? `%${value}%` : value;
  return `${name} ${of.comparator} '${text.replaceAll("'", "''")}'`;
}

/** The sentence of the language's own parser; null where the condition can be read. */
function problemOf(text: string): string | null {
  try {
    parseFilter(text, RUN_TARGET);
    return null;
  } catch (error) {
    return error instanceof Error
      ? error.message.replace(" Invalid clause(s) in filter string.", "")
      : "This filter cannot be read.";
  }
}
