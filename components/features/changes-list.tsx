import type { DefinitionChange } from "@/domain/features/definition";

/** The difference between two definitions, a line a change: what went, what came. */
export function ChangesList({ changes }: { changes: readonly DefinitionChange[] }) {
  return (
    <ul className="flex flex-col gap-2">
      {changes.map(({ what, before, after }) => (
        <li key={what} className="min-w-0 text-sm">
          <p className="text-xs text-muted">{what}</p>
          {before !== null && (
            <p className="break-words">
              <span className="sr-only">before </span>
              <del className="rounded-sm bg-fail-soft px-1 font-mono text-xs text-fail no-underline">− {before}</del>
            </p>
          )}
          {after !== null && (
            <p className="break-words">
              <span className="sr-only">now </span>
              <ins className="rounded-sm bg-pass-soft px-1 font-mono text-xs text-pass no-underline">+ {after}</ins>
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}
