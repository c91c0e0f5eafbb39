#!/usr/bin/env node
import path from "node:path";
import { fileURLToPath } from "node:url";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`countersign needs Node 20.19 or later; this is Node ${process.versions.node}.`);
  process.exit(2);
}

const folder = path.dirname(fileURLToPath(import.meta.url));
try {
  const { register } = await import("tsx/esm/api");
  // Run from anywhere: the path aliases are this checkout's, not those of the folder that the person is in.
  register({ tsconfig: path.join(folder, "..", "tsconfig.json") });
} catch {
  console.error('The packages of Countersign are not installed; run "npm install" in its folder.');
  process.exit(2);
}
const { main } = await import("./main.ts");
process.exitCode = await main(process.argv);
