// The run as Inspect AI evaluation logs (format version 2), one a candidate, named as Inspect's own tools look for them.
import type { CandidateSummary } from "../../../metrics/summary/candidate.ts";
import type { Estimate } from "../../../metrics/statistics/interval.ts";
import { instantOf } from "../../../base/instant.ts";
import type { ReportFile } from "../registry.ts";
import { jsonReport } from "../json.ts";
import type { ReportSource } from "../../source.ts";
import { inspectId } from "./messages.ts";
import { FINAL_SCORER, type InspectSample, inspectSample, SLOT_SCORER } from "./sample.ts";
import { inspectModel, usageBy } from "./usage.ts";

/** Source: inspect_ai/log/_log.py, class EvalLog. */
const INSPECT_VERSION = 2;

/** One log per candidate, in the order of the run. */
export function inspectReports(source: ReportSource): readonly ReportFile[] {
  const samples = new Map<string, InspectSample[]>(source.model.summary.candidates.map(({ name }) => [name, []]));
  for (const trial of source.trials()) samples.get(trial.row.candidate)?.push(inspectSample(trial, source.texts));
  return source.model.summary.candidates.map((candidate) => ({
    file: inspectFile(source, candidate),
    content: jsonReport(inspectLog(source, candidate, samples.get(candidate.name) ?? [])),
  }));
}

/** Source: inspect_ai/log/_recorders/file.py: TIME_TASK_ID, with nothing in a part that could part it. */
function inspectFile({ model: { run, identity } }: ReportSource, { name }: CandidateSummary): string {
  const time = run.createdAt.replace(/\.\d+Z$|Z$/, "+00:00").replaceAll(":", "-");
  return `${time}_${plainPart(identity.suite.name)}_${evalId(run.id, name)}.json`;
}

const plainPart = (text: string): string => text.replaceAll(/[^A-Za-z0-9.-]/g, "-");
const evalId = (run: string, candidate: string): string => inspectId("eval", run, candidate);

function inspectLog(source: ReportSource, candidate: CandidateSummary, samples: readonly InspectSample[]): object {
  const own = source.model.trials.filter((trial) => trial.candidate === candidate.name);
  const calls = samples.flatMap((sample) => sample.calls);
  return {
    version: INSPECT_VERSION,
    status: own.every(({ standing }) => standing !== "unfinished") ? "success" : "started",
    eval: specOf(source, candidate),
    plan: { name: "bakeoff", steps: [{ solver: "bakeoff/policy", params: {} }], config: {} },
    results: {
      total_samples: own.length,
      completed_samples: own.filter(({ standing }) => standing === "counted").length,
      scores: [
        scoreOf(SLOT_SCORER, candidate.slot.pass, own.filter(({ slotPass }) => slotPass !== null).length, own.length),
        scoreOf(FINAL_SCORER, candidate.final.rate, own.filter(({ finalPass }) => finalPass !== null).length, own.length),
      ],
    },
    stats: {
      started_at: source.model.run.createdAt,
      completed_at: completedAt(source, samples),
      model_usage: usageBy(calls, inspectModel),
      role_usage: usageBy(calls, ({ role }) => role),
    },
    samples: samples.map(({ sample }) => sample),
  };
}

/** When it was sealed; of a run that is not, when its last event ended. */
function completedAt({ model, sealedAt }: ReportSource, samples: readonly InspectSample[]): string {
  const ends = samples.flatMap(({ endMs }) => (endMs === null ? [] : [endMs]));
  return sealedAt ?? (ends.length === 0 ? model.run.createdAt : instantOf(Math.max(...ends)));
}

function specOf({ model: { identity, run, trials, standIns, warnings } }: ReportSource, candidate: CandidateSummary): object {
  const { suite, policy } = identity;
  const tasks = [...new Set(trials.map(({ task }) => task))];
  return {
    eval_id: evalId(run.id, candidate.name),
    run_id: run.id,
    created: run.createdAt,
    task: suite.name,
    task_id: evalId(run.id, candidate.name),
    task_version: suite.version,
    task_display_name: suite.name,
    task_attribs: {},
    task_args: { candidate: candidate.name, policy: policy.id },
    solver: "bakeoff/policy",
    tags: tagsOf(
      standIns.length > 0,
      identity.capability,
      trials.some(({ risk }) => risk === "high"),
    ),
    dataset: { name: suite.name, samples: tasks.length, sample_ids: tasks, shuffled: false },
    model: `${candidate.provider}/${candidate.model}`,
    model_args: {},
    config: { epochs: identity.epochs },
    packages: { bakeoff: identity.bakeoffVersion },
    scorers: [scorer(SLOT_SCORER), scorer(FINAL_SCORER)],
    metadata: {
      candidate: candidate.name,
      suite_root: suite.root,
      policy: policy.id,
      policy_hash: policy.hash,
      rustc: identity.toolchain.rustc,
      sandbox: identity.sandbox,
      seed: identity.seed,
      stand_ins: standIns.map(({ role, standIn }) => `${role}: ${standIn ?? ""}`),
      warnings,
    },
  };
}

const scorer = (name: string): object => ({ name, options: {}, metrics: [{ name: "accuracy", options: {} }], metadata: {} });

const tagsOf = (standIns: boolean, capability: boolean, highRisk: boolean): readonly string[] => [
  ...(standIns ? ["stand-ins"] : []),
  ...(capability ? ["capability"] : []),
  ...(highRisk ? ["high-risk tasks"] : []),
];

/** The run's own figure with its interval: of low-risk tasks, clustered as its report says; Inspect would count all samples alike. */
function scoreOf(name: string, { value, low, high, n, method }: Estimate, scored: number, all: number): object {
  const accuracy = { name: "accuracy", value, params: {}, metadata: { low, high, tasks: n, method, confidence: 0.95, of: "low-risk tasks" } };
  return { name, scorer: name, scored_samples: scored, unscored_samples: all - scored, params: {}, metrics: value === null ? {} : { accuracy } };
}
