// Digests of runs for tests of the trend: an ordinary one, and what differs.
import type { Estimate } from "../../../../../src/core/metrics/statistics/interval.ts";
import type { CandidateDigest, RunDigest } from "../../../../../src/core/report/runs/digest.ts";

export const rate = (value: number | null, n = 20): Estimate => ({
  value,
  low: value === null ? null : Math.max(0, value - 0.1),
  high: value === null ? null : Math.min(1, value + 0.1),
  n,
  method: "wilson",
});

export function candidateDigest(name: string, passes: readonly boolean[], more: Partial<CandidateDigest> = {}): CandidateDigest {
  const share = passes.filter(Boolean).length / passes.length;
  return {
    name,
    provider: "sglang",
    model: name,
    pass: rate(share, passes.length),
    passAt1: rate(share, passes.length),
    final: rate(1),
    escalated: rate(1 - share),
    fallback: rate(0),
    json: rate(1),
    attemptP50: rate(400),
    attemptP95: rate(900),
    costPerTrialUsd: 0.01,
    tasks: Object.fromEntries(passes.map((passed, index) => [`task-${index}`, [passed ? 1 : 0, 1] as const])),
    ...more,
  };
}

export function digest(day: number, candidates: readonly CandidateDigest[], more: Partial<RunDigest> = {}): RunDigest {
  const date = `2026-10-${String(day).padStart(2, "0")}`;
  return {
    format: 4,
    run: `run-${String(day).padStart(2, "0")}`,
    createdAt: `${date}T08:00:00.000Z`,
    bakeoffVersion: "0.1.0",
    suite: { name: "suite", version: "1.0.0", root: "1".repeat(64) },
    policy: { id: "model-policy@2.2.0", hash: "2".repeat(64) },
    toolchain: { rustc: "rustc 1.95.0", cargo: "cargo 1.95.0", host: "x86_64" },
    sandbox: "bubblewrap",
    verification: "two-builds",
    epochs: 1,
    capability: false,
    diagnosisOf: null,
    external: null,
    reusedAnswers: 0,
    concurrency: { cargo: 2, model: 4 },
    tasks: { total: 20, lowRisk: 20, highRisk: 0 },
    families: {},
    taskSet: "3".repeat(64),
    standIns: [],
    servers: [{ provider: "sglang", facts: { version: "0.5.5" } }],
    warnings: [],
    candidates,
    calibration: null,
    breakersOpened: 0,
    trials: { planned: 20, unfinished: 0, infrastructure: 0 },
    ...more,
  };
}

/** Passes of twenty tasks, by how many pass: the easy ones first, and one that flips from run to run. */
export const passesOf = (count: number, day = 0): boolean[] => Array.from({ length: 20 }, (_, index) => (index === count ? day % 2 === 0 : index < count));
