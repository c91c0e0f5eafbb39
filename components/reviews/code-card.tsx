import { changedFiles } from "@/domain/reviews/anchors";
import { Card, CardRow } from "../ui/card";
import { CopyId } from "../ui/copy-id";
import { type SideRow, SidesTable } from "./sides-table";
import { type ReviewRecord, shortLabel } from "./words";

type Code = ReviewRecord["candidate"]["code"];

const SIGNS = { added: "+", removed: "−", changed: "~" } as const;
const WORDS = { added: "added", removed: "removed", changed: "changed" } as const;

const commitText = (code: Code) =>
  code?.commit ? `${code.commit.slice(0, 8)}${code.isDirty ? ", not clean" : ""}` : "";

/** How many files differ, for the tab: "+1 −0 ~2"; empty where nothing does. */
export function changesText(record: ReviewRecord): string {
  const changes = changedFiles(record.base?.code?.files ?? {}, record.candidate.code?.files ?? {});
  if (!record.base?.code || changes.length === 0) return "";
  const count = (change: keyof typeof SIGNS) => changes.filter((each) => each.change === change).length;
  return (Object.keys(SIGNS) as (keyof typeof SIGNS)[])
    .filter((change) => count(change) > 0)
    .map((change) => `${SIGNS[change]}${count(change)}`)
    .join(" ");
}

/** Commit and bundle of both sides, and the files by which they differ. */
export function CodeCard({ record }: { record: ReviewRecord }) {
  const { candidate, base } = record;
  const line = (key: string, show: (code: Code) => SideRow["candidate"], of: (code: Code) => string): SideRow => ({
    key,
    candidate: show(candidate.code),
    base: show(base?.code ?? null),
    isChanged: base !== null && of(candidate.code) !== of(base.code),
  });
  const digest = (code: Code) => code?.digest ?? "";
  const changes = changedFiles(base?.code?.files ?? {}, candidate.code?.files ?? {});
  return (
    <Card isFlush title="Code" aside={changesText(record)}>
      {candidate.code === null ? (
        <p className="px-3.5 py-3 text-sm text-muted">
          It did not come from a pipeline, so the record has no code of it.
        </p>
      ) : (
        <>
          <SidesTable
            label="Code"
            names={{ candidate: shortLabel(candidate.label), base: base ? shortLabel(base.label) : null }}
            rows={[
              line("Commit", (code) => commitText(code) || <span className="text-faint">none</span>, commitText),
              line(
                "Bundle",
                (code) =>
                  code ? <CopyId value={code.digest} what="bundle digest" /> : <span className="text-faint">none</span>,
                digest,
              ),
            ]}
          />
          {base?.code && changes.length === 0 && (
            <p className="border-t border-line px-3.5 py-3 text-sm text-muted">Every file is the same.</p>
          )}
          {base?.code &&
            changes.map(({ path, change }) => (
              <CardRow key={path} className="border-t border-b-0 text-sm">
                <span className="min-w-0 flex-1 font-mono text-xs break-all">{path}</span>
                <span className="text-xs text-muted">{WORDS[change]}</span>
              </CardRow>
            ))}
        </>
      )}
    </Card>
  );
}
