// The viewer's server: this machine only, with a token in the address, reading only, and a content policy that lets nothing in from elsewhere.
import { randomBytes, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import type { Server } from "node:http";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { BakeoffError, messageOf } from "../../core/base/errors.ts";
import type { AnswerPage, ViewServer } from "../../ports/view-server.ts";

const HOST = "127.0.0.1";

const HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=(), clipboard-write=(self)",
  "cache-control": "no-store",
};

/** Answers only who knows the token, and only under its own name: a page from elsewhere can neither read it nor be read by it. */
export async function startViewServer(answer: AnswerPage, port: number): Promise<ViewServer> {
  const token = randomBytes(24).toString("base64url");
  const place = { port };
  const server = serve({ fetch: viewerApp(answer, token, place).fetch, hostname: HOST, port }) as Server;
  await listening(server, port);
  const address = server.address();
  place.port = typeof address === "object" && address !== null ? address.port : port;
  return {
    url: `http://${HOST}:${place.port}/${token}/`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function listening(server: Server, port: number): Promise<void> {
  try {
    if (!server.listening) await once(server, "listening");
  } catch (error) {
    throw new BakeoffError("environment", `${HOST}:${port} can't be listened on: ${messageOf(error)}`, "leave --port out, or name another", { cause: error });
  }
}

function viewerApp(answer: AnswerPage, token: string, place: { readonly port: number }): Hono {
  // The address that is printed ends with the token and a slash.
  const app = new Hono({ strict: false });
  app.use(async (context, next) => {
    for (const [name, value] of Object.entries(HEADERS)) context.header(name, value);
    const { method } = context.req;
    if (method !== "GET" && method !== "HEAD") return context.text("read-only\n", 405);
    return isOwn(context.req.raw.headers, place.port) ? next() : context.text("not from here\n", 403);
  });
  app.get("/:token/:file?", async (context) => {
    if (!isSame(context.req.param("token"), token)) return context.text("no such page\n", 404);
    const { status, type, body } = await answer(context.req.param("file") ?? "", new URL(context.req.url).searchParams);
    return context.body(body, status as 200, { "content-type": `${type}; charset=utf-8` });
  });
  app.notFound((context) => context.text("no such page\n", 404));
  return app;
}

/** By its own name, and asked by nobody else's page: a name that resolves to this machine from elsewhere is not ours. */
function isOwn(headers: Headers, port: number): boolean {
  const names = [`${HOST}:${port}`, `localhost:${port}`];
  const origin = headers.get("origin");
  const site = headers.get("sec-fetch-site");
  return (
    names.includes(headers.get("host") ?? "") &&
    (origin === null || names.some((name) => origin === `http://${name}`)) &&
    (site === null || site === "same-origin" || site === "none")
  );
}

function isSame(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}
