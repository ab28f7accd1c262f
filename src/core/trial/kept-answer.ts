// A model's answer as it is kept to be used again: under the hash of all that was sent for it, with the hash of what came back.
import { z } from "zod";
import { hashOf, type Sha256 } from "../base/canonical.ts";
import { OUTPUT_FORMS } from "../policy/candidate/shape.ts";
import { count, hash } from "./routing.ts";

const answer = z.strictObject({
  resolved_model: z.string(),
  served_model: z.string().nullable(),
  effort: z.string().nullable(),
  output_form: z.enum(OUTPUT_FORMS).optional(),
  text: z.string(),
  reasoning: z.string().nullable(),
  prompt_tokens: count.nullable(),
  response_tokens: count.nullable(),
  cached_tokens: count.nullable(),
  reasoning_tokens: count.nullable(),
});

const entry = z.strictObject({ format: z.literal(1), key: hash, sha256: hash, answer });

/** What came back. No times: an answer that is used again took none. */
export type KeptAnswer = z.infer<typeof answer>;

export type KeptAnswerEntry = z.infer<typeof entry>;

/** `key`: the hash of all that was sent. */
export const keptAnswerEntry = (key: Sha256, kept: KeptAnswer): KeptAnswerEntry => ({ format: 1, key, sha256: hashOf(kept), answer: kept });

export type ReadKeptAnswer = { readonly ok: true; readonly answer: KeptAnswer } | { readonly ok: false; readonly why: string };

/** What a file of the cache says, which anybody may have written. `why`: a lower-case fragment. */
export function readKeptAnswer(found: unknown, key: Sha256): ReadKeptAnswer {
  const read = entry.safeParse(found);
  if (!read.success) return { ok: false, why: `it is no kept answer of format 1 (${read.error.issues[0]?.path.join(".") || "the whole"})` };
  const { data } = read;
  if (data.key !== key) return { ok: false, why: "it is the answer to another request" };
  if (!isWellFormed(data.answer)) return { ok: false, why: "it holds half a character" };
  return hashOf(data.answer) === data.sha256 ? { ok: true, answer: data.answer } : { ok: false, why: "the answer is not the one that was kept" };
}

const isWellFormed = (kept: KeptAnswer): boolean => Object.values(kept).every((value) => typeof value !== "string" || value.isWellFormed());
