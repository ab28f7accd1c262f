// The trials that a candidate lost as GitLab's code quality report: what went wrong where, so that it stands in a merge request.
import { sha256 } from "../../base/canonical.ts";
import type { ReportedTrial, ReportSource } from "../source.ts";
import type { TrialPageModel } from "../trial/page.ts";

const PLACE = /^(.+):(\d+):\d+$/;

/** Source: GitLab's documentation, *Code Quality report format*: description, check_name, fingerprint, severity, location. */
export function codeQualityReport(source: ReportSource): string {
  const issues = [...source.trials()].flatMap((trial) => issueOf(trial) ?? []);
  return `${JSON.stringify(issues, null, 2)}\n`;
}

function issueOf({ row, page }: ReportedTrial): object | null {
  if (row.standing !== "counted" || row.slotPass !== false) return null;
  const status = row.slotVerdicts.at(-1) ?? "lost";
  return {
    description: `${row.candidate} lost ${row.task} (epoch ${row.epoch}): ${page.cause?.title ?? page.outcome}`,
    check_name: `bakeoff/${status}`,
    // The same loss in two runs is the same issue.
    fingerprint: sha256(["bakeoff", row.candidate, row.task, String(row.epoch), status].join("\n")),
    severity: row.risk === "high" ? "major" : "minor",
    location: placeOf(page, row.task),
  };
}

/** Where it went wrong; else the file that the candidate changed; else the task itself, which is no file. */
function placeOf({ cause, attempts }: TrialPageModel, task: string): object {
  const [, path, line = "1"] = PLACE.exec(cause?.place ?? "") ?? [];
  const patched = attempts.findLast(({ kind }) => kind === "slot")?.patch.files[0]?.path;
  return { path: path ?? patched ?? task, lines: { begin: Number(line) } };
}
