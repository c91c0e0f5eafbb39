"use client";
import { useState, useTransition } from "react";
import type { SignIn } from "./sign-in-form";

/** After an account or a password was made: signs in with it, which leads to the start page. */
export function useFirstSignIn(signIn: SignIn) {
  const [problem, setProblem] = useState<string | null>(null);
  const [isPending, start] = useTransition();
  const enter = (email: string, password: string) =>
    start(async () => {
      const form = new FormData();
      form.set("email", email);
      form.set("password", password);
      const answer = await signIn(null, form);
      setProblem(answer?.message ?? null);
    });
  return { enter, isPending, problem };
}
