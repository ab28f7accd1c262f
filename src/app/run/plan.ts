// The plan of a run: the header that its capsule begins with, and what must still hold for a run to go on.
import { hashOf, sha256 } from "../../core/base/canonical.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import { nearest } from "../../core/base/nearest.ts";
import { drawnTasks, taskFactsOf } from "../../core/capsule/plan/header-fit.ts";
import { CAPSULE_FORMAT, type Header, readingOf } from "../../core/capsule/line.ts";
import { blockCount } from "../../core/policy/turns.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import type { Suite, Task } from "../../core/suite/suite.ts";
import { READING_NOW } from "../../core/verdict/answer/reading.ts";
import type { LineUp } from "./lineup.ts";
import type { SandboxTier } from "../../core/trial/sandbox-tier.ts";
import { PRESENT_PROTOCOL, protocolOf } from "../../core/verdict/protocol.ts";
import type { Toolchain } from "../../ports/workbench.ts";

export interface RunRequest {
  readonly runId: string;
  readonly createdAt: string;
  readonly version: string;
  readonly epochs: number;
  /** Take only this many tasks, chosen by the seed; null: all. */
  readonly limit: number | null;
  /** Only these tasks; null: all. */
  readonly tasks: readonly string[] | null;
  readonly capability: boolean;
  readonly seed: number;
  readonly concurrency: Header["concurrency"];
  /** The run of which only what failed or was lost is repeated; null: this is a run of its own. */
  readonly diagnosisOf: string | null;
}

export interface RunParts {
  readonly suite: Suite;
  readonly snapshot: PolicySnapshot;
  readonly lineUp: LineUp;
  readonly toolchain: Toolchain;
  readonly tier: SandboxTier;
  readonly warnings: readonly string[];
  readonly decisionRegister: string | null;
  /** The registration that it begins under, if there is one. */
  readonly registration?: Header["registration"];
  /** Who made the patches that it only verifies. */
  readonly external?: Header["external"] | undefined;
  /** May answers of earlier calls be used again? */
  readonly answerCache?: boolean;
  /** How the policy was come by, and its signature file. */
  readonly policyFacts?: Omit<Header["policy"], "id" | "hash" | "snapshot_hash">;
}

export function planRun(request: RunRequest, parts: RunParts): Header {
  const { suite, snapshot, lineUp } = parts;
  const tasks = chosenTasks(suite, request).map(taskFactsOf);
  return {
    kind: "header",
    format: CAPSULE_FORMAT,
    run_id: request.runId,
    created_at: request.createdAt,
    bakeoff_version: request.version,
    suite: { name: suite.name, version: suite.version, root: suite.root },
    policy: { id: snapshot.policy_id, hash: snapshot.hash, snapshot_hash: hashOf(snapshot), ...parts.policyFacts },
    ...(request.diagnosisOf === null ? {} : { diagnosis_of: request.diagnosisOf }),
    ...(parts.external === undefined ? {} : { external: parts.external }),
    ...(parts.registration === undefined ? {} : { registration: parts.registration }),
    reflex_max_attempts: snapshot.policy.reflex.max_attempts,
    decision_register_hash: parts.decisionRegister === null ? null : sha256(parts.decisionRegister),
    toolchain: parts.toolchain,
    sandbox: parts.tier,
    verification: PRESENT_PROTOCOL,
    answers: READING_NOW,
    calibration: "whole-run",
    tasks,
    draw: {
      tasks: request.tasks === null ? null : [...request.tasks],
      limit: request.limit,
      refused_high_risk: parts.policyFacts?.loaded === "last-good",
    },
    candidates: lineUp.candidates.map((candidate) => ({ ...candidate })),
    bindings: lineUp.bindings,
    epochs: request.epochs,
    capability: request.capability,
    seed: request.seed,
    concurrency: request.concurrency,
    ...(lineUp.turns?.length ? { turns: lineUp.turns.map((turn) => [...turn]) } : {}),
    ...turnBlocks(lineUp, tasks.length * request.epochs),
    ...(parts.answerCache ? { answer_cache: true as const } : {}),
    left_out: lineUp.leftOut.map((item) => ({ ...item })),
    warnings: [...parts.warnings],
  };
}

function turnBlocks({ turns = [] }: LineUp, items: number): Pick<Header, "turn_blocks"> {
  const blocks = blockCount(turns, items);
  return blocks < 2 ? {} : { turn_blocks: blocks };
}

/** Throws `usage` for a task that the suite does not have. */
export function chosenTasks(suite: Suite, request: Pick<RunRequest, "tasks" | "limit" | "seed">): readonly Task[] {
  const ids = suite.tasks.map(({ id }) => id);
  for (const id of request.tasks ?? []) {
    if (!ids.includes(id)) throw new BakeoffError("usage", `suite ${suite.name} has no task ${id}`, `did you mean ${nearest(id, ids).join(" or ")}?`);
  }
  return drawnTasks(suite, request);
}

const policyOf = (id: string, hash: string): string => `${id} ${hash.slice(0, 12)}`;

/** Refuses to go on with a run whose suite, policy, toolchain or sandbox is no longer what it was planned with. */
export function checkResumable(header: Header, now: Pick<RunParts, "suite" | "snapshot" | "toolchain" | "tier">): void {
  const differences = [
    ["the suite", header.suite.root, now.suite.root],
    ["the policy", policyOf(header.policy.id, header.policy.hash), policyOf(now.snapshot.policy_id, now.snapshot.hash)],
    ["the toolchain", header.toolchain.rustc, now.toolchain.rustc],
    ["the sandbox", header.sandbox, now.tier],
    ["the verification", protocolOf(header.verification), PRESENT_PROTOCOL],
    ["the reading of answers", readingOf(header), READING_NOW],
  ] as const;
  for (const [what, then, today] of differences) {
    if (then === today) continue;
    const why = what === "the policy" ? ": all trials of a run are compared under one policy, so that nothing was run" : "";
    throw new BakeoffError(
      "integrity",
      `${what} is not what run ${header.run_id} was planned with (${then.slice(0, 80)}, now ${today.slice(0, 80)})${why}`,
      "restore it, or start a new run",
    );
  }
}
