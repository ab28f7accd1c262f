// The report as Markdown: what to know first, the headline, sections, timings apart, and every trial folded away.
import Handlebars from "handlebars";
import type { RunSummary } from "../metrics/summary.ts";
import { counted, NOTHING } from "./format.ts";
import { type Grid, gridMarkdown, left, markdownCode, markdownText, right } from "./grid.ts";
import { MARKDOWN_TEMPLATE } from "./markdown-template.ts";
import { type ReportModel, type ServerState, standInText } from "./model.ts";
import {
  behindSection,
  beyondSection,
  candidateRows,
  capabilitySection,
  countsSection,
  groupRows,
  headlineSection,
  highRiskSection,
  type Section,
  timingSection,
  unlockSection,
} from "./section.ts";
import { calibrationSection } from "./section-calibration.ts";
import { pairSection, routingSection, verdictSection } from "./section-detail.ts";

interface List {
  readonly summary: string;
  readonly items: readonly string[];
  readonly folded: boolean;
}

interface Part {
  readonly title: string;
  readonly note: string;
  readonly table: string;
  readonly lists: readonly List[];
}

const render = Handlebars.create().compile(MARKDOWN_TEMPLATE, { noEscape: true, strict: true });

/** The report, newline-terminated. Two runs with the same outcome differ only in "Timings" and in run id and time. */
export function markdownReport(model: ReportModel): string {
  const { summary, trials } = model;
  return render({
    title: markdownText(model.title),
    notices: notices(model),
    about: about(model),
    opening: [headlineSection(summary), behindSection(summary), countsSection(summary)].map((section) => part(section)),
    detail: [...detail(summary), ...(model.calibration ? [part(calibrationSection(model.calibration))] : []), part(routingSection(model.routing))],
    timings: part(timingSection(summary)),
    identity: gridMarkdown(identityGrid(model)),
    trialCount: counted(trials.length, "trial"),
    trials: gridMarkdown(trialGrid(model)),
  });
}

function part({ title, note, grid }: Section, lists: readonly List[] = []): Part {
  const filled = lists.filter(({ items }) => items.length > 0);
  return { title: markdownText(title), note: markdownText(note), table: gridMarkdown(grid), lists: filled };
}

function notices({ standIns, warnings, leftOut }: ReportModel): readonly string[] {
  return [
    ...[...standIns.map(standInText), ...warnings].map(markdownText),
    ...leftOut.map(({ name, reason, start }) => `left out: ${markdownText(`${name}: ${reason}`)}; to start it: ${markdownCode(start)}`),
  ];
}

function about({ summary: { tasks, candidates }, identity }: ReportModel): string {
  const size = `${counted(candidates.length, "candidate")} on ${counted(tasks.total, "task")} (${tasks.highRisk} high-risk)`;
  const capability = identity.capability ? " Capability run: the slot was tried on high-risk tasks too, outside the policy." : "";
  return `${size}, ${counted(identity.epochs, "epoch")}.${capability}`;
}

function detail(summary: RunSummary): readonly Part[] {
  const { candidates, byKind, byArea, byErrorCode } = summary;
  const names = candidates.map(({ name }) => name);
  const optional = [highRiskSection(summary), capabilitySection(summary)].filter((section) => section !== null);
  const beyond = beyondSection(summary);
  return [
    ...optional.map((section) => part(section)),
    part(candidateRows("By kind of task", byKind, candidates)),
    part(groupRows("By area", byArea, names)),
    ...(byErrorCode.length > 0 ? [part(groupRows("By error code", byErrorCode, names))] : []),
    ...(beyond ? [part(beyond, solvedList(summary))] : []),
    part(verdictSection(summary), [...rejectionLists(summary), ...tamperLists(summary)]),
    part(unlockSection(summary), unlockLists(summary)),
    ...(summary.pairs.length > 0 ? [part(pairSection(summary), pairLists(summary))] : []),
  ];
}

function solvedList({ beyondCompiler }: RunSummary): readonly List[] {
  const solved = beyondCompiler?.solved ?? [];
  return [{ summary: `${counted(solved.length, "task")} that the suggestions solve`, items: solved.map(markdownCode), folded: true }];
}

