// The flags of `bakeoff run`.
import { type OptionsOf, several, text, toggle, value } from "../command.ts";
import { ISOLATING_TIERS } from "../../core/trial/sandbox-tier.ts";
import { SEQUENTIAL } from "../../core/gate/level.ts";
import { DEFAULT_LOOKS } from "../../core/gate/looks.ts";
import { httpUrl, json, layers, names, oneOf, percentage, policyFrom, queuePasswordFile, queueUrl, trust, whole } from "../options.ts";

export const runFlags = {
  suite: text("<name|dir>", "suite to run (default: reflex-patchloop-v1)"),
  candidates: value("<a,b>", "candidates to try (default: the embedded ones, and those whose server answers)", names),
  epochs: value("<n>", "repeats of each task (default: 1; with --until-decided, what the gate wants)", whole(1, 1000)),
  limit: value("<n>", "take only so many tasks, drawn by the seed", whole(1, 100_000)),
  task: several("id", "take only these tasks"),
  taskFrom: text("<file>", "take only the tasks that this file names, one a line; beside those of --task"),
  concurrency: value("<n>", "cargo jobs and model calls at a time (cargo: never more than the machine has cores)", whole(1, 256)),
  ...layers,
  resume: text("<run>", "go on with an interrupted run (its id, or its capsule)"),
  failedOf: text("<run>", "repeat only what failed in that run, or was lost in it: a diagnosis, in no gate and no trend"),
  capability: toggle("try the slot on high-risk tasks too, marked as outside the policy"),
  dryRun: toggle("say what would go to which provider, with calls, tokens, dollars and minutes; run nothing"),
  overrideBudget: toggle("spend more than the policy's budget, where it allows that; recorded"),
  queue: value("<url>", "have workers carry the trials out (bakeoff worker): redis://HOST:PORT, or rediss:// for TLS", queueUrl),
  queuePasswordFile,
  lease: value("<s>", "with --queue: seconds after which a worker that is not heard of has lost its trials", whole(1, 3600), 30),
  recheck: value("<percent>", "with --queue: the share of workers' verdicts that is worked out again here", percentage, 5),
  mixedToolchains: toggle("with --queue: take workers of another toolchain or sandbox too; it is recorded"),
  serve: toggle("start the servers of candidates that are not there, in turn where they share a port or a GPU"),
  readyTimeout: value("<s>", "with --serve: seconds that loading may take", whole(1, 86_400), 1200),
  requireSandbox: value("<tier>", `refuse to run in a worse sandbox than this one: ${ISOLATING_TIERS.join(", ")}`, oneOf(ISOLATING_TIERS)),
  answerCache: text("<dir>", "use answers to identical requests again, and keep new ones: for trying things out; no times of them, and no gate"),
  seed: value("<n>", "seed of every draw", whole(0, 2 ** 31), 1),
  out: text("<dir>", "folder of the report (default: reports/<run-id>)"),
  comment: text("<file>", "write the body of a pull request's comment: one verdict, then what is significant"),
  pages: value("<url>", "where the pages of view --export lie for whoever reads the comment: it links to them", httpUrl),
  key: text("<file>", "private key that signs the capsule (default: BAKEOFF_SIGNING_KEY, else unsigned)"),
  untilDecided: toggle("run batches of low-risk tasks until the gate says promote or hold; needs --candidate"),
  candidate: text("<name>", "with --until-decided: who is to be promoted"),
  incumbent: text("<name>", "with --until-decided: whose place it would take (default: the policy's reflex candidate)"),
  registration: text("<file>", "begin under what was registered; the log of registrations records it"),
  looks: value("<n>", "with --until-decided: how often to look at most", whole(1, 20), DEFAULT_LOOKS),
  policyFrom,
  trust,
  sequential: value(
    "<betting|spending>",
    "with --until-decided: how looks share the level: bets that hold at any time, or a spending function",
    oneOf(SEQUENTIAL),
    "betting",
  ),
  otlp: value("<url>", "tell an OpenTelemetry collector of each sealed run: the base of its OTLP/HTTP address, such as http://127.0.0.1:4318", httpUrl),
  json,
};

export type RunOptions = OptionsOf<typeof runFlags>;
