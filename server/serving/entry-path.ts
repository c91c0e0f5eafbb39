import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export type Entry = { readonly file: string; readonly execArgv: readonly string[] };

/**
 * Where another entry of this program lies, by its path in the source without ending: beside this code as
 * TypeScript (then run through tsx), else in the build (`dist/`), found by walking up from here.
 */
export function entryPath(name: string): Entry {
  const here = fileURLToPath(import.meta.url);
  const isSource = here.endsWith(".ts");
  for (let folder = path.dirname(here); ; folder = path.dirname(folder)) {
    const candidates = isSource ? [`${name}.ts`] : [`${name}.js`, `dist/${name}.js`];
    const found = candidates.map((candidate) => path.join(folder, candidate)).find((file) => existsSync(file));
    if (found)
      return {
        file: found,
        execArgv: isSource ? ["--import", pathToFileURL(createRequire(here).resolve("tsx")).href] : [],
      };
    if (folder === path.dirname(folder)) throw new Error(`The entry ${name} is not in the build.`);
  }
}
