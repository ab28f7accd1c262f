// Reads an answer that is not one JSON value as a person would: the one object that is meant, and where it stops being one.
import type { z } from "zod";
import { canonicalJson, type Json } from "../../base/canonical.ts";
import { readTolerantJson, type TolerantJson } from "../../text/tolerant-json.ts";
import { type AnswerFault, BEHIND_HARMONY, checkForm, fault, HARMONY_MARKS, IN_PROSE, type JsonAnswer, NOT_JSON } from "./json-form.ts";

/** How models open and close their reasoning, where the server leaves it in the answer. A chat template may have opened it. */
const REASONING = [
  ["<think>", "</think>"],
  ["<thinking>", "</thinking>"],
  ["<reasoning>", "</reasoning>"],
  ["<seed:think>", "</seed:think>"],
  ["[THINK]", "[/THINK]"],
  ["◁think▷", "◁/think▷"],
] as const;

/** How often the scan may go over a text: unmatched braces make it start again. */
const MAX_SCANS = 8;
const MAX_OBJECTS = 1000;
const SHOWN_CHARS = 30;

export function rescuedTolerantly<T>(text: string, schema: z.ZodType<T>): JsonAnswer<T> {
  const thought = endOfLast(
    text,
    REASONING.map(([, close]) => close),
  );
  const harmony = endOfLast(text, HARMONY_MARKS);
  const cut = Math.max(thought, harmony);
  if (cut < 0) return endsInReasoning(text) ? fault("not-json", REASONING_ONLY) : soleObject(text, 0, schema);
  const behind = soleObject(text, cut, schema);
  if (behind.ok) return { ...behind, note: thought > harmony ? "taken from behind the model's reasoning" : BEHIND_HARMONY };
  // A mark may also stand in a text of the answer itself; what is said while reasoning is no answer.
  const around = soleObject(text, 0, schema);
  return around.ok && (harmony >= 0 || around.end >= cut) ? around : behind;
}

const REASONING_ONLY = "the answer ends within its reasoning: reason less, close it, and write one JSON object behind it";

function endOfLast(text: string, marks: readonly string[]): number {
  return Math.max(...marks.map((mark) => (text.includes(mark) ? text.lastIndexOf(mark) + mark.length : -1)));
}

const endsInReasoning = (text: string): boolean => REASONING.some(([open]) => text.trimStart().startsWith(open));

type Sole<T> = (Extract<JsonAnswer<T>, { ok: true }> & { /** The offset behind the object. */ readonly end: number }) | AnswerFault;
type Found = Extract<TolerantJson, { ok: true }>;
type Broken = Extract<TolerantJson, { ok: false }>;

/** The object in the text from `from` on that satisfies the schema, however often it is said. */
function soleObject<T>(text: string, from: number, schema: z.ZodType<T>): Sole<T> {
  const fitting = new Map<string, { readonly value: T; readonly found: Found }>();
  let wrong: AnswerFault = fault("not-json", NOT_JSON);
  let brokenUntil = from;
  for (const { start, found } of objectsFrom(text, from)) {
    if (!found.ok) {
      if (!found.began || start < brokenUntil) continue;
      wrong = fault("not-json", brokenText(text, found));
      brokenUntil = found.at;
      continue;
    }
    const checked = checkForm(found.value, schema);
    if (checked.ok) fitting.set(canonicalJson(checked.value as Json), { value: checked.value, found });
    // A part of an object that breaks further on says nothing about the form of the whole.
    else if (start >= brokenUntil) wrong = fault("schema", checked.detail);
  }
  const [only] = fitting.values();
  if (fitting.size > 1) return fault("not-json", `the answer holds ${fitting.size} different JSON objects that fit: write exactly one, and nothing else`);
  if (only === undefined) return wrong;
  const { value, found } = only;
  return { ok: true, value, compliant: false, note: found.slips.size > 0 ? `read with ${[...found.slips].join(" and ")}` : IN_PROSE, end: found.end };
}

/** What begins as an object, whole ones outermost only, in order, within bounds. */
function* objectsFrom(text: string, from: number): Generator<{ readonly start: number; readonly found: TolerantJson }> {
  let left = text.length * MAX_SCANS;
  let seen = 0;
  for (let start = text.indexOf("{", from); start >= 0 && left > 0 && seen < MAX_OBJECTS; ) {
    const found = readTolerantJson(text, start);
    left -= (found.ok ? found.end : found.at) - start;
    seen += found.ok ? 1 : 0;
    yield { start, found };
    start = text.indexOf("{", found.ok ? found.end : start + 1);
  }
}

/** Where an object breaks, by line and column, with what stands before it: models count badly. */
function brokenText(text: string, { at, expected }: Broken): string {
  const before = text.slice(0, at).split("\n");
  const place = `line ${before.length}, column ${[...(before.at(-1) ?? "")].length + 1}`;
  const context = JSON.stringify(text.slice(Math.max(0, at - SHOWN_CHARS), at).toWellFormed());
  if (text.slice(at).trim() === "") return `the answer's JSON ends too early, at ${place}: ${expected} is missing after ${context}; write the whole object`;
  const there = JSON.stringify(String.fromCodePoint(text.codePointAt(at) ?? 0).toWellFormed());
  return `the answer is not JSON at ${place}: ${expected} should stand after ${context}, not ${there}; in a text, quotes are written as \\" and line breaks as \\n`;
}
