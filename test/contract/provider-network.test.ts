// Between the provider and its server: compressed bodies, redirects, connections gone stale, proxies, private certificates, servers without schemas.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer as createHttp, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createHttps } from "node:https";
import { type AddressInfo, connect as connectSocket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { openAiCompatibleProvider } from "../../src/adapters/providers/openai-compatible.ts";
import { probeReady } from "../../src/adapters/providers/ready.ts";
import type { ModelReply, ModelRequest } from "../../src/ports/models.ts";
import { whole } from "../servers/corpus/case.ts";
import { CLOCK, requestOf } from "../servers/material.ts";
import { closeServer } from "../servers/rehearsal-server.ts";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
const open: Server[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(open.splice(0).map(closeServer));
});

async function listen(server: Server): Promise<number> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

const serve = async (answer: Answer): Promise<string> => `http://127.0.0.1:${await listen(createHttp(answer))}/v1`;

const says: Answer = (_, response) => {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.end(whole);
};

interface At {
  readonly endpoint: string;
  readonly ca?: string;
}

const providerAt = ({ endpoint, ca }: At) =>
  openAiCompatibleProvider({
    name: "local",
    kind: "vllm",
    api: "chat",
    endpoint,
    ca: ca ?? null,
    apiKey: "k",
    clock: CLOCK,
    models: { alias: { model: "m-1", effort: null, temperature: null, maxOutputTokens: 100 } },
    limits: { maxAnswerChars: 2000, connectMs: 1000, firstTokenMs: 2000, idleMs: 2000 },
  });

const ask = (provider: ReturnType<typeof providerAt>, facts: Partial<ModelRequest> = {}): Promise<ModelReply> =>
  provider.call(requestOf({ model: "alias", ...facts }), new AbortController().signal);

describe("a compressed stream", () => {
  test.each([
    ["gzip", gzipSync],
    ["br", brotliCompressSync],
    ["deflate", deflateSync],
  ] as const)("is read: %s", async (encoding, pack) => {
    const endpoint = await serve((_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream", "content-encoding": encoding });
      response.end(pack(whole));
    });
    expect(await ask(providerAt({ endpoint }))).toMatchObject({ outcome: "answered", text: "fine" });
  });
  test("that is none is a broken one", async () => {
    const endpoint = await serve((_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream", "content-encoding": "gzip" });
      response.end(whole);
    });
    expect(await ask(providerAt({ endpoint }))).toMatchObject({ outcome: "failed", failure: "cut-stream" });
  });
  test("of an error is read too", async () => {
    const endpoint = await serve((_, response) => {
      response.writeHead(503, { "content-type": "application/json", "content-encoding": "gzip" });
      response.end(gzipSync('{"error":{"message":"busy"}}'));
    });
    expect(await ask(providerAt({ endpoint }))).toMatchObject({ failure: "overload", detail: "503 busy" });
  });
});

describe("a redirect", () => {
  const redirecting =
    (location: string, status: number): Answer =>
    (request, response) => {
      if (request.url !== "/v1/chat/completions") return says(request, response);
      response.writeHead(status, { location });
      response.end("moved");
    };
  test.each([301, 302, 307, 308])("on the same origin is followed with the request as it is: %i", async (status) => {
    const seen: string[] = [];
    const endpoint = await serve((request, response) => {
      seen.push(`${request.method} ${request.headers.authorization}`);
      redirecting("/v2/chat/completions", status)(request, response);
    });
    expect(await ask(providerAt({ endpoint }))).toMatchObject({ outcome: "answered" });
    expect(seen).toEqual(["POST Bearer k", "POST Bearer k"]);
  });
  test("to another origin is not, and says where it goes", async () => {
    const elsewhere = await serve(says);
    const endpoint = await serve(redirecting(`${elsewhere}/chat/completions`, 307));
    expect(await ask(providerAt({ endpoint }))).toMatchObject({ failure: "server-error", detail: expect.stringContaining(elsewhere) as string });
  });
  test("in a circle ends", async () => {
    const endpoint = await serve(redirecting("/v1/chat/completions", 307));
    expect(await ask(providerAt({ endpoint }))).toMatchObject({ failure: "server-error" });
  });
});

describe("a connection that the server closed while it was idle", () => {
  test("costs no answer: the request goes out once more, and that is said", async () => {
    let calls = 0;
    const endpoint = await serve((request, response) => {
      calls += 1;
      if (calls === 2) return void request.socket.destroy();
      says(request, response);
    });
    const provider = providerAt({ endpoint });
    expect(await ask(provider)).not.toHaveProperty("reconnected");
    expect(await ask(provider)).toMatchObject({ outcome: "answered", reconnected: true });
    expect(calls).toBe(3);
  });
  test("is not taken for one that never worked", async () => {
    let calls = 0;
    const endpoint = await serve((request) => {
      calls += 1;
      request.socket.destroy();
    });
    expect(await ask(providerAt({ endpoint }))).toMatchObject({ failure: "server-error" });
    expect(calls).toBe(1);
  });
});

