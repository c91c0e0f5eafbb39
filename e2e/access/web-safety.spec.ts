import { request as httpRequest } from "node:http";
import { expect, test } from "../fixtures";

/** A raw request: what a browser's fetch would not send. */
function send(
  url: string,
  options: { method: string; headers: Record<string, string>; body?: string },
): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method: options.method, headers: options.headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on("error", reject);
    request.end(options.body);
  });
}

test("a page runs scripts of this site alone, and no other site may frame it", async ({ page, demo }) => {
  const problems: string[] = [];
  page.on("console", (message) => {
    if (/content security policy/i.test(message.text())) problems.push(message.text());
  });
  const response = await page.goto(`${demo.url}/sign-in`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  const headers = response?.headers() ?? {};
  expect(headers["content-security-policy"]).toMatch(/script-src 'self' 'nonce-[^']+'/);
  expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
  expect(headers["x-content-type-options"]).toBe("nosniff");
  expect(problems).toEqual([]);
  const injected = await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.wasInjected = true";
    document.head.append(script);
    return "wasInjected" in window;
  });
  expect(injected).toBe(false);
});

test("a change by cookie is refused from another origin, and without JSON", async ({ as, demo }) => {
  const page = await as("R4");
  await page.goto("/account");
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const url = `${demo.url}/api/trpc/identity.createToken`;
  const body = JSON.stringify({ json: { projectId: null, name: "stolen", scopes: ["read"], expiresInDays: 1 } });
  const post = (headers: Record<string, string>) =>
    send(url, { method: "POST", headers: { cookie, "content-length": String(body.length), ...headers }, body });
  const json = { "content-type": "application/json" };
  expect(await post({ ...json, origin: "https://evil.example" })).toBe(403);
  expect(await post({ ...json, origin: "null" })).toBe(403);
  expect(await post(json)).toBe(403);
  // tRPC itself refuses what is not JSON, before anybody is asked.
  expect([403, 415]).toContain(await post({ origin: demo.url, "content-type": "text/plain" }));
  // From our own page it is heard, and refused for what it asks: only an administrator's token has no project.
  const reason = await page.evaluate(async (text) => {
    const answer = await fetch("/api/trpc/identity.createToken", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: text,
    });
    return (await answer.json()).error.json.data.reason;
  }, body);
  expect(reason).toBe("administrator_needed");
});

test("a page's address takes no large body and none of unknown length", async ({ demo }) => {
  const url = `${demo.url}/api/trpc/identity.me`;
  const headers = { "content-type": "application/json" };
  expect(await send(url, { method: "POST", headers: { ...headers, "content-length": String(3 * 1024 * 1024) } })).toBe(
    413,
  );
  expect(await send(url, { method: "POST", headers: { ...headers, "transfer-encoding": "chunked" }, body: "{}" })).toBe(
    411,
  );
});

test("a wrong token is refused with a sentence, on pages' calls and on our own routes", async ({ demo }) => {
  const headers = { authorization: "Bearer csp_of-nobody" };
  const call = await fetch(`${demo.url}/api/trpc/identity.me`, { headers });
  expect(call.status).toBe(401);
  expect((await call.json()).error.json.message).toBe("The token is unknown, expired or revoked.");
  const route = await fetch(`${demo.url}/api/v1/events`, { headers });
  expect(route.status).toBe(401);
  expect(await route.json()).toMatchObject({ error: "unauthenticated", message: expect.stringContaining("revoked") });
});
