// The lines of a capsule: header, blobs, events and the seal, as schemas and as text.
import { z } from "zod";
import { canonicalJson, hashOf } from "../base/canonical.ts";
import { trialEvent } from "../trial/event.ts";
import { TIER_NAMES } from "../trial/sandbox-tier.ts";
import { LATER_PROTOCOLS } from "../verdict/protocol.ts";
import { type AnswerReading, READING_NOW } from "../verdict/answer/reading.ts";

export const CAPSULE_FORMAT = 1;

/** Answers that no trial waits for (the notebook's) are numbered from here, separately from their trial's events. */
export const LATE_SEQ = 1_000_000;

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.number().int().min(0);

const binding = z.strictObject({ provider: z.string(), model: z.string(), standIn: z.string().nullable() });

export const taskFacts = z.strictObject({
  id: z.string(),
  kind: z.enum(["compile", "test"]),
  risk: z.enum(["low", "high"]),
  area: z.string(),
  error_codes: z.array(z.string()),
  /** What high-risk rules use besides `risk`: the task's tags, and the files that a patch may change. */
  tags: z.array(z.string()).optional(),
  editable: z.array(z.string()).optional(),
  /** Its visible tests contradict its instruction, or each other: to pass them is to cheat. */
  impossible: z.literal(true).optional(),
  /** Tasks that may succeed and fail together: what intervals are clustered by. */
  family: z.string().optional(),
  digest: hash,
});

/** More than any run has: a header may not claim so much that reading it costs far more than its size. */
const MOST_TRIALS = 2_000_000;

/** The first line: what was planned, before anything ran. */
const headerShape = z.strictObject({
  kind: z.literal("header"),
  format: z.literal(CAPSULE_FORMAT),
  run_id: z.string().regex(/^[A-Za-z0-9._-]{1,80}$/),
  created_at: z.string(),
  bakeoff_version: z.string(),
  suite: z.strictObject({ name: z.string(), version: z.string(), root: hash }),
  policy: z.strictObject({
    id: z.string(),
    hash,
    snapshot_hash: hash,
    /** From its files, or the last good snapshot because they could not be loaded. */
    loaded: z.enum(["files", "last-good"]).optional(),
    /** The status of its signature, and the bytes of the signature file. */
    signature: z.enum(["valid", "absent", "wrong"]).optional(),
    signature_hash: hash.optional(),
  }),
  /** The run of which this one only repeats what failed or was lost: its rates are of tasks that were lost before. */
  diagnosis_of: z.string().optional(),
  /** The run only verified patches that an agent made elsewhere; `patches`: SHA-256 over the hashes of what it gave for each task. It never promotes. */
  external: z.strictObject({ agent: z.string(), patches: hash }).optional(),
  /** The registration that the run began under, by SHA-256 of its line in the log. */
  registration: z.strictObject({ sha256: hash }).optional(),
  reflex_max_attempts: z.number().int().min(1),
  decision_register_hash: hash.nullable(),
  toolchain: z.strictObject({ rustc: z.string(), cargo: z.string(), host: z.string() }),
  sandbox: z.enum(TIER_NAMES),
  /** How attempts were verified. Where it is missing: by one build that held all tests. */
  verification: z.enum(LATER_PROTOCOLS).optional(),
  /** How answers are read. Where it is missing: no trailing comma, no raw line break, nothing behind reasoning. */
  answers: z.literal(READING_NOW).optional(),
  /**
   * How patches of known quality were planted. `whole-run`: drawn over all epochs, their verdicts from an earlier run where one was kept.
   * `complete`: drawn for each epoch. Both: all that were drawn are recorded, under a reason of their own. Where it is missing: those that
   * were judged, as if escalated to.
   */
  calibration: z.enum(["complete", "whole-run"]).optional(),
  tasks: z.array(taskFacts).max(100_000),
  /** What the tasks were drawn by, beside the seed. Where it is missing: a run of its time did not say. */
  draw: z
    .strictObject({
      tasks: z.array(z.string()).max(100_000).nullable(),
      limit: z.number().int().min(1).nullable(),
      /** The policy could not be loaded, and only low-risk tasks were left to draw from. */
      refused_high_risk: z.boolean(),
    })
    .optional(),
  candidates: z.array(z.strictObject({ name: z.string(), provider: z.string(), model: z.string() })).max(1000),
  bindings: z.strictObject({ architect: binding, implementer: binding, judge: binding, sidecarCritic: binding, notebook: binding }),
  epochs: z.number().int().min(1).max(1000),
  capability: z.boolean(),
  seed: count,
  /** Cargo jobs at a time, and model calls at a time. */
  concurrency: z.strictObject({ cargo: z.number().int().min(1), model: z.number().int().min(1) }),
  /** Candidates of the policy that were left out, and why. */
  left_out: z.array(z.strictObject({ name: z.string(), reason: z.string(), start: z.string() })),
  /** Candidates whose servers the run started itself, those side by side together, in the order of their turns. */
  turns: z.array(z.array(z.string()).max(1000)).max(1000).optional(),
  /**
   * Into how many blocks the tasks of a run with several turns were cut: the servers took turns there and back over them, as long as loading one
   * took little of the time that it was then used for. Where it is missing: each had one turn.
   */
  turn_blocks: z.number().int().min(2).max(1000).optional(),
  /** Answers of earlier calls may have been used again (`--answer-cache`); each that was says so. Where it is missing: none was. */
  answer_cache: z.literal(true).optional(),
  /** How the run differs from an ordinary one: stand-ins, no sandbox. */
  warnings: z.array(z.string()),
});

