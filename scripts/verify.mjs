import { bootstrap } from "./bootstrap/bootstrap.mjs";

await bootstrap("scripts/test/verify.ts", { needsPython: false });
