import path from "node:path";
import { z } from "zod";
import type { Client } from "../client";
import type { Output } from "../output";
import { packSource } from "../source-bundle";

const pushed = z.object({ name: z.string(), version: z.number().int(), isNew: z.boolean() });
const pipelines = z.array(
  z.object({
    name: z.string(),
    version: z.number().int(),
    kind: z.string(),
    commit: z.string().nullable(),
    isDirty: z.boolean(),
  }),
);

export type PushOptions = { readonly definition: string; readonly project: string | null; readonly dryRun: boolean };

/** Packs a folder, checks it here, and sends it; a source that is there already makes no new version. */
export async function pushPipeline(
  { client, output }: { readonly client: () => Client; readonly output: Output },
  folder: string,
  options: PushOptions,
): Promise<void> {
  const bundle = await packSource(folder, options.definition);
  const size = `${bundle.files.length} files, ${(bundle.archive.length / 1024).toFixed(1)} KB`;
  if (options.dryRun) {
    output.line(
      `${path.join(folder, options.definition)} is valid: ${bundle.plan.name}, ${bundle.plan.steps.length} steps. It would push ${size}:`,
    );
    for (const file of bundle.files) output.line(`  ${file}`);
    return;
  }
  const server = client();
  const project = await server.project(options.project);
  const query = new URLSearchParams({
    definition: options.definition,
    dirty: String(bundle.isDirty),
    ...(bundle.commit !== null && { commit: bundle.commit }),
  });
  const body = new Uint8Array(bundle.archive);
  const answer = await server.upload(
    `/api/v1/projects/${project.id}/pipelines?${query}`,
    { body, contentType: "application/gzip" },
    pushed,
  );
  const from =
    bundle.commit === null
      ? "no commit"
      : `commit ${bundle.commit.slice(0, 7)}${bundle.isDirty ? " with changes" : ""}`;
  output.line(
    answer.isNew
      ? `Pushed ${answer.name} v${answer.version} to ${project.slug} (${size}, ${from}).`
      : `${answer.name} v${answer.version} in ${project.slug} is this source already; nothing changed.`,
  );
}

export async function listPipelines(client: Client, named: string | null): Promise<readonly (readonly string[])[]> {
  const project = await client.project(named);
  const rows = await client.get(`/api/v1/projects/${project.id}/pipelines`, pipelines);
  return rows.map(({ name, version, kind, commit, isDirty }) => [
    name,
    `v${version}`,
    kind,
    commit === null ? "no commit" : `${commit.slice(0, 7)}${isDirty ? " with changes" : ""}`,
  ]);
}
