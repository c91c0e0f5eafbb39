"use client";
import { windowName } from "@/domain/monitoring/windows";
import { NewItemButton } from "./new-item-button";

/** Beside a check that warned: sends what it warned of to the data engineer. Nothing where it warned of nothing. */
export function ReportCheck({
  model,
  check,
}: {
  model: string;
  check: {
    readonly id: string;
    readonly windowStart: Date;
    readonly details: { readonly warnings: readonly string[] };
  };
}) {
  const { warnings } = check.details;
  if (warnings.length === 0) return null;
  return (
    <div>
      <NewItemButton
        label="Report to data engineering"
        kinds={["F4"]}
        source={{
          kind: "monitor_check",
          checkId: check.id,
          name: `inputs of ${model} in ${windowName(check.windowStart)}`,
          warnings,
        }}
      />
    </div>
  );
}
