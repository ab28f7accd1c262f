// A trial as text for a terminal: the cause first, then attempt below attempt, fitted to a width.
import { fixed, milliseconds, costText } from "../../text/figures.ts";
import { counted, oneLine } from "../format.ts";
import { block, type BlockStyle, PLAIN, type Paint, wrapped } from "./block.ts";
import type { CallPage, PromptPage } from "./call.ts";
import type { AttemptPage, Review, TrialPageModel } from "./page.ts";
import type { PatchPage } from "./patch.ts";
import type { ShownText } from "./shown-text.ts";
import { type TimingPart, totalMs } from "./timing.ts";
import type { VerdictFinding, VerdictPage } from "./verdict.ts";

export interface TrialTextOptions {
  readonly width: number;
  /** Only this attempt, with every text whole; null: all, long texts cut. */
  readonly attempt: number | null;
  readonly paint?: Paint;
}

/** Lines of a text that are shown where not all are asked for. */
const CUT_AT = 24;

/** Newline-terminated. */
export function trialText(page: TrialPageModel, { width, attempt, paint = PLAIN }: TrialTextOptions): string {
  const style: BlockStyle = { width, paint, most: attempt === null ? CUT_AT : Infinity };
  const shown = page.attempts.filter(({ number }) => attempt === null || number === attempt);
  const around = attempt === null;
  const parts = [
    headLines(page, style),
    causeLines(page, style),
    ...(around && page.plan ? [callLines("Plan of the Architect", page.plan, style)] : []),
    ...shown.map((one) => attemptLines(one, page.attempts.length, style)),
    ...(around ? [reviewLines(page, style)] : []),
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function headLines({ run, id, task, outcome, slotPassed, epochs, costUsd }: TrialPageModel, { width, paint }: BlockStyle): readonly string[] {
  const facts = [`${task.kind} task`, `${task.risk} risk`, task.area, ...task.error_codes, ...(epochs > 1 ? [`of ${counted(epochs, "epoch")}`] : [])];
  const tone = slotPassed === null ? paint.bold : slotPassed ? paint.good : paint.bad;
  return [
    paint.bold(oneLine(id)),
    ...wrapped(`run ${run}, ${facts.join(", ")}, ${costText(costUsd)}`, "", width).map(paint.dim),
    ...wrapped(outcome, "", width).map(tone),
  ];
}

function causeLines({ cause }: TrialPageModel, style: BlockStyle): readonly string[] {
  if (cause === null) return [];
  const place = cause.place === null ? "" : ` at ${cause.place}`;
  return [
    ...wrapped(`WHY (attempt ${cause.attempt}): ${cause.title}${place}`, "", style.width).map(style.paint.bad),
    ...block(cause.lines.join("\n"), { ...style, most: Infinity }),
  ];
}

function attemptLines({ number, kind, call, patch, verdict, timings }: AttemptPage, of: number, style: BlockStyle): readonly string[] {
  const who = { slot: "in the slot", cloud: "after escalation", shadow: "shadow: nothing goes by it" }[kind];
  const title = `Attempt ${number} of ${of}, ${who}: ${verdict.status}`;
  const tone = verdict.status === "passed" ? style.paint.good : style.paint.bad;
  return [...callLines(title, call, style, tone), ...patchLines(patch, style), ...verdictLines(verdict, style), ...timingLines(timings, style)];
}

const tookText = ({ latencyMs: ms }: CallPage): string => (ms === null ? "an earlier answer" : `${milliseconds(ms)} ms`);

function callLines(title: string, call: CallPage, style: BlockStyle, tone = style.paint.bold): readonly string[] {
  const { width, paint } = style;
  const tokens = call.tokens.prompt === null ? "tokens unknown" : `${call.tokens.prompt} + ${call.tokens.response ?? "?"} tokens`;
  const outside = call.outsidePolicy ? ", outside the policy" : "";
  return [
    ...wrapped(title, "", width).map(tone),
    ...wrapped(`${call.servedBy} (${call.provider}, ${call.resolvedModel})${outside}: ${tookText(call)}, ${tokens}, ${costText(call.costUsd)}`, "  ", width),
    ...wrapped(`${call.reason}: ${call.why}`, "  ", width).map(paint.dim),
    ...call.failedTries.flatMap(({ number, error, ms }) => wrapped(`try ${number} failed after ${milliseconds(ms)} ms: ${error}`, "  ", width).map(paint.bad)),
    ...promptLines(call.prompt, style),
    ...titled("answer", call.answerNote, style),
    ...textLines(call.answer, style),
  ];
}

function titled(title: string, note: string | null, { width, paint }: BlockStyle): readonly string[] {
  return note === null ? [paint.bold(`  ${title}`)] : wrapped(`${title}: ${note}`, "  ", width).map(paint.bold);
}

/** What the call before had already said is only counted. */
function promptLines(prompt: PromptPage, style: BlockStyle): readonly string[] {
  if ("missing" in prompt) return [...titled("prompt", null, style), ...textLines(prompt, style)];
  const fresh = prompt.messages.filter(({ isNew }) => isNew);
  const same = prompt.messages.length - fresh.length;
  const note = same === 0 ? counted(fresh.length, "message") : `${counted(same, "message")} as before, ${fresh.length} new`;
  const shown = style.most === Infinity ? prompt.messages : fresh;
  return [
    ...titled("prompt", note, style),
    ...shown.flatMap(({ role, text, isNew }) => [style.paint.dim(`    ${role}${isNew ? "" : " (as before)"}`), ...block(text, style)]),
  ];
}

function patchLines({ refused, files }: PatchPage, style: BlockStyle): readonly string[] {
  const note = refused === null ? (files.length === 0 ? "changes nothing" : counted(files.length, "file")) : `not applied: ${refused}`;
  return [
    ...titled("patch", note, style),
    ...files.flatMap(({ path, how, diff, note: about }) => [
      `    ${how} ${oneLine(path)}`,
      ...(about === null ? [] : wrapped(`${about}`, "    ", style.width).map(style.paint.dim)),
      ...("missing" in diff ? textLines(diff, style) : block(diff.text, { ...style, isDiff: true })),
    ]),
  ];
}

function verdictLines({ status, detail, counts, findings, missing }: VerdictPage, style: BlockStyle): readonly string[] {
  const held = counts.heldOutFailed > 0 ? `, ${counts.heldOutFailed} of them held out` : "";
  const tests = counts.passed + counts.failed === 0 ? "" : ` (${counts.passed} tests passed, ${counts.failed} failed${held})`;
  return [
    ...titled("verdict", `${status}${detail === "" ? "" : `: ${detail}`}${tests}`, style),
    ...(missing === null ? [] : textLines({ missing }, style)),
    ...findings.flatMap((finding) => findingLines(finding, style)),
  ];
}

function findingLines({ kind, title, place, output }: VerdictFinding, style: BlockStyle): readonly string[] {
  const head = wrapped(`${kind}: ${title}${place === null ? "" : ` at ${place}`}`, "    ", style.width);
  return [...head, ...(output === "" ? [] : block(output, style))];
}

const BAR = "█";

/** A bar over the width, then its parts with their shares. */
function timingLines(parts: readonly TimingPart[], style: BlockStyle): readonly string[] {
  const total = totalMs(parts);
  if (total === 0) return titled("time", "known from the same tree: none was spent", style);
  const room = Math.max(10, Math.min(60, style.width - 6));
  const bar = parts.map(({ ms, of }) => PAINTED[of](style.paint)(BAR.repeat(Math.round((ms / total) * room)))).join("");
  const legend = parts.map(({ name, ms, of }) => `${name} ${milliseconds(ms)} ms (${fixed((ms / total) * 100, 0)} %, ${of})`).join("; ");
  return [...titled("time", `${milliseconds(total)} ms`, style), `    ${bar}`, ...wrapped(`${legend}`, "    ", style.width).map(style.paint.dim)];
}

const PAINTED: Readonly<Record<TimingPart["of"], (paint: Paint) => (text: string) => string>> = {
  model: ({ bold }) => bold,
  harness: ({ good }) => good,
  waiting: ({ dim }) => dim,
};

function reviewLines({ critic, judge, unlock }: TrialPageModel, style: BlockStyle): readonly string[] {
  const review = (title: string, said: Review | null): readonly string[] => (said === null ? [] : reviewOf(title, said, style));
  return [...review("Critic", critic), ...review("Judge", judge), ...review("Unlock", unlock)];
}

function reviewOf(title: string, { says, reason, call }: Review, { width, paint }: BlockStyle): readonly string[] {
  const who = call === null ? "" : ` (${call.servedBy}, ${tookText(call)}, ${costText(call.costUsd)})`;
  return [...wrapped(`${title}${who}: ${says}`, "", width).map(paint.bold), ...(reason === "" ? [] : wrapped(`${reason}`, "  ", width))];
}

function textLines(text: ShownText, style: BlockStyle): readonly string[] {
  return "missing" in text ? wrapped(`(${text.missing})`, "    ", style.width).map(style.paint.dim) : block(text.text, style);
}