describe("a proxy of the environment", () => {
  /** Takes every request to this machine, whatever host it asks for. */
  async function proxyTo(port: number): Promise<{ readonly url: string; readonly asked: string[] }> {
    const asked: string[] = [];
    const proxy = createHttp();
    proxy.on("connect", (request, socket) => {
      asked.push(request.url ?? "");
      const onward = connectSocket(port, "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        onward.pipe(socket).pipe(onward);
      });
      for (const one of [onward, socket]) one.on("error", () => undefined);
    });
    return { url: `http://127.0.0.1:${await listen(proxy)}`, asked };
  }
  test("is used for servers elsewhere, unless NO_PROXY names them", async () => {
    const { url, asked } = await proxyTo(await listen(createHttp(says)));
    vi.stubEnv("HTTP_PROXY", url);
    expect(await ask(providerAt({ endpoint: "http://models.invalid/v1" }))).toMatchObject({ outcome: "answered" });
    expect(asked).toEqual(["models.invalid:80"]);
    vi.stubEnv("NO_PROXY", "models.invalid");
    expect(await ask(providerAt({ endpoint: "http://models.invalid/v1" }))).toMatchObject({ failure: "refused-connection" });
  });
  test("is never used for servers of this machine", async () => {
    vi.stubEnv("HTTP_PROXY", "http://127.0.0.1:9");
    expect(await ask(providerAt({ endpoint: await serve(says) }))).toMatchObject({ outcome: "answered" });
  });
});

describe("a private certificate", () => {
  const folder = mkdtempSync(join(tmpdir(), "bakeoff-ca-"));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
  execFileSync(
    "openssl",
    ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", cert, "-days", "2", ...subject],
    { stdio: "ignore" },
  );
  const ca = readFileSync(cert, "utf8");
  afterAll(() => rmSync(folder, { recursive: true }));
  const start = async () => `https://127.0.0.1:${await listen(createHttps({ key: readFileSync(key), cert: ca }, says))}/v1`;

  test("is refused with what to do about it", async () => {
    const endpoint = await start();
    const detail = expect.stringMatching(/self-signed: let ca_env/) as string;
    expect(await ask(providerAt({ endpoint }))).toMatchObject({ failure: "refused-connection", detail });
    expect(await probeReady({ endpoint, model: "m-1", apiKey: null, timeoutMs: 1000, clock: CLOCK })).toMatchObject({ ready: false, reason: detail });
  });
  test("is taken where its CA is named", async () => {
    expect(await ask(providerAt({ endpoint: await start(), ca }))).toMatchObject({ outcome: "answered" });
  });
  test("of a server that speaks no TLS is none", async () => {
    const endpoint = (await serve(says)).replace("http:", "https:");
    expect(await ask(providerAt({ endpoint }))).toMatchObject({ failure: "refused-connection", detail: expect.stringContaining("write http://") as string });
  });
});

describe("an address without /v1", () => {
  test("is answered with the one that is probably meant", async () => {
    const endpoint = (await serve((_, response) => void response.writeHead(404).end("Not Found"))).replace("/v1", "");
    const hint = expect.stringContaining(`is ${endpoint}/v1 meant?`) as string;
    expect(await ask(providerAt({ endpoint }))).toMatchObject({ failure: "model-not-found", detail: hint });
    expect(await probeReady({ endpoint, model: "m-1", apiKey: null, timeoutMs: 1000, clock: CLOCK })).toMatchObject({ reason: hint });
  });
});

describe("a server that can't hold an answer to a schema", () => {
  const schema = { name: "edits", schema: { type: "object" } };
  test("is asked for the next best form, which is remembered for its model", async () => {
    const forms: unknown[] = [];
    const endpoint = await serve(async (request, response) => {
      let text = "";
      for await (const part of request.setEncoding("utf8")) text += part;
      const form = (JSON.parse(text) as { response_format?: { type: string } }).response_format?.type ?? "none";
      forms.push(form);
      if (form === "none") return says(request, response);
      response.writeHead(400, { "content-type": "application/json" });
      response.end(`{"error":{"message":"response_format of type ${form} is not supported","code":400}}`);
    });
    const provider = providerAt({ endpoint });
    expect(await ask(provider, { schema })).toMatchObject({ failure: "bad-request", formRefused: true });
    expect(await ask(provider, { schema })).toMatchObject({ failure: "bad-request", formRefused: true, outputForm: "json_object" });
    expect(await ask(provider, { schema })).toMatchObject({ outcome: "answered", outputForm: "none" });
    await ask(provider, { schema });
    expect(forms).toEqual(["json_schema", "json_object", "none", "none"]);
  });
});
