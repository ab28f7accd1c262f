// Finds the one JSON object that a model's answer is or contains, and checks it against a schema.
import type { z } from "zod";
import { checkForm, fault, type JsonAnswer, parsedJson } from "./json-form.ts";
import { rescuedNarrowly } from "./narrow.ts";
import type { AnswerReading } from "./reading.ts";
import { rescuedTolerantly } from "./tolerant.ts";

const RESCUES: Readonly<Record<AnswerReading, <T>(text: string, schema: z.ZodType<T>) => JsonAnswer<T>>> = {
  tolerant: rescuedTolerantly,
  narrow: rescuedNarrowly,
};

/** Reads an answer strictly, then as the run's reading allows. Never throws. */
export function readJsonAnswer<T>(text: string, schema: z.ZodType<T>, maxChars: number, reading: AnswerReading): JsonAnswer<T> {
  if (text.length > maxChars) return fault("too-large", `the answer has ${text.length} characters: write at most ${maxChars}`);
  const whole = parsedJson(text);
  if (whole === undefined) return RESCUES[reading](text, schema);
  const checked = checkForm(whole, schema);
  return checked.ok ? { ok: true, value: checked.value, compliant: true, note: "" } : fault("schema", checked.detail);
}
