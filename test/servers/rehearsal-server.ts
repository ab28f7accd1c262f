// A rehearsal server: plays written scenes in the chunk order of SGLang, vLLM or OpenAI; it generates nothing.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

export type Dialect = "sglang" | "vllm" | "openai";

/** One request as it came in. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Readonly<Record<string, unknown>>;
}

/** How one chat completion request is answered. */
export type Scene = (stage: Stage) => Promise<void> | void;

export interface Stage {
  readonly dialect: Dialect;
  readonly request: SeenRequest;
  readonly response: ServerResponse;
}

export interface Line {
  readonly content?: readonly string[];
  readonly reasoning?: readonly string[];
  /** Null: the stream ends without one. */
  readonly finish?: string | null;
  /** False: no usage chunk. */
  readonly usage?: boolean;
  /** Milliseconds before the first text, and between texts. */
  readonly firstMs?: number;
  readonly betweenMs?: number;
}

export interface RehearsalServer {
  /** Ends in `/v1`. */
  readonly endpoint: string;
  readonly seen: readonly SeenRequest[];
  /** TCP connections accepted so far. */
  connections(): number;
  /** Chat connections that the client closed before the scene was over. */
  abandoned(): number;
  /** The scenes of the next requests; without any left, `fallback` is played. */
  rehearse(...scenes: readonly Scene[]): void;
  /** What `GET /v1/models` answers instead of the list. */
  rehearseModels(scene: Scene): void;
  close(): Promise<void>;
}

export interface RehearsalOptions {
  readonly dialect: Dialect;
  readonly models: readonly string[];
  readonly fallback: Scene;
}

const BODY_LIMIT = 4 * 1024 * 1024;
const REASONING_KEY = { sglang: "reasoning_content", vllm: "reasoning", openai: null } as const;

interface State {
  readonly options: RehearsalOptions;
  readonly seen: SeenRequest[];
  readonly scenes: Scene[];
  modelsScene: Scene;
  connections: number;
  abandoned: number;
}

/** Starts on 127.0.0.1 and a free port. */
export async function startRehearsalServer(options: RehearsalOptions): Promise<RehearsalServer> {
  const list = { object: "list", data: options.models.map((id) => ({ id, object: "model" })) };
  const state: State = { options, seen: [], scenes: [], modelsScene: answers(200, list), connections: 0, abandoned: 0 };
  const server = createServer((incoming, response) => playNext(state, incoming, response));
  server.on("connection", () => {
    state.connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    seen: state.seen,
    connections: () => state.connections,
    abandoned: () => state.abandoned,
    rehearse: (...next) => {
      state.scenes.splice(0, state.scenes.length, ...next);
    },
    rehearseModels: (scene) => {
      state.modelsScene = scene;
    },
    close: () => closeServer(server),
  };
}

async function playNext(state: State, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const request = await readRequest(incoming);
  state.seen.push(request);
  response.on("close", () => {
    if (!response.writableFinished && request.method === "POST") state.abandoned += 1;
  });
  const stage = { dialect: state.options.dialect, request, response };
  if (request.path === "/v1/models") return state.modelsScene(stage);
  if (request.path !== "/v1/chat/completions") return sendJson(response, 404, { detail: "Not Found" });
  return (state.scenes.shift() ?? state.options.fallback)(stage);
}

/** Stops listening and ends every connection. */
export function closeServer(server: ReturnType<typeof createServer>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** Says the line in the dialect's chunk order: role, reasoning, content, finish, usage, [DONE]. */
export function says(line: Line): Scene {
  return async ({ dialect, request, response }) => {
    openStream(response);
    sendChunk(response, request, { role: "assistant", content: "" });
    await pause(line.firstMs ?? 0);
    for (const delta of deltasOf(dialect, line)) {
      if (response.destroyed) return;
      sendChunk(response, request, delta);
      if (line.betweenMs) await pause(line.betweenMs);
    }
    if (line.finish !== null) sendChunk(response, request, {}, line.finish ?? "stop");
    if (line.usage !== false) sendFrame(response, { object: "chat.completion.chunk", choices: [], usage: usageOf(dialect) });
    response.end("data: [DONE]\n\n");
  };
}

/** Answers with a status and a JSON body. */
export function answers(status: number, body: unknown): Scene {
  return ({ response }) => sendJson(response, status, body);
}

/** Answers with any text of any content type. */
export function answersText(status: number, contentType: string, text: string): Scene {
  return ({ response }) => {
    response.writeHead(status, { "content-type": contentType });
    response.end(text);
  };
}

/** Streams raw SSE data lines; then ends, breaks the connection, or falls silent. */
export function streams(frames: readonly string[], then: "ends" | "breaks" | "stalls"): Scene {
  return async ({ response }) => {
    openStream(response);
    for (const frame of frames) response.write(`data: ${frame}\n\n`);
    if (then === "ends") response.end();
    if (then !== "breaks") return;
    await pause(10); // What was written leaves the process before the socket goes.
    response.destroy();
  };
}

/** Takes the request and says nothing at all. */
export function saysNothing(): Scene {
  return () => undefined;
}

/** Breaks the connection before any header. */
export function hangsUp(): Scene {
  return ({ response }) => {
    response.destroy();
  };
}

/** Writes bytes without ever ending a frame. */
export function floods(): Scene {
  return async ({ response }) => {
    openStream(response);
    const block = `${"x".repeat(64 * 1024)}\n`;
    for (let sent = 0; sent < 200 && !response.destroyed; sent += 1) {
      response.write(`data: ${block}`);
      await pause(0);
    }
    response.end();
  };
}

/** A chunk's JSON, for scenes made of raw frames. */
export function chunk(delta: Readonly<Record<string, unknown>>, finish: string | null = null): string {
  return JSON.stringify({ id: "r-1", object: "chat.completion.chunk", created: 1, model: "m-1", choices: [{ index: 0, delta, finish_reason: finish }] });
}

async function readRequest(incoming: IncomingMessage): Promise<SeenRequest> {
  let text = "";
  for await (const part of incoming.setEncoding("utf8")) if (text.length < BODY_LIMIT) text += part;
  const body = text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
  return { method: incoming.method ?? "", path: incoming.url ?? "", headers: incoming.headers, body };
}

function deltasOf(dialect: Dialect, line: Line): readonly Readonly<Record<string, unknown>>[] {
  const key = REASONING_KEY[dialect];
  const reasoning = key === null ? [] : (line.reasoning ?? []).map((text) => ({ [key]: text }));
  return [...reasoning, ...(line.content ?? []).map((content) => ({ content }))];
}

function usageOf(dialect: Dialect): Readonly<Record<string, unknown>> {
  const base = { prompt_tokens: 120, completion_tokens: 34, total_tokens: 154, prompt_tokens_details: { cached_tokens: 64 } };
  return dialect === "openai" ? { ...base, completion_tokens_details: { reasoning_tokens: 8 } } : { ...base, reasoning_tokens: 8 };
}

function openStream(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
}

function sendChunk(response: ServerResponse, request: SeenRequest, delta: Readonly<Record<string, unknown>>, finish: string | null = null): void {
  sendFrame(response, { ...(JSON.parse(chunk(delta, finish)) as object), model: request.body["model"] });
}

function sendFrame(response: ServerResponse, frame: unknown): void {
  response.write(`data: ${JSON.stringify(frame)}\n\n`);
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
