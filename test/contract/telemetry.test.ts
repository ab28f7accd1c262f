// Telemetry to a collector: what it gets, and what is told where it takes nothing.
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { sendOtlp } from "../../src/adapters/telemetry/otlp-http.ts";

const DOCUMENTS = { traces: ['{"resourceSpans":[]}', '{"resourceSpans":[{}]}'], metrics: ['{"resourceMetrics":[]}'] };

let server: Server;
let endpoint: string;
let answer: { readonly status: number; readonly body: string };
let got: { readonly path: string | undefined; readonly headers: IncomingHttpHeaders; readonly body: string }[];

beforeEach(async () => {
  answer = { status: 200, body: "{}" };
  got = [];
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      got.push({ path: request.url, headers: request.headers, body: Buffer.concat(parts).toString() });
      response.writeHead(answer.status).end(answer.body);
    });
  });
  await new Promise<void>((listening) => void server.listen(0, "127.0.0.1", listening));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => new Promise((closed) => void server.close(closed)));

it("sends each document to its signal's path, with the headers of the environment", async () => {
  await sendOtlp(`${endpoint}/`, DOCUMENTS, "x-token=a%20b, other=c");
  expect(got.map(({ path }) => path)).toEqual(["/v1/traces", "/v1/traces", "/v1/metrics"]);
  expect(got.map(({ body }) => body)).toEqual([...DOCUMENTS.traces, ...DOCUMENTS.metrics]);
  expect(got[0]?.headers).toMatchObject({ "content-type": "application/json", "x-token": "a b", other: "c" });
});

it.each([
  ["refuses", { status: 503, body: "" }, "HTTP 503"],
  ["takes a part", { status: 200, body: '{"partialSuccess":{"rejectedSpans":"3","errorMessage":"too many"}}' }, "only a part"],
  ["sends elsewhere", { status: 307, body: "" }, "not taken"],
])("is lost, with the reason, where the collector %s", async (_, what, why) => {
  answer = what;
  await expect(sendOtlp(endpoint, DOCUMENTS, undefined)).rejects.toMatchObject({ code: "environment", message: expect.stringContaining(why) as string });
});

it("is lost where nobody listens, without a header in the message", async () => {
  const error = await sendOtlp("http://127.0.0.1:9", DOCUMENTS, "authorization=secret-value").catch((one: unknown) => one);
  expect(error).toMatchObject({ code: "environment" });
  expect(String(error)).not.toContain("secret-value");
});