function rejectionLists({ candidates }: RunSummary): readonly List[] {
  return candidates.map(({ name, verdicts }) => ({
    summary: `Patches of ${markdownText(name)} that were rejected:`,
    items: verdicts.rejections.map(({ reason, count }) => `${markdownText(reason)}: ${count} of ${counted(verdicts.attempts, "attempt")}`),
    folded: false,
  }));
}

function tamperLists({ candidates }: RunSummary): readonly List[] {
  return candidates.map(({ name, verdicts }) => ({
    summary: `Attempts of ${markdownText(name)} that tampered with the verdict:`,
    items: verdicts.tampered.map(
      ({ task, epoch, attempt, detail: seen }) => `${markdownCode(task)}, epoch ${epoch}, attempt ${attempt}: ${markdownText(seen)}`,
    ),
    folded: false,
  }));
}

function unlockLists({ candidates }: RunSummary): readonly List[] {
  return candidates.flatMap(({ name, unlock }) =>
    [
      { what: "False unlocks", refs: unlock.falseUnlocks },
      { what: "False blocks", refs: unlock.falseBlocks },
    ].map(({ what, refs }) => ({
      summary: `${what} in trials of ${markdownText(name)}:`,
      items: refs.map(({ task, epoch }) => `${markdownCode(task)}, epoch ${epoch}`),
      folded: false,
    })),
  );
}

function pairLists({ pairs }: RunSummary): readonly List[] {
  const items = pairs.flatMap(({ a, b, aBetter, bBetter }) =>
    [
      { better: a, than: b, tasks: aBetter },
      { better: b, than: a, tasks: bBetter },
    ].flatMap(({ better, than, tasks }) =>
      tasks.length === 0 ? [] : [`${markdownText(`${better} better than ${than}`)}: ${tasks.map(markdownCode).join(", ")}`],
    ),
  );
  return [{ summary: "The tasks", items, folded: true }];
}

export function identityGrid({ run, identity, servers = [] }: ReportModel): Grid {
  const { suite, policy, toolchain, concurrency } = identity;
  const rows = [
    ["run", run.id],
    ["created", run.createdAt],
    ["bakeoff", identity.bakeoffVersion],
    ["suite", `${suite.name} ${suite.version}`],
    ["suite root", suite.root],
    ["policy", policy.id],
    ["policy hash", policy.hash],
    ["decision register hash", identity.decisionRegisterHash ?? NOTHING],
    ["toolchain", `${toolchain.rustc}; ${toolchain.cargo}; ${toolchain.host}`],
    ["sandbox", identity.sandbox],
    ["epochs", String(identity.epochs)],
    ["capability", identity.capability ? "yes" : "no"],
    ["seed", String(identity.seed)],
    ["at a time", `${counted(concurrency.cargo, "cargo job")}, ${counted(concurrency.model, "model call")}`],
    ...identity.roles.map(({ role, provider, model, standIn }) => [role, `${model} (${provider})${standIn === null ? "" : `, played by ${standIn}`}`]),
    ...servers.map(({ provider, facts }) => [`server ${provider}`, factsText(facts)]),
  ];
  return { columns: [left(""), left("")], rows };
}

const factsText = (facts: ServerState["facts"]): string =>
  Object.entries(facts)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join("; ");

export function trialGrid({ trials }: ReportModel): Grid {
  return {
    columns: [left("task"), right("epoch"), left("candidate"), left("slot"), left("Implementer"), left("passed by"), left("unlock")],
    rows: trials.map((trial) => [
      trial.task,
      String(trial.epoch),
      trial.candidate,
      verdicts(trial.slotVerdicts) + (trial.outsidePolicy ? " (outside the policy)" : ""),
      verdicts(trial.cloudVerdicts),
      trial.passedBy ?? NOTHING,
      trial.standing === "counted" ? (trial.unlock ?? NOTHING) : trial.standing,
    ]),
  };
}

const verdicts = (statuses: readonly string[]): string => (statuses.length === 0 ? NOTHING : statuses.join(" → "));
