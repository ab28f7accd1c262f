// The flags of `bakeoff score`.
import { ISOLATING_TIERS } from "../../core/trial/sandbox-tier.ts";
import { type OptionsOf, required, text, toggle, value } from "../command.ts";
import { json, key, oneOf, policy, whole } from "../options.ts";

export const scoreFlags = {
  patches: required(text("<dir|file>", "a folder of TASK.diff, or JSON (lines or one document) of task and diff: SWE-bench's predictions too")),
  suite: text("<name|dir>", "the suite whose tasks they are for (default: reflex-patchloop-v1)"),
  agent: text("<name>", "who made them: chooses one of several in the file (default: what the file says)"),
  all: toggle("take every task of the suite: one without a patch is lost (default: only those that have one)"),
  concurrency: value("<n>", "cargo jobs at a time (never more than the machine has cores)", whole(1, 256)),
  resume: text("<run>", "go on with an interrupted run of the same patches"),
  requireSandbox: value("<tier>", `refuse to run in a worse sandbox than this one: ${ISOLATING_TIERS.join(", ")}`, oneOf(ISOLATING_TIERS)),
  out: text("<dir>", "folder of the report (default: reports/<run-id>)"),
  policy,
  key,
  json,
};

export type ScoreOptions = OptionsOf<typeof scoreFlags>;
