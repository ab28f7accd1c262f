// The transcript of a streamed answer: the text, its timing, the usage, which model answered, and how it ended.
import type { Usage } from "../../../ports/models.ts";
import { isSameModel } from "../../../core/policy/candidate/served-name.ts";
import type { CallFailure } from "../failure.ts";
import { ProviderError } from "../provider-error.ts";
import { type TextPiece, ThinkingSplitter } from "./thinking.ts";

export const NO_USAGE: Usage = { promptTokens: null, responseTokens: null, cachedTokens: null, reasoningTokens: null };

export type JsonRecord = Readonly<Record<string, unknown>>;
const NOTHING: JsonRecord = {};

/** Longer reasoning is timed, and not kept. */
const REASONING_CHARS = 1_000_000;

/** The transcript so far; grows with each chunk. */
export interface Transcript {
  readonly parts: string[];
  chars: number;
  readonly reasoning: string[];
  reasoningChars: number;
  readonly thinking: ThinkingSplitter;
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
  /** Another model that a later chunk names. */
  otherModel: string | null;
}

/** Consumes one frame, whatever the server put into it. Throws a `ProviderError` for an error frame. */
export type ReadFrame = (transcript: Transcript, frame: unknown, now: number) => void;

export type FailedStream = { readonly outcome: "failed" } & CallFailure;
export type StreamEnding = FailedStream | { readonly outcome: "answered"; readonly text: string };

export function newTranscript(): Transcript {
  return {
    parts: [],
    chars: 0,
    reasoning: [],
    reasoningChars: 0,
    thinking: new ThinkingSplitter(),
    firstTextAt: null,
    firstOutputAt: null,
    lastTextAt: null,
    gapsMs: [],
    usage: NO_USAGE,
    finish: null,
    refused: false,
    doneAt: null,
    servedModel: null,
    otherModel: null,
  };
}

/** A piece of the answer, or of the reasoning before it, as the server sends them. */
export function addText(transcript: Transcript, { content, reasoning }: TextPiece, now: number): void {
  if (content === "" && reasoning === "") return;
  if (transcript.lastTextAt !== null) transcript.gapsMs.push(now - transcript.lastTextAt);
  transcript.lastTextAt = now;
  transcript.firstTextAt ??= now;
  keepReasoning(transcript, reasoning);
  if (content !== "") keep(transcript, transcript.thinking.feed(content), now);
}

function keep(transcript: Transcript, { content, reasoning }: TextPiece, now: number | null): void {
  keepReasoning(transcript, reasoning);
  if (content === "") return;
  transcript.firstOutputAt ??= now;
  transcript.parts.push(content);
  transcript.chars += content.length;
}

function keepReasoning(transcript: Transcript, text: string): void {
  if (text === "" || transcript.reasoningChars > REASONING_CHARS) return;
  transcript.reasoning.push(text);
  transcript.reasoningChars += text.length;
}

/** Servers name the model in every chunk; Azure's first has an empty name. */
export function addModel(transcript: Transcript, named: unknown): void {
  const name = string(named);
  if (name === "") return;
  transcript.servedModel ??= name;
  if (!isSameModel(transcript.servedModel, name)) transcript.otherModel = name;
}

/** Throws what an error frame tells. */
export function throwError(error: unknown): void {
  if (error === null || error === undefined || error === false || error === "") return;
  throw new ProviderError(error);
}

/** What servers call the end of an answer; an own map, so that no name is one of an object's own. */
const FINISHES: Readonly<Record<string, "whole" | "length" | "refused" | "overload">> = Object.assign(
  Object.create(null) as object,
  {
    stop: "whole",
    tool_calls: "whole",
    eos: "whole",
    eos_token: "whole",
    stop_sequence: "whole",
    end_turn: "whole",
    length: "length",
    max_tokens: "length",
    model_length: "length",
    model_context_window_exceeded: "length",
    content_filter: "refused",
    safety: "refused",
    recitation: "refused",
    blocklist: "refused",
    prohibited_content: "refused",
    refusal: "refused",
    insufficient_system_resource: "overload",
  } as const,
);

/** How a finished stream ended. Without a finish reason it was truncated, however complete it looks. */
export function endingOf(transcript: Transcript): StreamEnding {
  keep(transcript, transcript.thinking.end(), transcript.lastTextAt);
  const { finish, chars, refused } = transcript;
  if (finish === null) return failed("cut-stream", `the stream ended after ${chars} characters without a finish reason`);
  const meaning = FINISHES[finish.toLowerCase()] ?? "broken";
  if (meaning === "length") return failed("truncated", `the output limit was reached after ${chars} characters`);
  if (meaning === "refused" || refused) return failed("refusal", "the model or its provider refused to answer");
  if (meaning === "overload") return failed("overload", `the server ended the answer with ${finish}`);
  if (meaning === "broken") return failed("server-error", `the server ended the answer with ${finish}`);
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
