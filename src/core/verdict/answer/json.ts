// Finds the one JSON object that a model's answer is or contains, and checks it against a schema.
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
/** How often the scan may restart: unmatched braces make it start again. */
const MAX_SCANS = 8;
const MAX_OBJECTS = 1000;
/** What gpt-oss leaves before its final answer where the server doesn't parse its channels. */
const HARMONY_MARKS = ["assistantfinal", "<|message|>"];

export function fault(why: AnswerFault["why"], detail: string): AnswerFault {
  return { ok: false, why, detail: detail.slice(0, MAX_DETAIL_CHARS).toWellFormed(), compliant: false };
}

/** Reads an answer strictly, then leniently: a single matching object after harmony marks, in a fence or within prose. Never throws. */
export function readJsonAnswer<T>(text: string, schema: z.ZodType<T>, maxChars: number): JsonAnswer<T> {
  if (text.length > maxChars) return fault("too-large", `the answer has ${text.length} characters: write at most ${maxChars}`);
  const whole = parsed(text);
  if (whole !== undefined) {
    const checked = check(whole, schema);
    return checked.ok ? { ok: true, value: checked.value, compliant: true, note: "" } : fault("schema", checked.detail);
  }
  return rescued(text, schema);
}

function rescued<T>(text: string, schema: z.ZodType<T>): JsonAnswer<T> {
  const final = afterHarmony(text);
  const outcome = final === null ? null : soleObject(final, schema);
  if (outcome?.ok) return { ...outcome, note: "taken from behind harmony channel marks" };
  return soleObject(text, schema);
}

function soleObject<T>(text: string, schema: z.ZodType<T>): JsonAnswer<T> {
  const fitting: T[] = [];
  let misfit = "";
  for (const object of objectsIn(text)) {
    const checked = check(object, schema);
    if (checked.ok) fitting.push(checked.value);
    else misfit = checked.detail;
  }
  const [value] = fitting;
  if (fitting.length > 1) return fault("not-json", `the answer holds ${fitting.length} JSON objects that fit: write exactly one, and nothing else`);
  if (value !== undefined) return { ok: true, value, compliant: false, note: "taken out of the text around it" };
  return misfit === "" ? fault("not-json", "the answer is not JSON: write one JSON object, and nothing else") : fault("schema", misfit);
}

function afterHarmony(text: string): string | null {
  const ends = HARMONY_MARKS.flatMap((mark) => (text.includes(mark) ? [text.lastIndexOf(mark) + mark.length] : []));
  return ends.length > 0 ? text.slice(Math.max(...ends)) : null;
}

/** JSON objects in a text, outermost only, in order, within bounds; anything else is skipped. */
function* objectsIn(text: string): Generator<unknown> {
  let left = text.length * MAX_SCANS;
  let seen = 0;
  for (let start = text.indexOf("{"); start >= 0 && left > 0 && seen < MAX_OBJECTS; ) {
    const end = objectEnd(text, start);
    left -= end - start;
    const object = text[end - 1] === "}" ? parsed(text.slice(start, end)) : undefined;
    if (object !== undefined) yield object;
    seen += object === undefined ? 0 : 1;
    start = text.indexOf("{", object === undefined ? start + 1 : end);
  }
}

/** The offset after the brace that closes the one at `start`, reading strings as JSON does; the text's end if there is none. */
function objectEnd(text: string, start: number): number {
  let depth = 0;
  let isQuoted = false;
  for (let at = start; at < text.length; at += 1) {
    const char = text[at];
    if (isQuoted && char === "\\") at += 1;
    else if (char === '"') isQuoted = !isQuoted;
    else if (!isQuoted && char === "{") depth += 1;
    else if (!isQuoted && char === "}" && (depth -= 1) === 0) return at + 1;
  }
  return text.length;
}

/** Undefined where the text is not JSON; `null` is JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly detail: string };

function check<T>(json: unknown, schema: z.ZodType<T>): Checked<T> {
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
