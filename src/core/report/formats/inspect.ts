// The run as Inspect AI evaluation logs (format version 2), one per candidate, for `inspect view` and its data frames.
import type { CandidateSummary } from "../../metrics/summary/candidate.ts";
import { jsonReport } from "./json.ts";
import type { ReportModel } from "../model.ts";
import type { TrialRow } from "../trial-row.ts";

/** Source: inspect_ai/log/_log.py, class EvalLog. */
const INSPECT_VERSION = 2;
const SCORER = "bakeoff/slot_pass";

/** One log per candidate, each newline-terminated JSON. */
export function inspectReports(model: ReportModel): readonly { readonly candidate: string; readonly text: string }[] {
  return model.summary.candidates.map((candidate) => ({ candidate: candidate.name, text: jsonReport(inspectLog(model, candidate)) }));
}

function inspectLog({ identity, run, trials, standIns, warnings }: ReportModel, candidate: CandidateSummary): object {
  const own = trials.filter((trial) => trial.candidate === candidate.name);
  const finished = own.every(({ standing }) => standing !== "unfinished");
  const tasks = [...new Set(own.map(({ task }) => task))];
  return {
    version: INSPECT_VERSION,
    status: finished ? "success" : "started",
    eval: {
      eval_id: `${run.id}/${candidate.name}`,
      run_id: run.id,
      created: run.createdAt,
      task: identity.suite.name,
      task_id: `${identity.suite.name}@${identity.suite.version}`,
      task_version: identity.suite.version,
      task_attribs: {},
      task_args: {},
      dataset: { name: identity.suite.name, samples: tasks.length, sample_ids: tasks, shuffled: false },
      model: `${candidate.provider}/${candidate.model}`,
      model_args: {},
      config: { epochs: identity.epochs },
      packages: { bakeoff: identity.bakeoffVersion },
      metadata: {
        candidate: candidate.name,
        suite_root: identity.suite.root,
        policy: identity.policy.id,
        policy_hash: identity.policy.hash,
        rustc: identity.toolchain.rustc,
        sandbox: identity.sandbox,
        stand_ins: standIns.map(({ role, standIn }) => `${role}: ${standIn ?? ""}`),
        warnings,
      },
    },
    plan: { name: "bakeoff", steps: [{ solver: "bakeoff/policy", params: {} }], config: {} },
    results: { total_samples: own.length, completed_samples: own.filter(({ standing }) => standing === "counted").length, scores: [scoreOf(candidate)] },
    stats: { started_at: run.createdAt, completed_at: "", model_usage: {} },
    samples: own.map(sampleOf),
  };
}

/** Low-risk tasks; the interval is over tasks. */
function scoreOf({ slot }: CandidateSummary): object {
  const { value, low, high, n, method } = slot.pass;
  const metrics = value === null ? {} : { accuracy: { name: "accuracy", value, params: {}, metadata: { low, high, tasks: n, method, confidence: 0.95 } } };
  return { name: SCORER, scorer: SCORER, scored_samples: n, params: {}, metrics };
}

/** Inspect's values: `C` correct, `I` incorrect, `N` no answer. */
function sampleOf(trial: TrialRow): object {
  const value = trial.slotPass === null ? "N" : trial.slotPass ? "C" : "I";
  const by = trial.passedBy === null ? "" : `; passed by ${trial.passedBy}`;
  return {
    id: trial.task,
    epoch: trial.epoch,
    input: trial.task,
    target: "passed",
    messages: [],
    scores: { [SCORER]: { value, answer: trial.slotVerdicts.at(-1) ?? "", explanation: `slot attempts: ${trial.slotVerdicts.join(", ") || "none"}${by}` } },
    metadata: {
      kind: trial.kind,
      risk: trial.risk,
      area: trial.area,
      error_codes: trial.errorCodes,
      standing: trial.standing,
      outside_policy: trial.outsidePolicy,
      final_pass: trial.finalPass,
      unlock: trial.unlock,
    },
    store: {},
    events: [],
    model_usage: {},
    attachments: {},
    ...(trial.standing === "infrastructure" ? { error: { message: "the harness failed", traceback: "", traceback_ansi: "" } } : {}),
  };
}
