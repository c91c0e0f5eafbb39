import type { Report } from "../run/report";
import { as, type Place } from "./release";

/** What of the process stands, item by item, as the product itself answers it. */
export async function printProcessMap(place: Place, report: Report): Promise<void> {
  const map = await as(place, "R2").projects.processMap.query({ projectId: place.projectId });
  report.line("");
  report.line(`The process map: ${map.coverage.done} of ${map.items.length}`);
  for (const item of map.items) {
    const mark = item.state === "done" ? "✓" : item.state === "begun" ? "~" : "·";
    const found = item.artefactFound;
    const rest = found ? `: ${found.label}${found.missing ? ` (${found.missing})` : ""}` : ` (${item.note ?? ""})`;
    report.line(`  ${mark} ${item.id} ${item.artefact}${rest}`);
  }
}
