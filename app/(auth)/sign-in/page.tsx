import type { Metadata, Route } from "next";
import { redirect } from "next/navigation";
import { NotSetUp } from "@/components/identity/link-problem";
import { SignInForm } from "@/components/identity/sign-in-form";
import { signInAction } from "@/server/auth/actions";
import { currentActor } from "@/server/auth/current-actor";
import { ownPath } from "@/server/auth/own-path";
import { loadIsSetUp } from "@/server/auth/visitor";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage({ searchParams }: PageProps<"/sign-in">) {
  const { next } = await searchParams;
  const returnTo: Route = ownPath(next);
  if (await currentActor()) redirect(returnTo);
  if (!(await loadIsSetUp())) return <NotSetUp />;
  return <SignInForm action={signInAction} next={returnTo} />;
}
