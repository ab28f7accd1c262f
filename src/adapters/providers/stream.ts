// A chat completion as its chunks tell it: the text, when the first of it came, the usage, how it ended.
import { APIError } from "openai";
import type { Usage } from "../../run/ports.ts";
import type { Failure } from "./failure.ts";

export const NO_USAGE: Usage = { promptTokens: null, responseTokens: null, cachedTokens: null, reasoningTokens: null };

type Json = Readonly<Record<string, unknown>>;
const NOTHING: Json = {};

/** What was heard so far; grows with each chunk. Reasoning text is timed but not kept. */
export interface Transcript {
  readonly parts: string[];
  chars: number;
  /** Clock reading at the first chunk with content or reasoning text: the role chunk does not count. */
  firstTextAt: number | null;
  usage: Usage;
  finish: string | null;
  refused: boolean;
}

export type FailedEnding = { readonly outcome: "failed" } & Failure;
export type Ending = FailedEnding | { readonly outcome: "answered"; readonly text: string };

export function newTranscript(): Transcript {
  return { parts: [], chars: 0, firstTextAt: null, usage: NO_USAGE, finish: null, refused: false };
}

/** Takes in one chunk, whatever the server put into it. Throws an `APIError` for a flat error in place of a chunk. */
export function hear(transcript: Transcript, chunk: unknown, now: number): void {
  const body = object(chunk);
  if (body["object"] === "error") throw new APIError(undefined, body, undefined, undefined);
  const choice = object(array(body["choices"])[0]);
  const delta = object(choice["delta"]);
  const content = string(delta["content"]);
  if (content + string(delta["reasoning_content"]) + string(delta["reasoning"]) !== "") transcript.firstTextAt ??= now;
  if (content !== "") transcript.parts.push(content);
  transcript.chars += content.length;
  transcript.refused ||= string(delta["refusal"]) !== "";
  transcript.finish = string(choice["finish_reason"]) || transcript.finish;
  if (typeof body["usage"] === "object" && body["usage"] !== null) transcript.usage = usageOf(object(body["usage"]));
}

/** How a stream that is over has ended. Without a finish reason it was cut, however complete it looks. */
export function endingOf(transcript: Transcript): Ending {
  const { finish, chars, refused } = transcript;
  if (finish === null) return failed("cut-stream", `the stream ended after ${chars} characters without a finish reason`);
  if (finish === "length") return failed("truncated", `the output limit was reached after ${chars} characters`);
  if (finish === "content_filter" || refused) return failed("refusal", "the model or its provider refused to answer");
  if (finish !== "stop" && finish !== "tool_calls") return failed("server-error", `the server ended the answer with ${finish}`);
  const text = transcript.parts.join("");
  return text.trim() === "" ? failed("empty-answer", "the answer has no text") : { outcome: "answered", text };
}

/** Token counts of any dialect; a count that is not given, or not a count, is null: never 0. */
function usageOf(usage: Json): Usage {
  return {
    promptTokens: count(usage["prompt_tokens"]),
    responseTokens: count(usage["completion_tokens"]),
    cachedTokens: count(object(usage["prompt_tokens_details"])["cached_tokens"]),
    reasoningTokens: count(usage["reasoning_tokens"]) ?? count(object(usage["completion_tokens_details"])["reasoning_tokens"]),
  };
}

export function failed(failure: Failure["failure"], detail: string): FailedEnding {
  return { outcome: "failed", failure, detail };
}

function object(value: unknown): Json {
  return typeof value === "object" && value !== null ? (value as Json) : NOTHING;
}

function array(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function string(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function count(value: unknown): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
}
