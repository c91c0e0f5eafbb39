import { bootstrap } from "./bootstrap/bootstrap.mjs";

await bootstrap("scripts/run/bench.ts", { needsPython: true });
