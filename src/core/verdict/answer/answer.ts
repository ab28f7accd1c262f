// A model's patch answer: its three formats as schemas, and how it is read.
import { z } from "zod";
import type { Edit } from "../../text/edit.ts";
import { readJsonAnswer } from "./json.ts";
import { type AnswerFault, fault } from "./json-form.ts";
import type { AnswerReading } from "./reading.ts";

/** A JSON Schema with the name it is sent under. */
export interface NamedSchema {
  readonly name: string;
  readonly schema: Readonly<Record<string, unknown>>;
}

export interface WholeFile {
  readonly path: string;
  readonly content: string;
}

export type Answer =
  | { readonly kind: "edits"; readonly edits: readonly Edit[] }
  | { readonly kind: "udiff"; readonly diff: string }
  | { readonly kind: "whole"; readonly files: readonly WholeFile[] };

export type ReadAnswer =
  | {
      readonly ok: true;
      readonly answer: Answer;
      /** The whole text is one JSON value that satisfies the schema: no prose, fence or harmony residue around it. */
      readonly compliant: boolean;
      /** Why it is not compliant although it could be read; empty if it is. */
      readonly note: string;
    }
  | AnswerFault;

/** `policy.limits` fits. */
export interface AnswerLimits {
  readonly max_answer_chars: number;
}

/** Upper limit on edits or files in one answer: a repair has a handful. */
const MAX_PARTS = 200;

const editsForm = z.strictObject({
  edits: z.array(z.strictObject({ path: z.string(), search: z.string(), replace: z.string() })),
});
const udiffForm = z.strictObject({ diff: z.string() });
const wholeForm = z.strictObject({ files: z.array(z.strictObject({ path: z.string(), content: z.string() })) });

/** The schema as JSON Schema, fit for OpenAI's strict mode: nothing optional, nothing additional. */
export function jsonSchema(schema: z.ZodType): NamedSchema["schema"] {
  const { $schema: _, ...rest } = z.toJSONSchema(schema);
  return rest;
}

const SCHEMAS: Readonly<Record<Answer["kind"], NamedSchema>> = {
  edits: { name: "edits", schema: jsonSchema(editsForm) },
  udiff: { name: "udiff", schema: jsonSchema(udiffForm) },
  whole: { name: "whole", schema: jsonSchema(wholeForm) },
};

/** What a server is asked to constrain the answer to. */
export function answerSchema(format: Answer["kind"]): NamedSchema {
  return SCHEMAS[format];
}

/** Reads an answer of any quality; a bad one is data. Never throws. */
export function readAnswer(text: string, format: Answer["kind"], limits: AnswerLimits, reading: AnswerReading): ReadAnswer {
  const read = readJsonAnswer(text, FORMS[format], limits.max_answer_chars, reading);
  if (!read.ok) return read;
  const parts = partCount(read.value);
  if (parts > MAX_PARTS) return fault("too-large", `the answer has ${parts} parts: write at most ${MAX_PARTS}`);
  return { ok: true, answer: read.value, compliant: read.compliant, note: read.note };
}

const FORMS: Readonly<Record<Answer["kind"], z.ZodType<Answer>>> = {
  edits: editsForm.transform(({ edits }): Answer => ({ kind: "edits", edits })),
  udiff: udiffForm.transform(({ diff }): Answer => ({ kind: "udiff", diff })),
  whole: wholeForm.transform(({ files }): Answer => ({ kind: "whole", files })),
};

function partCount(answer: Answer): number {
  if (answer.kind === "udiff") return 1;
  return answer.kind === "edits" ? answer.edits.length : answer.files.length;
}
