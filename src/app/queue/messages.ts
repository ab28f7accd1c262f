// What coordinator and workers say to each other: strict schemas, since neither end believes what it reads.
import { z } from "zod";
import { conditions } from "../../core/trial/conditions.ts";
import { trialEvent } from "../../core/trial/event.ts";
import { count, hash, ms, routing } from "../../core/trial/routing.ts";
import { OUTPUT_FORMS } from "../../core/policy/candidate/shape.ts";
import { FAILURES } from "../../core/policy/schema.ts";
import { STEP_KINDS } from "./step-kinds.ts";
import { TIER_NAMES } from "../../core/trial/sandbox-tier.ts";

const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);
const id = z.string().min(1).max(1000);

/** What a worker says of the machine that it is on: of toolchain and sandbox only where it verifies. */
export const workerFacts = z.strictObject({
  version: z.string().max(100),
  /** Absent: it does all. */
  steps: z.enum(STEP_KINDS).optional(),
  rustc: z.string().max(500).optional(),
  cargo: z.string().max(500).optional(),
  host: z.string().max(500).optional(),
  sandbox: z.enum(TIER_NAMES).optional(),
  verification: z.string().max(100).optional(),
  answers: z.string().max(100),
  cores: count,
  /** Milliseconds that a fixed piece of work took when the worker began. */
  calibration_ms: ms,
});

/** A model's reply, as a provider gives it: what was paid for once is not paid for again. */
const facts = {
  resolvedModel: z.string(),
  servedModel: z.string().nullable(),
  effort: z.string().nullable(),
  times: z.strictObject({ queueMs: ms, ttftMs: ms.nullable(), firstOutputMs: ms.nullable(), totalMs: ms, gapsMs: z.array(ms) }),
  usage: z.strictObject({
    promptTokens: count.nullable(),
    responseTokens: count.nullable(),
    cachedTokens: count.nullable(),
    reasoningTokens: count.nullable(),
  }),
  reasoning: z.string().nullable().optional(),
  outputForm: z.enum(OUTPUT_FORMS).optional(),
  reconnected: z.boolean().optional(),
};
const modelReply = z.discriminatedUnion("outcome", [
  z.strictObject({ ...facts, outcome: z.literal("answered"), text: z.string() }),
  z.strictObject({
    ...facts,
    outcome: z.literal("failed"),
    failure: z.enum(FAILURES),
    detail: z.string(),
    retryAfterMs: z.number().nullable().optional(),
    formRefused: z.boolean().optional(),
  }),
]);

/** All that a server is sent for a call; the keys are those of whoever makes it. */
const sentRequest = z.strictObject({
  purpose: z.enum(["plan", "patch", "critique", "judge"]),
  model: z.string().max(500),
  messages: z.array(z.strictObject({ role: z.enum(["system", "user", "assistant"]), content: z.string() })).max(1000),
  schema: z.strictObject({ name: z.string(), schema: z.record(z.string(), z.unknown()) }).nullable(),
  timeoutMs: ms,
  draw: z.string().max(200).optional(),
});

const body = z.strictObject({ kind: z.enum(["prompt", "response", "patch", "output", "policy"]), text: z.string() });
const lease = { trial: id, token: id };
/** A call of a step: how many events the trial had before the step, and how many calls of the step came before. */
const place = { index: count, call: count };
const asked = { ...place, provider: z.string().max(500), request: sentRequest };

export const workerMessage = z.discriminatedUnion("say", [
  /** `calls`: so many model calls it makes at a time; 0: none. */
  z.strictObject({ say: z.literal("join"), worker: name, facts: workerFacts, calls: count.default(0) }),
  z.strictObject({ say: z.literal("beat"), worker: name, holds: z.number().int().min(0) }),
  z.strictObject({ say: z.literal("claim"), worker: name, job: id }),
  z.strictObject({ say: z.literal("verdict"), worker: name, ...lease, key: z.string().max(2000) }),
  /** It holds the trial and can't make this call of the step at hand. */
  z.strictObject({ say: z.literal("ask"), worker: name, ...lease, ...asked }),
  /** A call of the step came back: by the trial's lease, or by that of a call that was given away. */
  z.strictObject({ say: z.literal("called"), worker: name, ...lease, ...place, reply: modelReply }),
  /** `index`: how many events the trial had before. */
  z.strictObject({ say: z.literal("step"), worker: name, ...lease, index: count, events: z.array(trialEvent).max(1000), bodies: z.array(body).max(5000) }),
  /** The worker could not do it, and says why: nothing of it was the trial's fault. */
  z.strictObject({ say: z.literal("failed"), worker: name, ...lease, code: z.string().max(50), message: z.string().max(5000), hint: z.string().max(5000) }),
  /** It was asked for a step of a job that it does not hold any more, or for a call while it takes no more of them. */
  z.strictObject({ say: z.literal("dropped"), worker: name, ...lease }),
  z.strictObject({ say: z.literal("leave"), worker: name }),
]);

const passedOver = z.array(z.strictObject({ model: z.string(), reason: z.string() }));
const command = z.strictObject({
  do: z.enum(["plan", "attempt", "critique", "judge"]),
  routing,
  choice: z.strictObject({ passedOver, conditions: conditions.nullable() }),
});

export const coordinatorMessage = z.discriminatedUnion("say", [
  z.strictObject({ say: z.literal("welcome") }),
  z.strictObject({ say: z.literal("refused"), why: z.string() }),
  /** A coordinator that took over knows nobody: who is there joins again. */
  z.strictObject({ say: z.literal("hello") }),
  z.strictObject({
    say: z.literal("perform"),
    job: id,
    ...lease,
    kind: z.enum(["trial", "plant"]),
    /** Null: all of a calibration trial. */
    command: command.nullable(),
    /** What comes after so many events, which this holder was told already. */
    from: count,
    history: z.array(trialEvent),
    texts: z.array(z.string()),
    /** Calls of this step that an earlier holder made: they are not made again. */
    calls: z.array(modelReply),
  }),
  z.strictObject({ say: z.literal("verdict"), ...lease, key: z.string(), found: z.unknown() }),
  /** A call is to be made for a trial that somebody else holds, under a lease of its own. */
  z.strictObject({ say: z.literal("call"), ...lease, ...asked }),
  /** The call that the trial's holder asked for was made. */
  z.strictObject({ say: z.literal("answered"), ...lease, ...place, reply: modelReply }),
  z.strictObject({ say: z.literal("over"), job: id, outcome: z.enum(["done", "return"]) }),
  z.strictObject({ say: z.literal("fenced"), ...lease }),
  z.strictObject({ say: z.literal("end") }),
]);

/** The plan of a run, as workers find it. */
export const runManifest = z.strictObject({
  format: z.literal(1),
  run: z.string(),
  header: hash,
  snapshot: hash,
  suite: hash,
  lease_ms: z.number().int().min(100),
  /** Workers of another toolchain or sandbox are taken, and recorded. */
  mixed: z.boolean(),
});

export type WorkerFacts = z.infer<typeof workerFacts>;
export type WorkerMessage = z.infer<typeof workerMessage>;
export type WorkerSaying<S extends WorkerMessage["say"]> = Extract<WorkerMessage, { say: S }>;
export type CoordinatorMessage = z.infer<typeof coordinatorMessage>;
export type CoordinatorSaying<S extends CoordinatorMessage["say"]> = Extract<CoordinatorMessage, { say: S }>;
export type RunManifest = z.infer<typeof runManifest>;
