// The scenes that a rehearsal server plays: how one request is answered, chunk for chunk, or goes wrong.
import type { ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { Scene, SeenRequest, Stage } from "./rehearsal-stage.ts";
import type { DialectName } from "../../src/core/policy/candidate/dialect.ts";

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
  /** Prompt tokens that came from the cache. */
  readonly cached?: number | null;
}

const REASONING_KEY = { sglang: "reasoning_content", vllm: "reasoning", openai: null } as const;

/** Says the line in the dialect's order: role, reasoning, content, finish, usage, [DONE]; or as events of a response. */
export function says(line: Line): Scene {
  return async (stage) => {
    const { request, response, played } = stage;
    openStream(response);
    const script = request.path === "/v1/responses" ? asResponse(stage.dialect, request, line) : asChat(stage.dialect, request, line);
    sendFrames(response, script.opening);
    const firstAt = stage.since() + (line.firstMs ?? 0);
    await until(stage, firstAt);
    for (const [index, text] of script.texts.entries()) {
      if (response.destroyed) return;
      if (index > 0 && line.betweenMs) await until(stage, firstAt + index * line.betweenMs);
      sendFrames(response, [text]);
      played.firstTextMs ??= stage.since();
    }
    sendFrames(response, script.closing);
    response.end(script.end);
    played.endMs = stage.since();
  };
}

/** Timers may fire early or late by a millisecond: the schedule does not drift with them. */
async function until(stage: Stage, ms: number): Promise<void> {
  const left = ms - stage.since();
  if (left > 0) await pause(left);
}

interface Script {
  readonly opening: readonly unknown[];
  readonly texts: readonly unknown[];
  readonly closing: readonly unknown[];
  readonly end: string;
}

function asChat(dialect: DialectName, request: SeenRequest, line: Line): Script {
  const framed = (delta: Readonly<Record<string, unknown>>, finish: string | null = null) => ({
    ...(JSON.parse(chunk(delta, finish)) as object),
    model: request.body["model"],
  });
  const finish = line.finish === null ? [] : [framed({}, line.finish ?? "stop")];
  const usage = line.usage === false ? [] : [{ object: "chat.completion.chunk", model: request.body["model"], choices: [], usage: usageOf(dialect, line) }];
  return {
    opening: [framed({ role: "assistant", content: "" })],
    texts: deltasOf(dialect, line).map((delta) => framed(delta)),
    closing: [...finish, ...usage],
    end: "data: [DONE]\n\n",
  };
}

function asResponse(dialect: DialectName, request: SeenRequest, line: Line): Script {
  const response = { id: "resp-1", object: "response", model: request.body["model"], status: "in_progress" };
  const thoughts = (line.reasoning ?? []).map((delta) => ({ type: "response.reasoning_summary_text.delta", delta }));
  const texts = (line.content ?? []).map((delta) => ({ type: "response.output_text.delta", output_index: 0, content_index: 0, delta }));
  const told = usageOf(dialect, line);
  const usage = {
    input_tokens: told.prompt_tokens,
    input_tokens_details: told.prompt_tokens_details,
    output_tokens: told.completion_tokens,
    output_tokens_details: { reasoning_tokens: 8 },
  };
  const { finish = "stop" } = line;
  const reason = finish === "length" ? "max_output_tokens" : finish;
  const closing =
    finish === "stop"
      ? { type: "response.completed", response: { ...response, status: "completed", usage } }
      : { type: "response.incomplete", response: { ...response, status: "incomplete", incomplete_details: { reason }, usage } };
  return {
    opening: [
      { type: "response.created", response },
      { type: "response.in_progress", response },
    ],
    texts: [...thoughts, ...texts],
    closing: finish === null ? [] : [closing],
    end: "",
  };
}

/** Answers with a status and a JSON body. */
export function answers(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Scene {
  return ({ response }) => sendJson(response, status, body, headers);
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

/** SGLang's full queue while streaming: HTTP 200, and the error in a frame. */
export function overloads(): Scene {
  const error = { object: "error", message: "The request queue is full.", type: "SERVICE_UNAVAILABLE", code: 503 };
  return streams([JSON.stringify({ error }), "[DONE]"], "ends");
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

function deltasOf(dialect: DialectName, line: Line): readonly Readonly<Record<string, unknown>>[] {
  const key = REASONING_KEY[dialect];
  const reasoning = key === null ? [] : (line.reasoning ?? []).map((text) => ({ [key]: text }));
  return [...reasoning, ...(line.content ?? []).map((content) => ({ content }))];
}

function usageOf(dialect: DialectName, { cached = 64 }: Line) {
  const details = cached === null ? null : { cached_tokens: cached };
  const base = { prompt_tokens: 120, completion_tokens: 34, total_tokens: 154, prompt_tokens_details: details };
  return dialect === "openai" ? { ...base, completion_tokens_details: { reasoning_tokens: 8 } } : { ...base, reasoning_tokens: 8 };
}

function openStream(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
}

function sendFrames(response: ServerResponse, frames: readonly unknown[]): void {
  for (const frame of frames) response.write(`data: ${JSON.stringify(frame)}\n\n`);
}

export function sendJson(response: ServerResponse, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}