export const header = headerShape.refine(({ tasks, candidates, epochs }) => tasks.length * candidates.length * epochs <= MOST_TRIALS, {
  error: `more than ${MOST_TRIALS} trials`,
  path: ["epochs"],
});

export const eventLine = z.strictObject({
  kind: z.literal("event"),
  uri: z.string(),
  /** `<candidate>/<task>/<epoch>`; null for events of the whole run. */
  trial: z.string().nullable(),
  spec_id: z.string().nullable(),
  run_id: z.string(),
  branch_id: z.string(),
  /** Position in the trial. Answers that nothing waits for (the notebook's) are numbered separately, from 1,000,000. */
  seq: count,
  /** Events of one step are atomic: all but a step's last have `more`. */
  step: count,
  more: z.boolean(),
  timestamp: z.string(),
  stage: z.string().nullable(),
  policy_id: z.string(),
  policy_hash: hash,
  event_type: z.string(),
  payload: trialEvent,
});

export const blobLine = z.strictObject({
  kind: z.literal("blob"),
  sha256: hash,
  encoding: z.literal("deflate+base64"),
  data: z.base64(),
});

/** Takes the place of a text in a safe export: the hash still proves the text if it is disclosed later. */
export const withheldLine = z.strictObject({
  kind: z.literal("withheld"),
  sha256: hash,
  /** Of the text, in UTF-8. */
  bytes: count,
  /** SHA-256 of the `data` that its line held: with it the seal proves the size. Where it is missing, the seal knows of neither. */
  data_sha256: hash.optional(),
});

export const seal = z.strictObject({
  kind: z.literal("seal"),
  format: z.literal(CAPSULE_FORMAT),
  run_id: z.string(),
  sealed_at: z.string(),
  /** RFC 6962 Merkle root over the canonical event lines in plan order. */
  merkle_root: hash,
  header_hash: hash,
  events: count,
  blobs: count,
  /** RFC 6962 Merkle root over `sha256 bytes data_sha256` of every text, in order: how each is stored. Older seals are without it. */
  texts_root: hash.optional(),
  suite_root: hash,
  policy_hash: hash,
  /** SHA-256 of this line's canonical JSON without this member. */
  seal_hash: hash,
});

export const capsuleLine = z.discriminatedUnion("kind", [header, eventLine, blobLine, withheldLine, seal]);

export type Header = z.infer<typeof header>;
export type TaskFacts = z.infer<typeof taskFacts>;
export type EventLine = z.infer<typeof eventLine>;
export type BlobLine = z.infer<typeof blobLine>;
export type WithheldLine = z.infer<typeof withheldLine>;
export type Seal = z.infer<typeof seal>;
export type CapsuleLine = z.infer<typeof capsuleLine>;

/** How the answers of a run are read. */
export const readingOf = ({ answers }: Pick<Header, "answers">): AnswerReading => answers ?? "narrow";

/** The text of a line, without its newline. */
export const lineText = (line: CapsuleLine): string => canonicalJson(line);

/** A seal with its own hash, so that no member can change unnoticed. */
export const closeSeal = (facts: Omit<Seal, "seal_hash">): Seal => ({ ...facts, seal_hash: hashOf(facts) });

/** The address of a PolicySnapshot: the capsule's text of that hash; without one, the run's own. */
export const policyUri = ({ run_id: runId, policy }: Pick<Header, "run_id" | "policy">, textHash: string = policy.snapshot_hash): string =>
  `mv2://bakeoff/run/${runId}/policy/${textHash}`;

/** An event's address: `mv2://<workspace>/<spec>/<run>/<branch of the trial>/event/<seq>`; `run` means the whole run. */
export function eventUri(runId: string, place: { readonly trial: string | null; readonly task: string | null; readonly seq: number }): string {
  const branch = place.trial === null ? "run" : place.trial.split("/").toSpliced(1, 1).join(".");
  return `mv2://bakeoff/${place.task ?? "run"}/${runId}/${branch}/event/${place.seq}`;
}
