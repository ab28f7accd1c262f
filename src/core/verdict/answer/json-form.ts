// The JSON of an answer held against its schema, and the words for what is wrong with it.
import type { z } from "zod";

export interface AnswerFault {
  readonly ok: false;
  readonly why: "not-json" | "schema" | "too-large";
  /** What to write instead, in one line, for the next attempt. */
  readonly detail: string;
  readonly compliant: false;
}

export type JsonAnswer<T> =
  | {
      readonly ok: true;
      readonly value: T;
      /** The whole text is one JSON value that satisfies the schema. */
      readonly compliant: boolean;
      /** Why the answer is not compliant although it could be read; empty if it is. */
      readonly note: string;
    }
  | AnswerFault;

const MAX_SHOWN_ISSUES = 3;
const MAX_DETAIL_CHARS = 600;

/** What gpt-oss leaves before its final answer where the server doesn't parse its channels. */
export const HARMONY_MARKS: readonly string[] = ["assistantfinal", "<|message|>"];

export const NOT_JSON = "the answer is not JSON: write one JSON object, and nothing else";
export const IN_PROSE = "taken out of the text around it";
export const BEHIND_HARMONY = "taken from behind harmony channel marks";

export function fault(why: AnswerFault["why"], detail: string): AnswerFault {
  return { ok: false, why, detail: detail.slice(0, MAX_DETAIL_CHARS).toWellFormed(), compliant: false };
}

/** Undefined where the text is not JSON; `null` is JSON. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly detail: string };

export function checkForm<T>(json: unknown, schema: z.ZodType<T>): Checked<T> {
  const outcome = schema.safeParse(json);
  if (!outcome.success) return { ok: false, detail: issuesText(outcome.error.issues) };
  if (!isWellFormed(outcome.data)) return { ok: false, detail: "a text holds half of a surrogate pair: write whole characters" };
  return { ok: true, value: outcome.data };
}

function issuesText(issues: readonly z.core.$ZodIssue[]): string {
  const shown = issues.slice(0, MAX_SHOWN_ISSUES).map(({ path, message }) => `${path.join(".") || "the answer"}: ${message.slice(0, 160)}`);
  const more = issues.length - shown.length;
  return shown.join("; ") + (more > 0 ? `; and ${more} more` : "");
}

/** Depth is bounded by the schema that the value satisfies. */
function isWellFormed(value: unknown): boolean {
  if (typeof value === "string") return value.isWellFormed();
  return typeof value !== "object" || value === null || Object.values(value).every(isWellFormed);
}
