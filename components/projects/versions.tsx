"use client";
import { Dialog } from "../ui/dialog";
import { RelativeTime } from "../ui/time";

type Version = {
  readonly version: number;
  readonly author: string;
  readonly at: Date;
  readonly lines: readonly string[];
};

/** Every version of a record, newest first. */
export function VersionsDialog(props: {
  title: string;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  versions: readonly Version[];
}) {
  return (
    <Dialog isOpen={props.isOpen} onOpenChange={props.onOpenChange} title={props.title} width="md">
      <ol className="-my-1 flex flex-col">
        {props.versions.map((each) => (
          <li key={each.version} className="border-b border-line py-3 first:pt-0 last:border-b-0 last:pb-0">
            <p className="text-xs text-muted">
              <span className="font-semibold text-text">v{each.version}</span> · {each.author} ·{" "}
              <RelativeTime at={each.at} />
            </p>
            {each.lines.map((line) => (
              <p key={line} className="mt-1 text-sm break-words">
                {line}
              </p>
            ))}
          </li>
        ))}
      </ol>
    </Dialog>
  );
}
