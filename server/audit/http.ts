import type { Routes } from "../http/routes";
import { exportLines } from "./export-lines";
import { recordExport } from "./record-export";

/** The project's trail as NDJSON, oldest first: per line the exact text, its digest and its seal, enough to check it elsewhere. */
export function auditRoutes(routes: Routes): void {
  routes.project("GET", "/api/v1/projects/:projectId/audit.ndjson", "audit.export", async (_c, { ctx, scope }) => {
    await recordExport(ctx, scope);
    const lines = exportLines(ctx, scope);
    const encoder = new TextEncoder();
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const next = await lines.next();
        if (next.done) controller.close();
        else controller.enqueue(encoder.encode(next.value));
      },
      cancel: async () => void (await lines.return(undefined)),
    });
    return new Response(body, {
      headers: {
        "content-type": "application/x-ndjson",
        "content-disposition": 'attachment; filename="audit.ndjson"',
        "cache-control": "no-store",
      },
    });
  });
}
