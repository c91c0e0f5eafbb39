import { cn } from "../../ui/cn";
import { RelativeTime } from "../../ui/time";
import { Marks } from "./state-dot";
import type { Item, Step } from "./types";

type Props = { step: Step; items: readonly Item[]; onOpen: () => void };

/** One step: what it is, how many of its artefacts stand, and the newest of them. Opens the list of its items. */
export function StepCard({ step, items, onOpen }: Props) {
  const isFiring = step.firing > 0;
  return (
    <button
      type="button"
      onClick={onOpen}
      className={cn(
        "flex w-full min-w-0 flex-col gap-1 rounded-md border px-2.5 py-2 text-left transition-colors duration-150",
        step.state === "not_yet" ? "border-dashed border-line-strong" : "bg-surface-raised",
        isFiring ? "border-fail" : step.state === "begun" && hasBegun(items) ? "border-wait" : "border-line",
        "hover:border-faint",
      )}
    >
      <span className="flex w-full items-start gap-2">
        <span className="w-8 shrink-0 font-mono text-2xs leading-5 text-faint">{step.code}</span>
        <span className={cn("min-w-0 flex-1 text-sm font-semibold", step.state === "not_yet" && "text-muted")}>
          {step.title}
        </span>
        <span className="pt-1.5">
          <Marks states={items.map((item) => item.state)} />
        </span>
      </span>
      <span className="sr-only">
        {step.done} of {items.length} done.
      </span>
      <span className="line-clamp-3 w-full text-xs break-words text-muted">
        <Newest items={items} isFiring={isFiring} />
      </span>
    </button>
  );
}

const hasBegun = (items: readonly Item[]) => items.some((item) => item.state === "begun");

/** The newest artefact with its signers or its age; what is open comes before what is done. */
function Newest({ items, isFiring }: { items: readonly Item[]; isFiring: boolean }) {
  const found = items.flatMap((item) => (item.artefactFound ? [item.artefactFound] : []));
  const [newest] = found.toSorted((a, b) => b.at.getTime() - a.at.getTime());
  if (isFiring) return <span className="font-medium text-fail">An alert is firing</span>;
  if (!newest) return <>Not yet</>;
  return (
    <>
      {newest.label}{" "}
      <span className="inline-block">
        <span aria-hidden>·</span>{" "}
        {newest.missing !== null ? (
          <span className="text-wait">begun</span>
        ) : (
          (newest.signers ?? <RelativeTime at={newest.at} />)
        )}
      </span>
    </>
  );
}
