"use client";
import { AtSign } from "lucide-react";
import { useRef } from "react";
import { Button } from "../ui/button";
import { Field, Textarea } from "../ui/field";
import { DropdownMenu, MenuItem, MenuLabel } from "../ui/menu";
import type { Review } from "./words";

/** A text in which members can be mentioned: typed as "@Name", or chosen from the menu. */
export function CommentField(props: {
  label: string;
  members: Review["members"];
  value: string;
  error?: string | null | undefined;
  rows?: number;
  onChange: (value: string) => void;
}) {
  const area = useRef<HTMLTextAreaElement>(null);
  const mention = (name: string) => {
    const at = area.current?.selectionStart ?? props.value.length;
    const before = props.value.slice(0, at);
    const space = before === "" || /\s$/.test(before) ? "" : " ";
    props.onChange(`${before}${space}@${name} ${props.value.slice(at)}`);
    area.current?.focus();
  };
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <Field label={props.label} error={props.error}>
        {(field) => (
          <Textarea
            {...field}
            ref={area}
            rows={props.rows ?? 3}
            value={props.value}
            onChange={(event) => props.onChange(event.target.value)}
          />
        )}
      </Field>
      <div className="flex">
        <DropdownMenu
          align="start"
          trigger={
            <Button tone="ghost" size="sm">
              <AtSign aria-hidden />
              Mention
            </Button>
          }
        >
          <MenuLabel>They find it on their first page</MenuLabel>
          {props.members.map(({ userId, name }) => (
            <MenuItem key={userId} onSelect={() => mention(name)}>
              {name}
            </MenuItem>
          ))}
        </DropdownMenu>
      </div>
    </div>
  );
}
