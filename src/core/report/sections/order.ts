// The sections of the full reports of a run, in order, each with its lists. Markdown and HTML are two layouts of them.
import type { RunSummary } from "../../metrics/summary/summary.ts";
import { counted } from "../format.ts";
import type { ReportModel } from "../model.ts";
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
  unlockSection,
} from "./section.ts";
import { calibrationSection } from "./calibration.ts";
import { pairSection, routingSection, verdictSection } from "./detail.ts";

/** Names, shown as code, with the text before and after them. */
export interface ListItem {
  readonly before: string;
  readonly names: readonly string[];
  readonly after: string;
}

export interface SectionList {
  readonly summary: string;
  readonly items: readonly ListItem[];
  /** Shown only when asked for. */
  readonly folded: boolean;
}

export interface ListedSection extends Section {
  /** Those that have items. */
  readonly lists: readonly SectionList[];
}

/** Notices. */
export function openingSections({ summary }: ReportModel): readonly ListedSection[] {
  const passes = isCheatingOnly(summary) ? [] : [headlineSection(summary), behindSection(summary), countsSection(summary)];
  return [...passes.map((section) => listed(section)), ...listedIf(cheatingSection(summary))];
}

/** Everything that follows, timings excepted. */
export function detailSections({ summary, calibration, routing }: ReportModel): readonly ListedSection[] {
  const { candidates, byKind, byArea, byErrorCode, pairs } = summary;
  const names = candidates.map(({ name }) => name);
  return [
    ...listedIf(highRiskSection(summary)),
    ...listedIf(capabilitySection(summary)),
    ...(isCheatingOnly(summary) ? [] : [listed(candidateRows("By kind of task", byKind, candidates)), listed(groupRows("By area", byArea, names))]),
    ...(byErrorCode.length > 0 ? [listed(groupRows("By error code", byErrorCode, names))] : []),
    ...listedIf(beyondSection(summary), solvedList(summary)),
    listed(verdictSection(summary), [...rejectionLists(summary), ...tamperLists(summary)]),
    listed(unlockSection(summary), unlockLists(summary)),
    ...(pairs.length > 0 ? [listed(pairSection(summary), pairLists(summary))] : []),
    ...(calibration ? [listed(calibrationSection(calibration))] : []),
    listed(routingSection(routing)),
  ];
}

const listed = (section: Section, lists: readonly SectionList[] = []): ListedSection => ({ ...section, lists: lists.filter(({ items }) => items.length > 0) });
const listedIf = (section: Section | null, lists: readonly SectionList[] = []): readonly ListedSection[] => (section ? [listed(section, lists)] : []);
const itemOf = (parts: Partial<ListItem>): ListItem => ({ before: "", names: [], after: "", ...parts });

function solvedList({ beyondCompiler }: RunSummary): readonly SectionList[] {
  const solved = beyondCompiler?.solved ?? [];
  return [{ summary: `${counted(solved.length, "task")} that the suggestions solve`, items: solved.map((task) => itemOf({ names: [task] })), folded: true }];
}

function rejectionLists({ candidates }: RunSummary): readonly SectionList[] {
  return candidates.map(({ name, verdicts }) => ({
    summary: `Rejected patches of ${name}:`,
    items: verdicts.rejections.map(({ reason, count }) => itemOf({ before: `${reason}: ${count} of ${counted(verdicts.attempts, "attempt")}` })),
    folded: false,
  }));
}

function tamperLists({ candidates }: RunSummary): readonly SectionList[] {
  return candidates.map(({ name, verdicts }) => ({
    summary: `Attempts of ${name} that tampered with the verdict:`,
    items: verdicts.tampered.map(({ task, epoch, attempt, detail }) => itemOf({ names: [task], after: `, epoch ${epoch}, attempt ${attempt}: ${detail}` })),
    folded: false,
  }));
}

function unlockLists({ candidates }: RunSummary): readonly SectionList[] {
  return candidates.flatMap(({ name, unlock }) =>
    [
      { what: "False unlocks", refs: unlock.falseUnlocks },
      { what: "False blocks", refs: unlock.falseBlocks },
    ].map(({ what, refs }) => ({
      summary: `${what} in trials of ${name}:`,
      items: refs.map(({ task, epoch }) => itemOf({ names: [task], after: `, epoch ${epoch}` })),
      folded: false,
    })),
  );
}

function pairLists({ pairs }: RunSummary): readonly SectionList[] {
  const items = pairs.flatMap(({ a, b, aBetter, bBetter }) =>
    [
      { better: a, than: b, tasks: aBetter },
      { better: b, than: a, tasks: bBetter },
    ].flatMap(({ better, than, tasks }) => (tasks.length === 0 ? [] : [itemOf({ before: `${better} better than ${than}:`, names: tasks })])),
  );
  return [{ summary: "The tasks", items, folded: true }];
}
