// Responses that no server should give: seeded mutations of good ones, made without a socket.
import { type BodyInit, errors, Response } from "undici";
import type { Random } from "../../src/core/base/random.ts";
import { chunk } from "./rehearsal-scenes.ts";

/** What one mutated response gave out before the client had enough. */
export interface Given {
  readonly kind: string;
  /** Breaks the body that is being read, as undici does it. */
  readonly signal: AbortSignal;
  bytes: number;
}

function breakOnAbort({ signal }: Given, controller: ReadableStreamDefaultController<Uint8Array>): void {
  const abort = () => controller.error(signal.reason);
  if (signal.aborted) abort();
  else signal.addEventListener("abort", abort, { once: true });
}

type Maker = (random: Random, good: string, given: Given) => Response;

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const EVENTS = { "content-type": "text/event-stream" };

/** A good answer in either interface. */
export function goodAnswer(random: Random, api: "chat" | "responses"): string {
  const frames =
    api === "chat"
      ? [
          chunk({ role: "assistant", content: "" }),
          chunk({ [random.pick(["reasoning", "reasoning_content", "content"])]: "hm" }),
          chunk({ content: '{"edits":[]}' }),
          chunk({}, random.pick(["stop", "stop", "length", "content_filter", "abort"])),
          JSON.stringify({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 4, prompt_tokens_details: null } }),
          "[DONE]",
        ]
      : [
          JSON.stringify({ type: "response.created", response: { model: "m-1" } }),
          JSON.stringify({ type: "response.output_text.delta", delta: '{"edits":[]}' }),
          JSON.stringify({
            type: random.pick(["response.completed", "response.incomplete", "response.failed"]),
            response: { model: "m-1", usage: { input_tokens: 3 } },
          }),
        ];
  return frames.map((frame) => `data: ${frame}\n\n`).join("");
}

/** A stream in pieces of a few bytes to many, counted as it is taken. */
function inPieces(random: Random, bytes: Uint8Array, given: Given, end: "ends" | "stalls" | "breaks" = "ends"): Response {
  let at = 0;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => breakOnAbort(given, controller),
    pull: (controller) => {
      if (at >= bytes.length) {
        if (end === "ends") controller.close();
        if (end === "breaks") controller.error(new errors.SocketError("other side closed"));
        return end === "stalls" ? new Promise<void>(() => undefined) : undefined;
      }
      const piece = bytes.subarray(at, at + 1 + random.int(200));
      at += piece.length;
      given.bytes += piece.length;
      controller.enqueue(piece);
      return undefined;
    },
  });
  return new Response(body as BodyInit, { headers: EVENTS });
}

