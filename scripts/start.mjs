import { bootstrap } from "./bootstrap/bootstrap.mjs";

await bootstrap("scripts/run/start.ts", { needsPython: true });
