import type { ReactNode } from "react";
import { ScrollRegion } from "../ui/scroll-region";

export type SideRow = {
  readonly key: string;
  readonly candidate: ReactNode;
  readonly base: ReactNode;
  readonly isChanged: boolean;
};

/** Two sides beside each other, a line for each thing; what differs is set in bold. */
export function SidesTable({
  label,
  names,
  rows,
}: {
  label: string;
  names: { readonly candidate: string; readonly base: string | null };
  rows: readonly SideRow[];
}) {
  const cell = "border-b border-line px-2.5 py-2 align-top group-last:border-b-0";
  const head = "h-8 border-b border-line px-2.5 font-normal text-muted";
  return (
    <ScrollRegion label={label}>
      <table className="w-full text-left text-sm" aria-label={label}>
        <thead>
          <tr>
            <th scope="col" className={`${head} pl-3.5`}>
              What
            </th>
            {names.base && (
              <th scope="col" className={head}>
                {names.base}
              </th>
            )}
            <th scope="col" className={`${head} pr-3.5`}>
              {names.candidate}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key} className="group">
              <th scope="row" className={`${cell} pl-3.5 font-normal text-muted`}>
                {row.key}
              </th>
              {names.base && <td className={`${cell} text-muted`}>{row.base}</td>}
              <td className={`${cell} pr-3.5 ${row.isChanged ? "font-semibold" : ""}`}>{row.candidate}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
