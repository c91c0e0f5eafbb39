import { and, desc, eq } from "drizzle-orm";
import { checkSets, datasets, datasetVersions } from "@/db/schema/data";
import { checkProblem } from "@/domain/data/checks";
import type { SaveChecks } from "@/domain/data/contracts";
import { AppError } from "@/domain/errors";
import { writeAudit } from "../audit/write-audit";
import { personOf, type Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { newId } from "../ids";
import { publishEvent } from "../notifications/publish-event";

/** Adds a version of a dataset's checks. Checks that cannot be made on the newest version's columns are refused. */
export async function saveChecks(ctx: ServiceContext, scope: Scope<"data.edit_checks">, input: SaveChecks) {
  const person = personOf(scope);
  const id = newId();
  return ctx.db.transaction(async (tx) => {
    const [dataset] = await tx
      .select({ id: datasets.id, name: datasets.name })
      .from(datasets)
      .where(and(eq(datasets.id, input.datasetId), eq(datasets.projectId, scope.projectId)))
      .for("no key update");
    if (!dataset) throw new AppError("not_found", "dataset", "There is no such dataset.");
    const [newest] = await tx
      .select({ schema: datasetVersions.schema })
      .from(datasetVersions)
      .where(eq(datasetVersions.datasetId, dataset.id))
      .orderBy(desc(datasetVersions.version))
      .limit(1);
    const problem =
      newest && input.checks.map((check) => checkProblem(check, newest.schema)).find((found) => found !== null);
    if (problem) throw new AppError("invalid_input", "check", problem);
    const [last] = await tx
      .select({ version: checkSets.version })
      .from(checkSets)
      .where(eq(checkSets.datasetId, dataset.id))
      .orderBy(desc(checkSets.version))
      .limit(1);
    const version = (last?.version ?? 0) + 1;
    await tx.insert(checkSets).values({
      id,
      projectId: scope.projectId,
      datasetId: dataset.id,
      version,
      checks: input.checks,
      createdBy: person.userId,
      createdAt: ctx.clock(),
    });
    await writeAudit(tx, {
      actor: scope.actor,
      organisationId: scope.organisationId,
      projectId: scope.projectId,
      action: "data.checks_saved",
      entity: { kind: "dataset", id: dataset.id },
      summary: `saved ${input.checks.length} ${input.checks.length === 1 ? "check" : "checks"} for ${dataset.name}, version ${version}`,
      details: { version, checks: input.checks },
      requestId: ctx.requestId,
      at: ctx.clock(),
    });
    await publishEvent(tx, scope.projectId, "data", dataset.id);
    return { id, version };
  });
}
