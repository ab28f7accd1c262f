// What is agreed to be normal: runs blessed as a baseline, and regressions that somebody took note of. Signed, and never moved by a run.
import { z } from "zod";
import { hashOf, type Sha256, sha256 } from "../../base/canonical.ts";
import { envelopeSchema, type Statement, verifyEnvelope } from "../../base/dsse.ts";
import type { RunDigest } from "../runs/digest.ts";

export const BASELINE_LOG_NAME = "baselines.jsonl";
const PREDICATE = "urn:bakeoff:baseline:v1";

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const words = z.string().min(1).max(1000);

const run = z.strictObject({
  run: z.string().min(1).max(80),
  created_at: z.iso.datetime(),
  /** Over what each candidate did on each task: a run of that name with other outcomes is not the one that was meant. */
  outcomes: hash,
});

const common = {
  format: z.literal(1),
  at: z.iso.datetime(),
  by: words,
  reason: words,
  /** Which comparable runs it is about. */
  group: z.string().regex(/^[0-9a-f]{12}$/),
  /** Its line in the log, from 0, and SHA-256 of the line before it. */
  place: z.strictObject({ index: z.number().int().min(0), previous: hash.nullable() }),
};

const entry = z.discriminatedUnion("does", [
  z.strictObject({ does: z.literal("bless"), ...common, runs: z.array(run).min(1).max(10_000) }),
  /** `candidates`: empty is all of them, and the figures of whole runs. */
  z.strictObject({ does: z.literal("acknowledge"), ...common, run, candidates: z.array(z.string().min(1).max(200)).max(1000) }),
]);

export type BaselineEntry = z.infer<typeof entry>;
export type Blessing = Extract<BaselineEntry, { does: "bless" }>;
export type Acknowledgement = Extract<BaselineEntry, { does: "acknowledge" }>;
export type BaselineRun = z.infer<typeof run>;

export const baselineRun = ({ run: id, createdAt, candidates }: Pick<RunDigest, "run" | "createdAt" | "candidates">): BaselineRun => ({
  run: id,
  created_at: createdAt,
  outcomes: hashOf(candidates.map(({ name, provider, model, tasks }) => ({ name, provider, model, tasks }))),
});

export function baselineStatement(of: BaselineEntry): Statement {
  const runs = of.does === "bless" ? of.runs : [of.run];
  return {
    _type: "https://in-toto.io/Statement/v1",
    subject: runs.map(({ run: name, outcomes }) => ({ name: `run:${name}`, digest: { sha256: outcomes } })),
    predicateType: PREDICATE,
    predicate: { ...of },
  };
}

const logLine = z.strictObject({ kind: z.literal("baseline"), format: z.literal(1), envelope: envelopeSchema });

export type ReadBaselines =
  | { readonly ok: true; readonly entries: readonly BaselineEntry[]; readonly last: Sha256 | null }
  | { readonly ok: false; readonly fault: string };

/** Reads a log from anywhere: each line signed by a key that is trusted, and where it says that it stands. */
export function readBaselines(text: string, trusted: readonly string[]): ReadBaselines {
  if (text !== "" && !text.endsWith("\n")) return { ok: false, fault: "its last line is cut off" };
  const entries: BaselineEntry[] = [];
  let last: Sha256 | null = null;
  for (const [index, line] of text.split("\n").slice(0, -1).entries()) {
    const read = readEntry(line, trusted);
    if (!read.ok) return { ok: false, fault: `line ${index + 1}: ${read.fault}` };
    const { place } = read.entry;
    if (place.index !== index || place.previous !== last)
      return { ok: false, fault: `line ${index + 1} does not follow the one before it: a line was taken out, put in or changed` };
    entries.push(read.entry);
    last = sha256(line);
  }
  return { ok: true, entries, last };
}

function readEntry(
  line: string,
  trusted: readonly string[],
): { readonly ok: true; readonly entry: BaselineEntry } | { readonly ok: false; readonly fault: string } {
  const read = logLine.safeParse(jsonOf(line));
  if (!read.success) return { ok: false, fault: "it is no line of a baseline" };
  const verified = verifyEnvelope(read.data.envelope, trusted);
  if (!verified.ok) return verified;
  const { predicateType, predicate } = verified.statement;
  const said = predicateType === PREDICATE ? entry.safeParse(predicate) : null;
  return said?.success ? { ok: true, entry: said.data } : { ok: false, fault: "what was signed is no baseline of a known format" };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The last blessing of a group; null where nobody blessed one. */
export const blessingOf = (entries: readonly BaselineEntry[], group: string): Blessing | null =>
  entries.findLast((one): one is Blessing => one.does === "bless" && one.group === group) ?? null;

/** Who took note of a candidate's being worse in a run begun then, since the baseline was last blessed; null: nobody. */
export function acknowledgementOf(
  entries: readonly BaselineEntry[],
  { group, candidate, since }: { readonly group: string; readonly candidate: string | null; readonly since: string },
): Acknowledgement | null {
  const blessed = blessingOf(entries, group)?.place.index ?? -1;
  const covers = (one: BaselineEntry): one is Acknowledgement =>
    one.does === "acknowledge" &&
    one.group === group &&
    one.place.index > blessed &&
    one.run.created_at >= since &&
    (one.candidates.length === 0 || (candidate !== null && one.candidates.includes(candidate)));
  return entries.findLast(covers) ?? null;
}
