"use client";
import type { ReactNode } from "react";
import { Button } from "../ui/button";
import { CodeBlock } from "../ui/code-block";
import { Dialog } from "../ui/dialog";

/** A secret that the server keeps no copy of: shown here, and never again. */
export function SecretOnce(props: {
  title: string;
  label: string;
  secret: string | null;
  children: ReactNode;
  onClose: () => void;
}) {
  return (
    <Dialog
      isOpen={props.secret !== null}
      onOpenChange={(isOpen) => !isOpen && props.onClose()}
      title={props.title}
      description="Made once, shown once. Copy it now: only its fingerprint is kept."
      width="md"
      isHeld
      footer={
        <Button tone="primary" onClick={props.onClose}>
          I have copied it
        </Button>
      }
    >
      <div className="flex flex-col gap-3 text-sm">
        <CodeBlock label={props.label} code={props.secret ?? ""} />
        <p className="text-pretty text-muted">{props.children}</p>
      </div>
    </Dialog>
  );
}
