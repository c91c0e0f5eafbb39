import type { RouterOutputs } from "../providers/trpc";
import { CodeBlock } from "../ui/code-block";
import { ScrollRegion } from "../ui/scroll-region";

/** The first rows of a table, or the text of a report. */
export function ArtifactPreview({ name, preview }: { name: string; preview: RouterOutputs["pipelines"]["artifact"] }) {
  if (preview.kind === "file") return null;
  if (preview.kind === "report") {
    return (
      <div className="mt-2">
        <CodeBlock code={preview.text} label={name} className="max-h-72 overflow-auto" />
        {preview.isCut && <p className="mt-1 text-xs text-muted">The report goes on in the download.</p>}
      </div>
    );
  }
  return (
    <ScrollRegion label={`First rows of ${name}`} className="mt-2 max-h-72 rounded-md border border-line">
      <table className="figures w-full text-left text-xs">
        <thead>
          <tr>
            {preview.columns.map((column) => (
              <th
                key={column.name}
                scope="col"
                className="border-b border-line px-2.5 py-1.5 font-normal whitespace-nowrap"
              >
                {column.name} <span className="text-faint">{column.type.toLowerCase()}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {preview.rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows of a table have no other name than their place
            <tr key={index} className="border-b border-line last:border-b-0">
              {row.map((cell, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: cells stand in the order of the columns
                <td key={at} className="px-2.5 py-1 whitespace-nowrap">
                  {cell === null ? <span className="text-faint">null</span> : String(cell)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
