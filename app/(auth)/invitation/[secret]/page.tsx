import type { Metadata } from "next";
import { InvitationForm } from "@/components/identity/invitation-form";
import { LinkProblem } from "@/components/identity/link-problem";
import { signInAction } from "@/server/auth/actions";
import { loadLink } from "@/server/auth/visitor";

export const metadata: Metadata = { title: "Invitation" };

export default async function Page({ params }: PageProps<"/invitation/[secret]">) {
  const { secret } = await params;
  const link = await loadLink("invitation", secret);
  if (link.state !== "open") return <LinkProblem kind="invitation" state={link.state} />;
  return <InvitationForm secret={secret} link={link} signIn={signInAction} />;
}
