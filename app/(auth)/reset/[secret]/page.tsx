import type { Metadata } from "next";
import { LinkProblem } from "@/components/identity/link-problem";
import { ResetForm } from "@/components/identity/reset-form";
import { signInAction } from "@/server/auth/actions";
import { loadLink } from "@/server/auth/visitor";

export const metadata: Metadata = { title: "New password" };

export default async function Page({ params }: PageProps<"/reset/[secret]">) {
  const { secret } = await params;
  const link = await loadLink("reset", secret);
  if (link.state !== "open") return <LinkProblem kind="reset" state={link.state} />;
  return <ResetForm secret={secret} link={link} signIn={signInAction} />;
}
