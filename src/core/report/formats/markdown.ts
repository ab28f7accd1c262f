// The report as Markdown: what to know first, the headline, sections, timings apart, and every trial folded away.
import Handlebars from "handlebars";
import { beyondProofText } from "../../capsule/proof/beyond-proof.ts";
import { counted } from "../format.ts";
import { gridMarkdown, markdownCode, markdownText } from "../grid.ts";
import TEMPLATE from "./report.md.hbs";
import type { ReportModel } from "../model.ts";
import { type NoticeItem, notices } from "../notices.ts";
import { type Section, timingSection } from "../sections/section.ts";
import { detailSections, type ListedSection, type ListItem, openingSections } from "../sections/order.ts";
import { lookAtTrial } from "../trial/look.ts";
import { workersSection } from "../sections/workers.ts";
import { identityGrid, trialGrid } from "../sections/run.ts";

const render = Handlebars.create().compile(TEMPLATE, { noEscape: true, strict: true });

/** The report, newline-terminated. Two runs with the same outcome differ only in "Timings" and in run id and time. */
export function markdownReport(model: ReportModel): string {
  const workers = workersSection(model.workers);
  return render({
    title: markdownText(model.title),
    notices: notices(model).map(({ line, items }) => ({ line: markdownText(line), items: items.map(noticeItem) })),
    about: about(model),
    opening: openingSections(model).map(part),
    detail: detailSections(model).map((section) => ({ ...part(section), lists: listsOf(section) })),
    timings: part(timingSection(model.summary)),
    workers: workers === null ? null : part(workers),
    identity: gridMarkdown(identityGrid(model)),
    beyondProof: markdownText(beyondProofText(model.beyondProof)),
    trialCount: counted(model.trials.length, "trial"),
    look: markdownCode(lookAtTrial(model)),
    trials: gridMarkdown(trialGrid(model)),
  });
}

const part = ({ title, note, grid }: Section) => ({ title: markdownText(title), note: markdownText(note), table: gridMarkdown(grid) });

function listsOf({ lists }: ListedSection) {
  return lists.map(({ summary, items, folded }) => ({ summary: markdownText(summary), items: items.map(itemMarkdown), folded }));
}

const itemMarkdown = ({ before, names, after }: ListItem): string =>
  `${markdownText(before)}${before !== "" && names.length > 0 ? " " : ""}${names.map(markdownCode).join(", ")}${markdownText(after)}`;

const noticeItem = ({ text, command }: NoticeItem): string => `${markdownText(text)}${command === null ? "" : ` ${markdownCode(command)}`}`;

function about({ summary: { tasks, candidates }, identity }: ReportModel): string {
  const size = `${counted(candidates.length, "candidate")} on ${counted(tasks.total, "task")} (${tasks.highRisk} high-risk)`;
  const capability = identity.capability ? " Capability run: the slot was tried on high-risk tasks too, outside the policy." : "";
  return `${size}, ${counted(identity.epochs, "epoch")}.${capability}`;
}