/** Gives the same block until it is no longer wanted. */
function endless(block: Uint8Array, given: Given): Response {
  const body = new ReadableStream<Uint8Array>(
    {
      start: (controller) => breakOnAbort(given, controller),
      pull: async (controller) => {
        // A server, too, lets others have their turn.
        await new Promise((resolve) => setImmediate(resolve));
        if (given.signal.aborted) return;
        given.bytes += block.length;
        controller.enqueue(block);
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body as BodyInit, { headers: EVENTS });
}

/** Deeper than the stack of whatever walks it. */
const DEEP = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
/** What no number or text can be made of. */
const STUBBORN = '{"toString":1,"valueOf":null}';
const WRONG_VALUES = ["null", "7", '"text"', "[]", "{}", "true", "-1", "1e999", '{"__proto__":{"a":1}}', "[null]", '"\\ud800"', STUBBORN, DEEP];

function wrongTypes(random: Random, good: string): string {
  const values = [...good.matchAll(/:("(?:[^"\\]|\\.)*"|-?\d+|null|\[[^[\]{}]*\]|\{[^{}]*\})/g)];
  const [, value = ""] = values.length === 0 ? [] : random.pick(values);
  return value === "" ? good : good.replace(value, () => random.pick(WRONG_VALUES));
}

function flipped(random: Random, good: string): Uint8Array {
  const bytes = bytesOf(good);
  for (let flips = 1 + random.int(8); flips > 0; flips -= 1) bytes[random.int(bytes.length)] = random.int(256);
  return bytes;
}

function spliced(random: Random, good: string): string {
  const at = random.int(good.length);
  const noise = random.pick([
    "\n\n",
    "data: ",
    "\u0000",
    "}",
    "]",
    "\\",
    '"',
    "\r",
    ": comment\n",
    "event: thread.x\n",
    "data: {bad\n\n",
    "<html>",
    "🦀",
    "\u2028",
  ]);
  return good.slice(0, at) + noise + good.slice(at + random.int(20));
}

const ERRORS = [
  '{"error":null}',
  '{"error":"words"}',
  '{"error":{"message":7}}',
  '{"error":[]}',
  '{"object":"error","message":{},"code":"x"}',
  '{"error":{"code":503}}',
  '{"detail":[{"loc":1}]}',
  `{"error":${DEEP}}`,
  `{"error":{"message":${DEEP}}}`,
  `{"error":{"message":"words","code":${DEEP}}}`,
  `{"error":{"message":${STUBBORN},"type":${STUBBORN},"code":${STUBBORN}}}`,
  `{"object":"error","message":"words","code":${STUBBORN}}`,
  "",
  "{",
  "<html>busy</html>",
  "[]",
  "null",
];

/** Every way in which a response is spoiled, by name. */
export const MUTATIONS: Readonly<Record<string, Maker>> = {
  truncated: (random, good, given) => inPieces(random, bytesOf(good.slice(0, random.int(good.length))), given),
  "wrong-types": (random, good, given) => inPieces(random, bytesOf(wrongTypes(random, good)), given),
  "flipped-bytes": (random, good, given) => inPieces(random, flipped(random, good), given),
  spliced: (random, good, given) => inPieces(random, bytesOf(spliced(random, good)), given),
  "frames-shuffled": (random, good, given) => inPieces(random, bytesOf(random.shuffle(good.split("\n\n")).join("\n\n")), given),
  "not-utf8": (random, good, given) =>
    inPieces(random, Buffer.concat([bytesOf(good.slice(0, random.int(good.length))), Buffer.from([0xff, 0xfe, 0xc0])]), given),
  "breaks-off": (random, good, given) => inPieces(random, bytesOf(good.slice(0, random.int(good.length))), given, "breaks"),
  stalls: (random, good, given) => inPieces(random, bytesOf(good.slice(0, random.int(good.length))), given, "stalls"),
  "endless-line": (random, _, given) => endless(bytesOf("x".repeat(1 + random.int(64 * 1024))), given),
  "endless-chunks": (random, _, given) => endless(bytesOf(`data: ${random.pick([chunk({}), chunk({ reasoning: "hm" }), "{}", "null"])}\n\n`.repeat(50)), given),
  "endless-text": (_, _good, given) => endless(bytesOf(`data: ${chunk({ content: "x".repeat(100) })}\n\n`), given),
  "endless-blank": (_, _good, given) => endless(bytesOf("\n\n: still here\n\n".repeat(500)), given),
  html: (random) =>
    new Response("<!doctype html><h1>It works</h1>", { headers: { "content-type": random.pick(["text/html", "text/plain", "application/json"]) } }),
  "html-as-stream": (random, _, given) => inPieces(random, bytesOf("<!doctype html>\n\n<h1>It works</h1>\n\n"), given),
  "whole-json": (random) => new Response(random.pick(['{"choices":[]}', "{", '"stop"', "[]"]), { headers: { "content-type": "application/json" } }),
  "error-status": (random) =>
    new Response(random.pick(ERRORS), { status: random.pick([400, 401, 402, 404, 408, 413, 418, 422, 429, 500, 502, 503, 504, 529, 599]) }),
  "error-frame": (random, good, given) =>
    inPieces(random, bytesOf(`${good.slice(0, good.indexOf("\n\n") + 2)}data: ${random.pick(ERRORS)}\n\ndata: [DONE]\n\n`), given),
  "no-body": (random) => new Response(null, { status: 200, headers: random.pick([EVENTS, {}]) }),
};
