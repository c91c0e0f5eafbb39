"use client";
import "./globals.css";

/** Where even the frame failed: plain, without anything that could fail again. */
export default function GlobalError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <html lang="en">
      <body>
        <main className="mx-auto flex min-h-dvh max-w-md flex-col items-center justify-center gap-3 px-6 text-center">
          <h1 className="text-xl font-semibold">Countersign could not show this page</h1>
          <p className="text-sm text-muted">
            The server's log has the cause{error.digest ? ` under ${error.digest}` : ""}.
          </p>
          <button
            type="button"
            onClick={reset}
            className="h-8 rounded-md bg-accent px-3 text-sm font-semibold text-on-accent"
          >
            Try again
          </button>
        </main>
      </body>
    </html>
  );
}
