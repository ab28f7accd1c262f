// One run, one time of an attempt: what the report, the plot, the exports and the gate say of it is the same.
import { describe, expect, it } from "vitest";
import { candidateFacts } from "../../../../src/core/gate/facts.ts";
import { RunFactsReader } from "../../../../src/core/gate/run-facts.ts";
import { samplesOf } from "../../../../src/core/gate/samples.ts";
import { BY_FAMILY } from "../../../../src/core/gate/statistics/by-family.ts";
import { csvReport } from "../../../../src/core/report/formats/csv.ts";
import { jsonReport } from "../../../../src/core/report/formats/json.ts";
import { svgReport } from "../../../../src/core/report/formats/svg.ts";
import { reportModel } from "../../../../src/core/report/model.ts";
import { milliseconds } from "../../../../src/core/text/figures.ts";
import { runOf, slot, trial } from "../metrics/summary-fixture.ts";

const LIMIT_MS = 120_000;
const scripts = [
  trial(slot("failed", { latencyMs: 300, durationMs: 900 }), slot("passed", { latencyMs: 250, durationMs: 1100 })),
  trial(slot("patch-rejected", { latencyMs: 80, durationMs: 0 }), slot("passed", { latencyMs: 500, durationMs: 700 })),
  trial(slot("patch-rejected", { failedCall: true, failure: "timeout-total", latencyMs: LIMIT_MS, durationMs: 0 }), slot("failed", { durationMs: 650 })),
  trial(slot("patch-rejected", { failedCall: true, failure: "truncated", latencyMs: 9000, durationMs: 0 }), slot("passed", { durationMs: 600 })),
];
const tasks = Array.from({ length: 60 }, (_, index) => ({ id: `t${index}`, family: `f${index % 20}` }));
const run = runOf({
  candidates: ["gpt"],
  tasks,
  trials: Object.fromEntries(tasks.map(({ id }, index) => [`gpt/${id}/1`, scripts[index % scripts.length] ?? trial()])),
});
const model = reportModel(run);
const [reported] = model.summary.candidates;

const reader = new RunFactsReader(run.header);
for (const one of run.trials) reader.trial(one);
const gated = candidateFacts("gpt", reader.end([]).trials.get("gpt") ?? [], ({ standing }) => standing === "counted");
const samples = samplesOf(BY_FAMILY, gated, "attemptMs");

describe("an attempt's time", () => {
  it("is of as many attempts, and of the same quantiles, in the report and at the gate", () => {
    expect(samples).toHaveLength(120);
    for (const [q, said] of [
      [0.5, reported?.timings.attempt.p50],
      [0.95, reported?.timings.attempt.p95],
    ] as const)
      expect(said).toEqual(BY_FAMILY.quantile(samples, q, 0.95));
    const modelSamples = samplesOf(BY_FAMILY, gated, "modelMs");
    expect(reported?.timings.model.p95).toEqual(BY_FAMILY.quantile(modelSamples, 0.95, 0.95));
  });

  it("of a call that ran into a limit is at least the limit, in each of them", () => {
    const limits = samples.filter(({ value }) => value >= LIMIT_MS);
    expect(limits).toHaveLength(15);
    expect(reported?.timings.attempt.p95.value).toBeGreaterThanOrEqual(LIMIT_MS);
  });

  it("is what the exports and the plot hold", () => {
    const lines = csvReport(model).trim().split(/\r?\n/);
    const names = (lines[0] ?? "").split(",");
    const written = (name: string): number => lines.slice(1).reduce((sum, line) => sum + Number(line.split(",")[names.indexOf(name)]), 0);
    // No waits between tries here: the model's part and the loop's are the attempt.
    const whole = samples.reduce((sum, { value }) => sum + value, 0);
    expect(written("model_ms") + written("harness_ms")).toBeCloseTo(whole, 6);
    const exported = JSON.parse(jsonReport(model)) as { summary: { candidates: readonly { timings: { attempt: unknown } }[] } };
    expect(exported.summary.candidates[0]?.timings.attempt).toEqual(reported?.timings.attempt);
    const { p50, p95 } = reported?.timings.attempt ?? {};
    const longest = Math.max(...[p50?.value, p50?.high, p95?.value, p95?.high].map((value) => value ?? 0));
    expect(svgReport(model)).toContain(`>${milliseconds(longest)}<`);
  });
});

describe("an answer that was cut off", () => {
  it("is out of form, at the gate and in the report", () => {
    expect(gated.attempts.filter(({ json }) => json === false)).toHaveLength(15);
  });
});
