// From proved tasks to a suite's files: bases in layers, the summary beside them.
import { layerBases } from "../core/suite/making/base-layers.ts";
import { type DropReason, reasonSentence } from "../core/suite/making/drop.ts";
import { dependenciesOf } from "../core/suite/making/source-path.ts";
import { renderSummary, type SummaryDrop, type SummaryTask } from "../core/suite/summary.ts";
import { type DraftSuite, renderSuite } from "../core/suite/making/write.ts";
import type { Content } from "../core/text/edit.ts";
import type { JudgedTask } from "./judge.ts";
import type { SkippedFile } from "../ports/repository.ts";
import { strengthNotes } from "./strength.ts";

export interface MadeSuite {
  readonly name: string;
  readonly description: string;
  readonly defaults: DraftSuite["defaults"];
  readonly features: readonly string[];
  readonly tasks: readonly JudgedTask[];
  readonly dropped: readonly { readonly what: string; readonly reason: DropReason; readonly detail: string }[];
  /** What was seen and is no task, so common that it is only counted. */
  readonly passedOver: Readonly<Record<string, number>>;
  readonly leftOut: readonly SkippedFile[];
  /** Facts of the making; no time of day. */
  readonly made: readonly string[];
}

/** Every file of the suite. The same tasks give the same bytes, but for the times in `suite.md`. */
export function madeFiles(made: MadeSuite): ReadonlyMap<string, Content> {
  const bases = layerBases(made.tasks.map(({ draft }) => ({ ...draft.base, features: made.features })));
  const needsNetwork = made.tasks.some(({ draft }) => dependenciesOf(draft.base.tree) === "cargo-fetch");
  return renderSuite({
    name: made.name,
    version: "1.0.0",
    description: made.description,
    dependencies: needsNetwork ? "cargo-fetch" : "none",
    defaults: made.defaults,
    bases,
    tasks: made.tasks.map(({ written }) => written),
    extra: new Map([["suite.md", summaryOf(made)]]),
  });
}

/** What the summary says of the features, if there is anything to say. */
export const featureLines = (features: readonly string[]): string[] =>
  features.length === 0 ? [] : [features.includes("*") ? "all features" : `features besides the default ones: ${features.join(", ")}`];

function summaryOf(made: MadeSuite): string {
  const counted = Object.entries(made.passedOver).flatMap(([reason, count]) => Array.from({ length: count }, () => ({ what: "", reason })));
  const text = renderSummary({
    name: made.name,
    description: made.description,
    made: [...made.made, ...featureLines(made.features)],
    tasks: made.tasks.map(summaryTask),
    dropped: [...made.dropped.map(({ what, reason }) => ({ what, reason })), ...counted],
    skipped: [...made.leftOut.map(({ path, why }) => ({ what: path, reason: why })), ...setAsideTests(made.tasks)],
  });
  return `${text}\n${droppedList(made)}`;
}

/** Tests that judge no task, in the words of `suite.md`. */
function setAsideTests(tasks: readonly JudgedTask[]): SummaryDrop[] {
  const ids = new Set(tasks.flatMap(({ draft }) => draft.repair.aside ?? []));
  return [...ids].toSorted().map((what) => ({ what, reason: "a test that is red with the repair, or not the same each time: not judged" }));
}

function summaryTask({ draft, written, compileMs, testMs, leaks, strength }: JudgedTask): SummaryTask {
  return {
    id: written.id,
    title: written.title,
    kind: written.kind,
    origin: draft.repair.origin.split(" ")[0] ?? "",
    errorCodes: written.error_codes,
    files: draft.editable,
    compileMs,
    testMs,
    failToPass: written.fail_to_pass.length,
    heldOut: written.held_out.length,
    leaks,
    notes: [
      draft.repair.origin,
      ...strengthNotes(strength),
      ...(draft.split === "halved" ? ["its one test is held out whole and shown with the first half of its assertions"] : []),
    ],
  };
}

function droppedList({ dropped, passedOver }: MadeSuite): string {
  const reasons = [...new Set([...dropped.map(({ reason }) => reason as string), ...Object.keys(passedOver)])].toSorted();
  if (reasons.length === 0) return "";
  const meanings = reasons.map((reason) => `- \`${reason}\`: ${reasonSentence(reason) ?? reason}`);
  const rows = dropped.map(({ what, reason, detail }) => `- ${oneLine(what)}: ${reason}${detail === "" ? "" : ` (${oneLine(detail)})`}`);
  return `## What the reasons mean\n\n${meanings.join("\n")}\n${rows.length === 0 ? "" : `\n## Not taken\n\n${rows.join("\n")}\n`}`;
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim().slice(0, 200);
