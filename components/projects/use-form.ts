"use client";
import { useState } from "react";

/** The texts of a form's controls by name; `bind` connects one control. */
export function useForm<Names extends string>(initial: Readonly<Record<Names, string>>) {
  const [values, setValues] = useState(initial);
  const bind = (name: Names) => ({
    name,
    value: values[name],
    onChange: (event: { readonly target: { readonly value: string } }) =>
      setValues((now) => ({ ...now, [name]: event.target.value })),
  });
  return { values, bind };
}

/**
 * A number as people type it, with point or comma; NaN for anything else, which the contract refuses. So is "1,000":
 * it could be one or a thousand.
 */
export function numberOf(text: string): number {
  const typed = text.trim();
  if (/^[-−]?\d{1,3}(,\d{3})+$/.test(typed)) return Number.NaN;
  const plain = typed.replace(",", ".").replace("−", "-");
  return plain === "" ? Number.NaN : Number(plain);
}
