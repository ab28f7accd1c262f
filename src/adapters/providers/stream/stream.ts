// The transcript of a streamed answer: the text, its timing, the usage, which model answered, and how it ended.
import { APIError } from "openai";
import type { Usage } from "../../../ports/models.ts";
import type { CallFailure } from "../failure.ts";
import { plainError } from "../provider-error.ts";

export const NO_USAGE: Usage = { promptTokens: null, responseTokens: null, cachedTokens: null, reasoningTokens: null };

export type JsonRecord = Readonly<Record<string, unknown>>;
const NOTHING: JsonRecord = {};

/** The transcript so far; grows with each chunk. Reasoning text is timed but not kept. */
export interface Transcript {
  readonly parts: string[];
  chars: number;
  /** Clock reading at the first chunk with content or reasoning text: the role chunk does not count. */
  firstTextAt: number | null;
  /** The same, reasoning left out. */
  firstOutputAt: number | null;
  lastTextAt: number | null;
  /** Milliseconds between chunks with text. */
  readonly gapsMs: number[];
  usage: Usage;
  finish: string | null;
  refused: boolean;
  /** Clock reading at the end mark. */
  doneAt: number | null;
  /** The model that the answer names. */
  servedModel: string | null;
}

/** Consumes one frame, whatever the server put into it. Throws an `APIError` for an error frame. */
export type ReadFrame = (transcript: Transcript, frame: unknown, now: number) => void;

export type FailedStream = { readonly outcome: "failed" } & CallFailure;
export type StreamEnding = FailedStream | { readonly outcome: "answered"; readonly text: string };

export function newTranscript(): Transcript {
  return {
    parts: [],
    chars: 0,
    firstTextAt: null,
    firstOutputAt: null,
    lastTextAt: null,
    gapsMs: [],
    usage: NO_USAGE,
    finish: null,
    refused: false,
    doneAt: null,
    servedModel: null,
  };
}

/** A piece of the answer, or of the reasoning before it. */
export function addText(transcript: Transcript, piece: { readonly content: string; readonly reasoning: string }, now: number): void {
  const { content, reasoning } = piece;
  if (content === "" && reasoning === "") return;
  if (transcript.lastTextAt !== null) transcript.gapsMs.push(now - transcript.lastTextAt);
  transcript.lastTextAt = now;
  transcript.firstTextAt ??= now;
  if (content === "") return;
  transcript.firstOutputAt ??= now;
  transcript.parts.push(content);
  transcript.chars += content.length;
}

/** Throws an error frame as the SDK would have thrown it. */
export function throwError(error: unknown): void {
  if (error === null || error === undefined || error === false || error === "") return;
  throw new APIError(undefined, plainError(error), undefined, undefined);
}

/** How a finished stream ended. Without a finish reason it was truncated, however complete it looks. */
export function endingOf(transcript: Transcript): StreamEnding {
  const { finish, chars, refused } = transcript;
  if (finish === null) return failed("cut-stream", `the stream ended after ${chars} characters without a finish reason`);
  if (finish === "length") return failed("truncated", `the output limit was reached after ${chars} characters`);
  if (finish === "content_filter" || refused) return failed("refusal", "the model or its provider refused to answer");
  if (finish !== "stop" && finish !== "tool_calls") return failed("server-error", `the server ended the answer with ${finish}`);
  const text = transcript.parts.join("");
  return text.trim() === "" ? failed("empty-answer", "the answer has no text") : { outcome: "answered", text };
}

export function failed(failure: CallFailure["failure"], detail: string): FailedStream {
  return { outcome: "failed", failure, detail };
}

export function isObject(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null;
}

export function object(value: unknown): JsonRecord {
  return isObject(value) ? value : NOTHING;
}

export function array(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function string(value: unknown): string {
  return typeof value === "string" ? value : "";
}

export function tokenCount(value: unknown): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
}
