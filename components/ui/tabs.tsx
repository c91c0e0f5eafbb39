"use client";
import { Tabs as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "./cn";

type Tab<Key extends string> = {
  readonly key: Key;
  readonly label: string;
  readonly count?: number | undefined;
  readonly content: ReactNode;
};

/** Tabs of one card or page; keep the chosen key in the URL where a colleague should see it. */
export function Tabs<Key extends string>(props: {
  label: string;
  tabs: readonly Tab<Key>[];
  value: Key;
  onChange: (key: Key) => void;
  className?: string;
}) {
  return (
    <Radix.Root
      value={props.value}
      onValueChange={(key) => props.onChange(key as Key)}
      className={cn("min-w-0", props.className)}
    >
      <Radix.List
        aria-label={props.label}
        className="flex gap-1 overflow-x-auto border-b border-line px-2 [scrollbar-width:none]"
      >
        {props.tabs.map((tab) => (
          <Radix.Trigger
            key={tab.key}
            value={tab.key}
            className="-mb-px h-10 border-b-2 border-transparent px-2.5 text-sm whitespace-nowrap text-muted -outline-offset-2 transition-colors duration-150 hover:text-text data-[state=active]:border-accent data-[state=active]:font-semibold data-[state=active]:text-text"
          >
            {tab.label}
            {tab.count !== undefined && <span className="figures ml-1.5 font-normal text-faint">{tab.count}</span>}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {props.tabs.map((tab) => (
        <Radix.Content key={tab.key} value={tab.key} className="-outline-offset-2">
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
