import { Readable } from "node:stream";
import { importOptionsSchema } from "@/domain/data/contracts";
import { importDatasetVersion } from "../data/import-dataset-version";
import type { Member, World } from "./world";

/** Three readings of two sensors, a day apart; the last one of `b` lacks its value. */
export const READINGS = `sensor,day,value
a,2024-01-01,1
a,2024-01-02,2
b,2024-01-01,10
b,2024-01-02,
`;

/** Imports CSV text as the next version of a dataset. */
export async function imported(world: World, engineer: Member, csv: string, dataset = "readings") {
  return importDatasetVersion(world.ctx, await engineer.scope("data.import"), {
    dataset,
    sourceName: `${dataset}.csv`,
    options: importOptionsSchema.parse({}),
    allowMissingColumns: false,
    source: Readable.from([csv]),
  });
}

export const VIEW = {
  name: "sensor_day",
  dataset: "readings",
  entityColumns: ["sensor"],
  eventTimeColumn: "day",
  columns: [
    { name: "value", expression: "value" },
    { name: "doubled", expression: "value * 2" },
  ],
  timeToLiveSeconds: 2 * 86_400,
};

export type FeatureScene = Awaited<ReturnType<typeof featureScene>>;

/** A project with a data scientist, a data engineer, a dataset and a feature view over it that waits for its signatures. */
export async function featureScene(world: World, csv = READINGS) {
  const projectId = world.project.id;
  const [scientist, engineer, mlEngineer] = [
    await world.member("R3"),
    await world.member("R4"),
    await world.member("R7"),
  ];
  await engineer.api.data.create({ projectId, name: "readings" });
  const data = await imported(world, engineer, csv);
  const view = await scientist.api.features.create({ projectId, ...structuredClone(VIEW) });
  return { projectId, people: { scientist, engineer, mlEngineer }, data, view };
}

/** Signs a version as what the page shows now. */
export async function signView(
  member: Member,
  scene: Pick<FeatureScene, "projectId">,
  about: { readonly name?: string; readonly version?: number; readonly asRole: "R3" | "R4"; readonly digest?: string },
) {
  const page = await member.api.features.byName({ projectId: scene.projectId, name: about.name ?? VIEW.name });
  const version = page.versions.find((each) => each.version === about.version) ?? page.versions[0];
  const rules = version?.approval?.rules;
  return member.api.features.sign({
    projectId: scene.projectId,
    viewVersionId: version?.id ?? "",
    asRole: about.asRole,
    evidenceDigest: about.digest ?? rules?.evidenceDigest ?? "",
    policyVersion: rules?.policyVersion ?? "",
    meaning: "I have read this and approve it.",
  });
}

/** Both signatures, by two people. */
export async function signedByBoth(scene: FeatureScene, version?: number) {
  const { scientist, engineer } = scene.people;
  const about = version === undefined ? {} : { version };
  await signView(scientist, scene, { ...about, asRole: "R3" });
  await signView(engineer, scene, { ...about, asRole: "R4" });
}
