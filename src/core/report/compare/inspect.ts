// Inspect AI's logs as results: a sample passes where its score is correct. Source: inspect_ai/log/_log.py and scorer/_metric.py.
import { z } from "zod";
import type { ResultArm, ResultReader, SampleResult } from "./arm.ts";

const score = z.object({ value: z.unknown() });
const sample = z.object({
  id: z.union([z.string(), z.number()]),
  epoch: z.number().default(1),
  scores: z.record(z.string(), score).nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
});
const log = z.object({
  version: z.number(),
  eval: z.object({ model: z.string(), task: z.string() }),
  samples: z.array(sample).min(1),
});

/** Inspect's own values; anything between is neither, and has no verdict here. */
const VERDICTS: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  ["C", true],
  ["I", false],
  ["N", false],
  [1, true],
  [0, false],
  [true, true],
  [false, false],
]);

export const inspectResults: ResultReader = (document, { score: wanted, family }): readonly ResultArm[] | null => {
  const read = log.safeParse(document);
  if (!read.success) return null;
  const samples = read.data.samples.map(({ id, scores, metadata }): SampleResult | null => {
    const name = wanted ?? Object.keys(scores ?? {})[0];
    const passed = name === undefined || !Object.hasOwn(scores ?? {}, name) ? undefined : VERDICTS.get(scores?.[name]?.value);
    return passed === undefined ? null : { sample: String(id), family: familyIn(metadata, family) ?? String(id), passed };
  });
  const scored = samples.filter((one) => one !== null);
  return [{ name: read.data.eval.model, samples: scored, unscored: samples.length - scored.length }];
};

/** A sample's family as its metadata names it; null where it names none. */
export function familyIn(metadata: Readonly<Record<string, unknown>> | null | undefined, column: string | null): string | null {
  if (column === null || !metadata || !Object.hasOwn(metadata, column)) return null;
  const value = metadata[column];
  return typeof value === "string" || typeof value === "number" ? String(value) : null;
}
