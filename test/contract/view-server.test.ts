// The viewer's server: this machine, this address, reading only; a page from elsewhere gets nothing.
import { request } from "node:http";
import { networkInterfaces } from "node:os";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startViewServer } from "../../src/adapters/view/server.ts";
import type { ViewServer } from "../../src/ports/view-server.ts";

const asked: string[] = [];
let server: ViewServer;
beforeAll(async () => {
  server = await startViewServer(async (file) => {
    asked.push(file);
    return { status: file === "gone.html" ? 404 : 200, type: "text/html", body: `<p>${file}</p>` };
  }, 0);
});
afterAll(() => server.close());

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

/** As written: `fetch` would correct the headers that matter here. */
function ask(
  path: string,
  { method = "GET", headers = {}, host }: { readonly method?: string; readonly headers?: Record<string, string>; readonly host?: string } = {},
): Promise<Answer> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const sent = request({ host: host ?? hostname, port, path, method, headers }, (answer) => {
      let body = "";
      answer.on("data", (piece) => (body += String(piece)));
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }));
    });
    sent.on("error", reject);
    sent.end();
  });
}

const path = (file: string): string => new URL(file, server.url).pathname;

it("answers who has the address, with a content policy that lets nothing in", async () => {
  const { status, headers, body } = await ask(path("run-a.html"));
  expect([status, body]).toEqual([200, "<p>run-a.html</p>"]);
  expect(headers["content-security-policy"]).toMatch(/^default-src 'none'; style-src 'self'; script-src 'self';/);
  expect(headers["content-security-policy"]).not.toContain("unsafe");
  expect(headers).toMatchObject({ "x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "cache-control": "no-store" });
  expect((await ask(path("gone.html"))).status).toBe(404);
  expect((await ask(new URL(server.url).pathname)).status).toBe(200);
});

it("has a token of at least 128 bits, another one each time", async () => {
  const other = await startViewServer(async () => ({ status: 200, type: "text/html", body: "" }), 0);
  const [a, b] = [server.url, other.url].map((url) => new URL(url).pathname.replaceAll("/", ""));
  await other.close();
  expect(a?.length).toBeGreaterThanOrEqual(22);
  expect(a).not.toBe(b);
});

describe("refuses, and asks nobody for the page", () => {
  const refused = async (answer: Promise<Answer>, status: number): Promise<void> => {
    const before = asked.length;
    expect((await answer).status).toBe(status);
    expect(asked.length).toBe(before);
  };

  it.each(["/", "/index.html", "/x/index.html", `/${"A".repeat(32)}/index.html`])("without the token: %s", (wrong) => refused(ask(wrong), 404));

  it.each(["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])("%s", (method) => refused(ask(path("run-a.html"), { method }), 405));

  it.each([
    ["a name that resolves here", { host: "evil.example" }],
    ["another port's name", { host: "127.0.0.1:1" }],
    ["a page from elsewhere", { origin: "https://evil.example" }],
    ["a page without an origin", { origin: "null" }],
    ["another port's page", { origin: "http://127.0.0.1:1" }],
    ["another site's request", { "sec-fetch-site": "cross-site" }],
    ["a sibling site's request", { "sec-fetch-site": "same-site" }],
  ])("%s", (_, headers) => refused(ask(path("run-a.html"), { headers: headers as unknown as Record<string, string> }), 403));

  it("a folder above", () => refused(ask(`${path("")}../../etc/passwd`), 404));
});

it("takes its own page's requests", async () => {
  const { origin } = new URL(server.url);
  expect((await ask(path("run-a.html"), { headers: { origin, "sec-fetch-site": "same-origin" } })).status).toBe(200);
});

it("does not listen on any other address of this machine", async () => {
  const others = Object.values(networkInterfaces()).flatMap((found) =>
    (found ?? []).filter(({ internal, family }) => !internal && family === "IPv4").map(({ address }) => address),
  );
  for (const host of others) await expect(ask(path("run-a.html"), { host })).rejects.toThrow(/ECONNREFUSED|EHOSTUNREACH/);
});

it("says where it can't listen", async () => {
  const { port } = new URL(server.url);
  await expect(startViewServer(async () => ({ status: 200, type: "text/html", body: "" }), Number(port))).rejects.toEqual(
    expect.objectContaining({ code: "environment" }),
  );
});
