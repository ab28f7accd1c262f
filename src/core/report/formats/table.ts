// The plain-text table for stdout: as wide as it may be, rates first, then what they have to be read with, a legend at the end.
import { beyondProofCount } from "../../capsule/proof/beyond-proof.ts";
import type { CandidateRate } from "../../metrics/summary/comparison.ts";
import type { RunSummary } from "../../metrics/summary/summary.ts";
import { counted, oneLine } from "../format.ts";
import { type TextPage, textPage } from "../grid.ts";
import type { ReportModel } from "../model.ts";
import { notices } from "../notices.ts";
import { lookAtTrial } from "../trial/look.ts";
import {
  behindSection,
  beyondSection,
  candidateRows,
  capabilitySection,
  cheatingSection,
  countsSection,
  groupRows,
  headlineSection,
  highRiskSection,
  isCheatingOnly,
  type Section,
  timingSection,
} from "../sections/section.ts";
import { workersSection } from "../sections/workers.ts";

/** The table, newline-terminated. Only the start command of a single candidate that was left out may be wider, so that it can be copied. */
export function textTable(model: ReportModel, width?: number): string {
  const { summary } = model;
  const page = textPage(width);
  const passes = isCheatingOnly(summary) ? [] : [headlineSection(summary), behindSection(summary), countsSection(summary)];
  const sections = [
    ...passes,
    cheatingSection(summary),
    highRiskSection(summary),
    capabilitySection(summary),
    ...(summary.byKind.length > 0 ? [candidateRows("By kind of task", summary.byKind, summary.candidates)] : []),
    errorCodes(summary),
    beyondSection(summary),
    isCheatingOnly(summary) ? null : timingSection(summary),
    workersSection(model.workers),
  ];
  const [first, ...others] = sections.map((section) => (section ? sectionLines(section, page) : []));
  const blocks = [
    headLines(model, page),
    first ?? [],
    noticeLines(model, page),
    ...others,
    trustLines(summary, page),
    [...LEGEND, beyondProofCount(model.beyondProof), `why a trial came out as it did: ${lookAtTrial(model)}`].flatMap((line) => page.wrap(line, "  ")),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n")}\n`;
}

const LEGEND = [
  "97.9% [89–100] n=48: rate, 95 % interval, number of tasks (for timings: of attempts). Tasks of one family may succeed and fail together, and the interval allows for it. –: nothing to measure. ?: too few samples for this bound.",
  "pass@1: the candidate's first attempt passed every test, including held-out ones. pass in slot: any of its attempts did. after escalation: the last attempt did, whichever model made it.",
];

function headLines({ title, run, identity, summary }: ReportModel, { wrap }: TextPage): readonly string[] {
  const about = [
    `run ${run.id}`,
    `${counted(summary.tasks.total, "task")} (${summary.tasks.highRisk} high-risk)`,
    counted(identity.epochs, "epoch"),
    `sandbox ${identity.sandbox}`,
    ...(identity.capability ? ["capability run"] : []),
  ];
  return wrap(`${title}: ${about.join(", ")}`, "  ");
}

/** After the rates, a line a kind; a single command is shown, of several it is said who tells them. */
function noticeLines(model: ReportModel, { wrap }: TextPage): readonly string[] {
  return notices(model).flatMap(({ line, items }) => {
    const [first, ...others] = items.filter(({ command }) => command !== null);
    if (!first) return wrap(`! ${line}`, "  ");
    if (others.length > 0) return wrap(`! ${line}; how to start each: bakeoff doctor`, "  ");
    return [...wrap(`! left out: ${first.text}`, "  "), `    ${oneLine(first.command ?? "")}`];
  });
}

function sectionLines({ title, note, grid }: Section, page: TextPage): readonly string[] {
  return [...page.wrap(title.toUpperCase(), ""), ...page.wrap(note, ""), ...(grid.rows.length > 0 ? page.grid(grid) : [])];
}

/** Error codes for the candidates that they distinguish: those that passed all or none of the tasks are named in the note. */
function errorCodes({ byErrorCode, candidates }: RunSummary): Section | null {
  if (byErrorCode.length === 0) return null;
  const names = candidates.map(({ name }) => name);
  const ratesOf = (name: string): readonly CandidateRate[] => byErrorCode.flatMap(({ rates }) => rates.filter((rate) => rate.candidate === name));
  const alike = (name: string, share: 0 | 1): boolean => ratesOf(name).every(({ pass }) => pass.value === share);
  const [none, all] = [names.filter((name) => alike(name, 0)), names.filter((name) => alike(name, 1))];
  const telling = names.filter((name) => !none.includes(name) && !all.includes(name));
  const section = groupRows("By error code", telling.length > 0 ? byErrorCode : [], telling);
  const apart = [...(none.length > 0 ? [`None in any code: ${none.join(", ")}.`] : []), ...(all.length > 0 ? [`All in every code: ${all.join(", ")}.`] : [])];
  return { ...section, note: [section.note, ...apart].join(" ") };
}

/** Only if there is something to report. */
function trustLines({ candidates }: RunSummary, { wrap }: TextPage): readonly string[] {
  return candidates.flatMap(({ name, verdicts, unlock }) => [
    ...(verdicts.tampered.length > 0
      ? wrap(`! ${name}: ${verdicts.tampered.length} of ${counted(verdicts.attempts, "attempt")} tampered with the verdict; the report lists them`, "  ")
      : []),
    ...(unlock.falseUnlocks.length > 0
      ? wrap(`! ${name}: ${unlock.falseUnlocks.length} of ${counted(unlock.unlocked, "unlock")} without a passing verdict`, "  ")
      : []),
    ...(unlock.falseBlocks.length > 0 ? wrap(`! ${name}: ${unlock.falseBlocks.length} of ${counted(unlock.passed, "passing trial")} kept locked`, "  ") : []),
  ]);
}
