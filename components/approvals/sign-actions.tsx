"use client";
import { Signature } from "lucide-react";
import { useState } from "react";
import type { Promotion } from "../promotions/promotion-words";
import { useMe } from "../providers/me";
import { usePermission } from "../providers/project";
import { Button } from "../ui/button";
import { cn } from "../ui/cn";
import { ReturnDialog } from "./return-dialog";
import { type Shown, SignDialog } from "./sign-dialog";
import { returningOf, signingOf } from "./signing";

/** Sign and return, each with the reason where the person may not. `bar`: the foot of a phone's window. */
export function SignActions({ promotion, form }: { promotion: Promotion; form: "card" | "bar" }) {
  const me = useMe();
  const mayReturn = usePermission("promotions.return");
  // Kept as it was when the dialogue opened: a signature is over what was shown.
  const [shown, setShown] = useState<(Shown & { readonly act: "sign" | "return" }) | null>(null);
  const signing = signingOf(promotion, me.userId);
  const returning = returningOf(promotion, me.userId);
  const open = (act: "sign" | "return") => {
    const { evidenceDigest, policyVersion, openRules } = promotion.approval.rules;
    if (evidenceDigest) setShown({ act, evidenceDigest, policyVersion, openRules });
  };
  const close = () => setShown(null);
  return (
    <div className={cn("flex gap-2", form === "card" ? "flex-col" : "flex-row-reverse *:flex-1")}>
      <Button
        tone="primary"
        size={form === "card" ? "md" : "lg"}
        disabledReason={signing.reason}
        onClick={() => open("sign")}
      >
        <Signature aria-hidden />
        Review and sign
      </Button>
      <Button
        size={form === "card" ? "md" : "lg"}
        disabledReason={mayReturn.reason ?? returning.reason}
        onClick={() => open("return")}
      >
        {form === "card" ? "Return with reasons…" : "Return…"}
      </Button>
      {shown?.act === "sign" && signing.asRole && (
        <SignDialog promotion={promotion} asRole={signing.asRole} shown={shown} isOpen onOpenChange={close} />
      )}
      {shown?.act === "return" && returning.asRole && (
        <ReturnDialog promotion={promotion} asRole={returning.asRole} shown={shown} isOpen onOpenChange={close} />
      )}
    </div>
  );
}
