"use client";
import { type ReactNode, useState } from "react";
import { describeError } from "../providers/call-error";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { CallProblem } from "./error-panel";
import { Field, Input, Textarea } from "./field";

type ConfirmDialogProps = {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  /** What happens: "Roll back to v5?" */
  title: string;
  children?: ReactNode;
  /** The act in a word or two, on the button: "Roll back". */
  act: string;
  tone?: "primary" | "danger";
  /** Destructive: the person types this name first. */
  nameToType?: string;
  /** Asks for a comment; `required` will not go on without one. */
  comment?: "optional" | "required";
  commentLabel?: string;
  isPending: boolean;
  /** The mutation's error, if any. */
  error: unknown;
  onConfirm: (comment: string) => void;
};

/** Asks before an act: plainly, with the name typed, or with a comment. Stays open until the server has answered. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  return (
    <Dialog isOpen={props.isOpen} onOpenChange={props.onOpenChange} title={props.title}>
      <ConfirmBody {...props} />
    </Dialog>
  );
}

function ConfirmBody(props: ConfirmDialogProps) {
  const [typed, setTyped] = useState("");
  const [comment, setComment] = useState("");
  const missing = missingFor(props, typed, comment);
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!missing && !props.isPending) props.onConfirm(comment.trim());
      }}
    >
      {props.children && <div className="text-sm text-muted">{props.children}</div>}
      {props.nameToType && (
        <Field label={`Type ${props.nameToType} to go on`}>
          {(field) => (
            <Input {...field} value={typed} autoComplete="off" onChange={(event) => setTyped(event.target.value)} />
          )}
        </Field>
      )}
      {props.comment && (
        <Field label={props.commentLabel ?? "Comment"} isOptional={props.comment === "optional"}>
          {(field) => <Textarea {...field} value={comment} onChange={(event) => setComment(event.target.value)} />}
        </Field>
      )}
      {props.error ? <CallProblem error={describeError(props.error)} /> : null}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={() => props.onOpenChange(false)}>Cancel</Button>
        <Button type="submit" tone={props.tone ?? "primary"} isPending={props.isPending} disabledReason={missing}>
          {props.act}
        </Button>
      </div>
    </form>
  );
}

function missingFor(props: ConfirmDialogProps, typed: string, comment: string): string | null {
  if (props.nameToType && typed !== props.nameToType) return `Type ${props.nameToType} first.`;
  if (props.comment === "required" && comment.trim() === "") return "Write a comment first: it stays in the record.";
  return null;
}
