// The candidates' own patches as SWE-bench's harness reads them: predictions, and a report an instance where it looks for them.
import type { ReportFile } from "./registry.ts";
import type { ReportedTrial, ReportSource } from "../source.ts";
import { type GitPatch, gitPatch } from "../trial/patch.ts";
import { fileNamePart } from "./file-name.ts";

/** Where `swebench.harness.reporting` looks: logs/run_evaluation/RUN/MODEL/INSTANCE/report.json. */
const LOGS = "swe-bench/logs/run_evaluation";

/** A candidate's own last patch of a trial, as harnesses take it. */
export interface Submission {
  readonly instance: string;
  readonly model: string;
  readonly suite: string;
  readonly task: string;
  /** The harness knows no epochs: each is a run of its own. */
  readonly run: string;
  readonly patch: GitPatch;
  readonly trial: ReportedTrial;
}

/** A trial whose slot was not tried has no prediction; one whose patch the capsule can't tell is listed with the reason. */
export function sweBenchReports(source: ReportSource): readonly ReportFile[] {
  const submissions = [...source.trials()].flatMap((trial) => submissionOf(trial, source) ?? []);
  const files = new Map<string, string[]>();
  for (const one of submissions) {
    const file = "missing" in one.patch ? "swe-bench/left-out.jsonl" : `swe-bench/predictions-${one.model}-${one.run}.jsonl`;
    files.set(file, [...(files.get(file) ?? []), `${JSON.stringify(lineOf(one))}\n`]);
  }
  const reports = submissions.flatMap((one) => reportOf(one) ?? []);
  return [...[...files].map(([file, lines]) => ({ file, content: lines.join("") })), ...reports];
}

/** Null where the slot was not tried. */
export function submissionOf(trial: ReportedTrial, { model }: ReportSource): Submission | null {
  const { row, page } = trial;
  const last = page.attempts.findLast(({ kind }) => kind === "slot");
  if (!last) return null;
  const { suite, epochs } = model.identity;
  return {
    instance: `${fileNamePart(suite.name)}__${fileNamePart(row.task)}`,
    model: fileNamePart(row.candidate),
    suite: fileNamePart(suite.name),
    task: row.task,
    run: fileNamePart(epochs === 1 ? model.run.id : `${model.run.id}-epoch${row.epoch}`),
    patch: last.patch.refused === null ? gitPatch(last.patch.files) : { text: "" },
    trial,
  };
}

const lineOf = ({ instance, model, patch }: Submission): object =>
  "missing" in patch
    ? { instance_id: instance, model_name_or_path: model, why: patch.missing }
    : { instance_id: instance, model_name_or_path: model, model_patch: patch.text };

/** None where the harness failed: SWE-bench counts that as an error, and nobody's. */
function reportOf({ instance, model, run, patch, trial: { row, page } }: Submission): ReportFile | null {
  if (row.slotPass === null || "missing" in patch) return null;
  const last = page.attempts.findLast(({ kind }) => kind === "slot");
  const report = {
    patch_is_None: false,
    patch_exists: patch.text !== "",
    patch_successfully_applied: last?.patch.refused === null,
    resolved: row.slotPass,
    bakeoff: { trial: page.id, verdicts: row.slotVerdicts, detail: last?.verdict.detail ?? "", counts: last?.verdict.counts ?? null, risk: row.risk },
  };
  return { file: `${LOGS}/${run}/${model}/${instance}/report.json`, content: `${JSON.stringify({ [instance]: report }, null, 2)}\n` };
}
