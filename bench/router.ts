// The router's own speed: one decision on a long history, and validating the shipped policy from process start.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findPlaces } from "../src/app/places.ts";
import { parseToml } from "../src/core/base/toml.ts";
import { candidatesSchema, policySchema } from "../src/core/policy/schema.ts";
import { compileSnapshot, type PolicySnapshot } from "../src/core/policy/snapshot.ts";
import { expandHistory } from "../src/core/router/golden/history.ts";
import { type Scenario, readGolden, stageScenario } from "../src/core/router/golden/scenario.ts";
import { next } from "../src/core/router/next.ts";
import type { Figure } from "./figure.ts";

const PACKAGE_ROOT = findPlaces({}).packageRoot;

const read = (name: string): string => readFileSync(join(PACKAGE_ROOT, "policy", name), "utf8");

function shippedPolicy(): PolicySnapshot {
  const policy = parseToml("policy", read("model_policy.toml"), policySchema);
  const candidates = parseToml("candidates", read("candidates.toml"), candidatesSchema);
  if (!policy.ok || !candidates.ok) throw new Error("the shipped policy is not valid");
  return compileSnapshot(policy.value, candidates.value, { createdAt: "2026-11-22T00:00:00.000Z", files: [] });
}

/** Twenty events: a trial whose reflex and cloud attempts all failed and that stands before its next decision. */
const HISTORY =
  "Plan, notebook, plan 900 tokens, Implement, reflex compile-error 4000 tokens, reflex failed 4000 tokens, cloud failed 6000 tokens, cloud tampered 6000 tokens, Validate, validate Fail, Audit, critic advisory, Unlock, judge no".split(
    ", ",
  );

/** Microseconds of a decision, as the median over batches: one decision is too short for the clock. */
function decisionFigure(batches: number, perBatch: number): Figure {
  const snapshot = shippedPolicy();
  const text = 'format = 1\n[[scenario]]\nname = "bench"\ntask = { editable = ["src/a.rs", "src/b.rs"], tags = ["lexer"] }\nexpect = "?"\n';
  const [scenario] = readGolden([{ path: "bench", text }]).scenarios as readonly [Scenario];
  const staged = stageScenario(snapshot, scenario);
  if (!staged.ok) throw new Error(staged.fault);
  const { events } = expandHistory(HISTORY);
  const history = events.slice(0, 20);
  if (history.length !== 20) throw new Error(`the history has ${history.length} events`);
  const conditions = { ...staged.conditions, breakers: { "sglang/gpt-oss-20b": "Open" } as const };
  const samples = Array.from({ length: batches }, () => {
    const start = process.hrtime.bigint();
    for (let turn = 0; turn < perBatch; turn += 1) next(staged.snapshot, staged.plan, history, conditions);
    return Number(process.hrtime.bigint() - start) / 1000 / perBatch;
  });
  return { name: "next() on a history of 20 events", unit: " µs", samples, bound: 20 };
}

function validationFigure(times: number): Figure {
  const main = join(PACKAGE_ROOT, "dist", "main.js");
  const samples = Array.from({ length: times }, () => {
    const start = process.hrtime.bigint();
    const { status } = spawnSync(process.execPath, [main, "policy", "validate"], { cwd: PACKAGE_ROOT, stdio: "ignore" });
    if (status !== 0) throw new Error(`policy validate ended with ${String(status)}`);
    return Number(process.hrtime.bigint() - start) / 1e9;
  });
  return { name: "policy validate with every golden scenario, from process start", unit: " s", samples, bound: 1 };
}

export const routerFigures = (): Figure[] => [decisionFigure(200, 500), validationFigure(9)];
