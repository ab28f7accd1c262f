// The reading of answers that runs without a named one are replayed by: a single valid object after harmony marks or within prose.
import type { z } from "zod";
import { BEHIND_HARMONY, checkForm, fault, HARMONY_MARKS, IN_PROSE, type JsonAnswer, NOT_JSON, parsedJson } from "./json-form.ts";

/** How often the scan may restart: unmatched braces make it start again. */
const MAX_SCANS = 8;
const MAX_OBJECTS = 1000;

/** Changes nothing any more: stored runs hold what it says, word for word. */
export function rescuedNarrowly<T>(text: string, schema: z.ZodType<T>): JsonAnswer<T> {
  const final = afterHarmony(text);
  const outcome = final === null ? null : soleObject(final, schema);
  if (outcome?.ok) return { ...outcome, note: BEHIND_HARMONY };
  return soleObject(text, schema);
}

function soleObject<T>(text: string, schema: z.ZodType<T>): JsonAnswer<T> {
  const fitting: T[] = [];
  let misfit = "";
  for (const object of objectsIn(text)) {
    const checked = checkForm(object, schema);
    if (checked.ok) fitting.push(checked.value);
    else misfit = checked.detail;
  }
  const [value] = fitting;
  if (fitting.length > 1) return fault("not-json", `the answer holds ${fitting.length} JSON objects that fit: write exactly one, and nothing else`);
  if (value !== undefined) return { ok: true, value, compliant: false, note: IN_PROSE };
  return misfit === "" ? fault("not-json", NOT_JSON) : fault("schema", misfit);
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
    const object = text[end - 1] === "}" ? parsedJson(text.slice(start, end)) : undefined;
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
