"use client";
import { X } from "lucide-react";
import Link from "next/link";
import { hrefOf } from "../../home/target-link";
import { useProject } from "../../providers/project";
import { Button } from "../../ui/button";
import { CardRow } from "../../ui/card";
import { Sheet } from "../../ui/dialog";
import { RelativeTime } from "../../ui/time";
import { ItemBadge } from "./state-dot";
import type { Item, Step } from "./types";

/** The items of one step: each with its artefact, or with who could do it. */
export function StepSheet({ step, items, onClose }: { step: Step; items: readonly Item[]; onClose: () => void }) {
  const title = `${step.code} ${step.title}`;
  return (
    <Sheet isOpen onOpenChange={(isOpen) => !isOpen && onClose()} title={title}>
      <header className="sticky top-0 flex items-center gap-2 border-b border-line bg-surface-raised px-3.5 py-2.5">
        <h2 className="min-w-0 flex-1 text-sm font-semibold">
          <span className="mr-2 font-mono text-xs font-normal text-faint">{step.code}</span>
          {step.title}
        </h2>
        <span className="figures text-xs text-muted">
          {step.done} of {items.length} done
        </span>
        <Button tone="ghost" size="icon-sm" aria-label="Close" onClick={onClose}>
          <X aria-hidden />
        </Button>
      </header>
      <ul>
        {items.map((item) => (
          <li key={item.id}>
            <CardRow className="flex-col gap-1.5">
              <span className="flex w-full items-center justify-between gap-2">
                <span className="font-mono text-xs text-faint">{item.id}</span>
                <ItemBadge state={item.state} />
              </span>
              <span className="text-sm">{item.words}</span>
              <ArtefactLine item={item} />
              {item.note && <span className="text-xs text-muted">{item.note}</span>}
            </CardRow>
          </li>
        ))}
      </ul>
    </Sheet>
  );
}

/** The artefact that was found, as a link to its screen, with who made or signed it. */
export function ArtefactLine({ item }: { item: Item }) {
  const project = useProject();
  const found = item.artefactFound;
  if (!found) return <span className="text-xs text-faint">Leaves behind: {item.artefact}</span>;
  const people = found.signers ? `signed by ${found.signers}` : found.by;
  return (
    <span className="text-sm break-words">
      {found.target ? (
        <Link
          href={hrefOf(project.slug, found.target)}
          className="rounded-sm font-semibold underline decoration-line-strong underline-offset-2 hover:text-accent hover:decoration-accent"
        >
          {found.label}
        </Link>
      ) : (
        <span className="font-semibold">{found.label}</span>
      )}
      <span className="block text-xs text-muted">
        {people && `${people} · `}
        <RelativeTime at={found.at} />
      </span>
    </span>
  );
}
