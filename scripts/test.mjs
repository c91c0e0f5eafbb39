import { bootstrap } from "./bootstrap/bootstrap.mjs";

await bootstrap("scripts/test/test.ts", { needsPython: true });
