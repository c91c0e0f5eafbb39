import type { Metadata } from "next";
import { LinkProblem } from "@/components/identity/link-problem";
import { SetUpForm } from "@/components/identity/set-up-form";
import { signInAction } from "@/server/auth/actions";
import { loadLink } from "@/server/auth/visitor";

export const metadata: Metadata = { title: "Set up" };

export default async function Page({ params }: PageProps<"/set-up/[secret]">) {
  const { secret } = await params;
  const link = await loadLink("setup", secret);
  if (link.state !== "open") return <LinkProblem kind="setup" state={link.state} />;
  return <SetUpForm secret={secret} link={link} signIn={signInAction} />;
}
