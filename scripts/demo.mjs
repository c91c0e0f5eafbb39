import { bootstrap } from "./bootstrap/bootstrap.mjs";

await bootstrap("scripts/run/demo.ts", { needsPython: true });
