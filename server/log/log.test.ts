import { DrizzleQueryError } from "drizzle-orm";
import { expect, test } from "vitest";
import { createLogger } from "./log";

function printed(write: (log: ReturnType<typeof createLogger>) => void): {
  readonly text: string;
  readonly line: Record<string, unknown>;
} {
  let text = "";
  const stream = {
    write: (chunk: string) => {
      text += chunk;
    },
  };
  write(createLogger("test", "info", stream));
  return { text, line: JSON.parse(text) };
}

const failure = () =>
  new DrizzleQueryError(
    "insert into users (email, password_hash) values ($1, $2)",
    ["ada@example.test", "$argon2id$v=19$hash"],
    Object.assign(new Error("connection refused"), { code: "ECONNREFUSED", detail: "Key (email)=(ada@example.test)" }),
  );

test("a failed query is printed with its statement and cause, never with its parameters", () => {
  const { text, line } = printed((log) => log.error({ err: failure() }, "a request failed"));
  expect(text).not.toMatch(/argon2id|ada@example/);
  expect(line.err).toMatchObject({
    message: "Failed query: insert into users (email, password_hash) values ($1, $2): connection refused",
    stack: expect.stringContaining("log.test.ts"),
    cause: { code: "ECONNREFUSED" },
  });
});

test("a failed query behind another error, or logged without words, keeps its parameters to itself too", () => {
  const outer = new Error("The request failed.", { cause: failure() });
  for (const write of [
    (log: ReturnType<typeof createLogger>) => log.error({ err: outer }, "x"),
    (log: ReturnType<typeof createLogger>) => log.error({ err: failure() }),
    (log: ReturnType<typeof createLogger>) => log.error(failure()),
  ]) {
    const { text } = printed(write);
    expect(text).not.toMatch(/argon2id|ada@example/);
    expect(text).toContain("insert into users");
  }
});
