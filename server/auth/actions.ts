"use server";

import { redirect } from "next/navigation";
import { SignInRefused, signIn, signOut } from "./auth";
import { ownPath } from "./own-path";

export type SignInAnswer = { readonly message: string; readonly retryAfterSeconds: number | null } | null;

/** Signs in and goes to `next` (a path of this site); returns the sentence of a refusal. Next checks the origin of the form. */
export async function signInAction(_before: SignInAnswer, form: FormData): Promise<SignInAnswer> {
  try {
    await signIn("credentials", { email: form.get("email"), password: form.get("password"), redirect: false });
  } catch (error) {
    if (!(error instanceof SignInRefused)) throw error;
    const seconds = error.refusal.details?.retryAfterSeconds;
    return { message: error.refusal.message, retryAfterSeconds: typeof seconds === "number" ? seconds : null };
  }
  redirect(ownPath(form.get("next")));
}

export async function signOutAction(): Promise<void> {
  await signOut({ redirect: false });
  redirect("/sign-in");
}
