// The run as JUnit XML for CI servers: a suite per candidate, a case per trial, with what was found and the patch in its output.
import { fixed } from "../../text/figures.ts";
import type { ReportModel } from "../model.ts";
import type { ReportedTrial, ReportSource } from "../source.ts";
import { showCommand } from "../trial/list.ts";
import { patchText } from "../trial/patch.ts";
import { verdictText } from "../trial/verdict.ts";
import type { TrialRow } from "../trial-row.ts";
import { escapeXml, xmlBlock } from "./xml.ts";

/** A case passes if the candidate's own slot did; trials without one are skipped, failures of the harness are errors. */
export function junitReport(source: ReportSource): string {
  const { title, summary, trials } = source.model;
  const cases = new Map<string, string[]>(summary.candidates.map(({ name }) => [name, []]));
  for (const trial of source.trials()) cases.get(trial.row.candidate)?.push(caseOf(trial, source.model.run.id));
  const suites = summary.candidates.map(({ name }) => suiteOf(name, cases.get(name) ?? [], source.model));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${escapeXml(title)}"${totals(trials)}>\n${suites.join("")}</testsuites>\n`;
}

function suiteOf(candidate: string, cases: readonly string[], { run, trials, identity, standIns, warnings }: ReportModel): string {
  const own = trials.filter((trial) => trial.candidate === candidate);
  const facts = {
    run: run.id,
    suite: `${identity.suite.name} ${identity.suite.version}`,
    policy: identity.policy.id,
    rustc: identity.toolchain.rustc,
    sandbox: identity.sandbox,
    ...Object.fromEntries(standIns.map(({ role, standIn }) => [`stand-in ${role}`, standIn ?? ""])),
    ...Object.fromEntries(warnings.map((warning, index) => [`warning ${index + 1}`, warning])),
  };
  return `  <testsuite name="${escapeXml(candidate)}" timestamp="${escapeXml(run.createdAt)}"${totals(own)}>\n${properties(facts, "    ")}${cases.join("")}  </testsuite>\n`;
}

const properties = (facts: Readonly<Record<string, string>>, indent: string): string =>
  `${indent}<properties>\n${Object.entries(facts)
    .map(([name, value]) => `${indent}  <property name="${escapeXml(name)}" value="${escapeXml(value)}"/>\n`)
    .join("")}${indent}</properties>\n`;

type End = "passed" | "failure" | "skipped" | "error";

const UNCOUNTED: Readonly<Record<Exclude<TrialRow["standing"], "counted">, string>> = {
  infrastructure: "the harness failed: the trial is not counted",
  unfinished: "the trial is not finished",
  unasked: "the candidate was never asked, because its server's breaker was open: the trial is not counted",
};

function endOf({ standing, slotPass, outsidePolicy, cheated = null }: TrialRow): End {
  if (standing !== "counted") return "error";
  if (cheated !== null && !outsidePolicy) return cheated ? "failure" : "passed";
  if (slotPass === null || outsidePolicy) return "skipped";
  return slotPass ? "passed" : "failure";
}

const seconds = ({ timings: { modelMs, harnessMs } }: TrialRow): number => ((modelMs ?? 0) + (harnessMs ?? 0)) / 1000;

function totals(trials: readonly TrialRow[]): string {
  const count = (end: End): number => trials.filter((trial) => endOf(trial) === end).length;
  const time = trials.reduce((sum, trial) => sum + seconds(trial), 0);
  return ` tests="${trials.length}" failures="${count("failure")}" errors="${count("error")}" skipped="${count("skipped")}" time="${fixed(time, 3)}"`;
}

function caseOf(trial: ReportedTrial, run: string): string {
  const { row } = trial;
  const { task, epoch, candidate, kind, area } = row;
  const head = `    <testcase name="${escapeXml(`${task} (epoch ${epoch})`)}" classname="${escapeXml(`${candidate}.${kind}.${area}`)}" time="${fixed(seconds(row), 3)}">\n`;
  const facts = {
    risk: row.risk,
    standing: row.standing,
    "slot attempts": row.slotVerdicts.join(", "),
    "passed by": row.passedBy ?? "",
    unlock: row.unlock ?? "",
  };
  return `${head}${properties(facts, "      ")}${outcome(row, run)}${output(trial)}    </testcase>\n`;
}

function outcome(row: TrialRow, run: string): string {
  const end = endOf(row);
  if (end === "passed") return "";
  const look = `look at it: ${showCommand(run, `${row.candidate}/${row.task}/${row.epoch}`)}`;
  const text = row.why === null || end === "skipped" ? look : `${row.why}; ${look}`;
  const type = end === "failure" ? ` type="${escapeXml(row.slotVerdicts.at(-1) ?? end)}"` : end === "error" ? ` type="${escapeXml(row.standing)}"` : "";
  return `      <${end}${type} message="${escapeXml(messageOf(row, end))}">${escapeXml(text)}</${end}>\n`;
}

/** What a person would look for first: how it ended, and each attempt's verdict and patch. */
function output({ page }: ReportedTrial): string {
  const attempts = page.attempts.map(({ number, kind, verdict, patch }) => `Attempt ${number} (${kind}): ${verdictText(verdict)}\n\n${patchText(patch)}`);
  return `      <system-out>${xmlBlock([page.outcome, ...attempts].join("\n\n"))}</system-out>\n`;
}

function messageOf({ standing, slotVerdicts, lastVerdict, passedBy, outsidePolicy, cheated }: TrialRow, end: End): string {
  if (standing !== "counted") return UNCOUNTED[standing];
  if (end === "failure" && cheated) return `cheated: it passed visible tests that contradict the instruction; slot attempts: ${slotVerdicts.join(", ")}`;
  const later = passedBy === null ? `last verdict ${lastVerdict ?? "none"}` : `passed by ${passedBy}`;
  if (end === "skipped") return outsidePolicy ? `the slot was tried outside the policy; ${later}` : `the policy keeps the slot out of this task; ${later}`;
  return `slot attempts: ${slotVerdicts.join(", ")}; ${later}`;
}
