// The candidates' own patches as Multi-SWE-bench's harness reads them: patches by pull request, and a final report a candidate.
import { PULL_OWNER, pullName, pullNumber } from "../../suite/shapes/pull-number.ts";
import { groupBy } from "../../metrics/summary/rate.ts";
import type { ReportSource } from "../source.ts";
import type { ReportFile } from "./registry.ts";
import { type Submission, submissionOf } from "./swe-bench.ts";

/** Its final report has counts and ids only; what the capsule can't tell the patch of is in neither file. */
export function multiSweBenchReports(source: ReportSource): readonly ReportFile[] {
  const submissions = [...source.trials()].flatMap((trial) => submissionOf(trial, source) ?? []);
  const groups = groupBy(submissions, ({ model, run }) => `multi-swe-bench/${model}-${run}`);
  return [...groups].flatMap(([folder, own]) => [
    { file: `${folder}/patches.jsonl`, content: own.flatMap((one) => patchLine(one) ?? []).join("") },
    { file: `${folder}/final_report.json`, content: `${JSON.stringify(finalReport(own), null, 2)}\n` },
  ]);
}

const patchLine = ({ suite, task, patch }: Submission): string | null =>
  "missing" in patch ? null : `${JSON.stringify({ org: PULL_OWNER, repo: suite, number: pullNumber(task), fix_patch: patch.text, task })}\n`;

const isEmpty = ({ patch }: Submission): boolean => !("missing" in patch) && patch.text === "";

/** Source: multi_swe_bench, harness/report.py, FinalReport. */
function finalReport(submissions: readonly Submission[]): object {
  const ids = (chosen: (submission: Submission) => boolean): readonly string[] => submissions.filter(chosen).map(({ suite, task }) => pullName(suite, task));
  const all = ids(() => true);
  const completed = ids(({ trial }) => trial.row.slotPass !== null);
  const incomplete = ids(({ trial }) => trial.row.slotPass === null);
  const resolved = ids(({ trial }) => trial.row.slotPass === true);
  const unresolved = ids(({ trial }) => trial.row.slotPass === false);
  const empty = ids(isEmpty);
  return {
    total_instances: all.length,
    submitted_instances: all.length,
    completed_instances: completed.length,
    incomplete_instances: incomplete.length,
    resolved_instances: resolved.length,
    unresolved_instances: unresolved.length,
    empty_patch_instances: empty.length,
    error_instances: incomplete.length,
    submitted_ids: all,
    completed_ids: completed,
    incomplete_ids: incomplete,
    resolved_ids: resolved,
    unresolved_ids: unresolved,
    empty_patch_ids: empty,
    error_ids: incomplete,
  };
}
