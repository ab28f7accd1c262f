// A gate's decision on one page: as text for a terminal, as Markdown for a summary.
import type { DiscordantTask } from "../../gate/pairing.ts";
import type { GateDocument } from "../../gate/document.ts";
import { type CriterionFinding, interval, type CriterionOutcome, wantedText } from "../../gate/finding.ts";
import { counted, millisecondsRange, NOTHING, oneLine } from "../format.ts";
import { fixed, usdText } from "../../text/figures.ts";
import { type Grid, gridMarkdown, left, markdownText, right, type TextPage, textPage } from "../grid.ts";
import { showCommand } from "../trial/list.ts";
import { calibrationSection } from "../sections/calibration.ts";

interface Part {
  readonly title: string;
  readonly note: string;
  readonly grid: Grid;
}

const MARKS: Readonly<Record<CriterionOutcome, string>> = { met: "met", violated: "VIOLATED", inconclusive: "open" };

/** The page's first line: the verdict in one sentence. */
export function verdictLine({ decision, override }: GateDocument): string {
  const { candidate, incumbent, verdict, findings, moreTasks } = decision;
  const question = `${candidate} in place of ${incumbent}`;
  const having = (outcome: CriterionOutcome) => findings.filter((finding) => finding.outcome === outcome);
  const names = (outcome: CriterionOutcome): string =>
    having(outcome)
      .map(({ criterion }) => criterion)
      .join(", ");
  const overridden = override === null ? "" : `OVERRIDDEN by ${oneLine(override.by)} (${oneLine(override.reason)}); without that: `;
  if (verdict === "promote") return `${overridden}PROMOTE ${question}: all ${findings.length} criteria are met`;
  if (verdict === "hold") return `${overridden}HOLD ${question}: violated: ${names("violated")}`;
  // It is open: a reckoning of none is one that rounding brought to the other side.
  const more = moreTasks === null ? "more tasks alone will not settle all of it" : `about ${counted(Math.max(1, moreTasks), "more task")} would settle it`;
  return `${overridden}INCONCLUSIVE ${question}: open: ${names("inconclusive")}; ${more}`;
}

/** Plain text, newline-terminated. `red` highlights what must not be overlooked. */
export function gateText(document: GateDocument, red: (text: string) => string = (text) => text, width?: number): string {
  const page = textPage(width);
  const { wrap } = page;
  const alarming = document.override !== null || document.decision.verdict !== "promote";
  const head = wrap(verdictLine(document), "  ").map((line) => (alarming ? red(line) : line));
  const open = openLines(document).flatMap((line) => wrap(line, "  "));
  const [criteriaNote = ""] = partsOf(document, shortUri).map(({ note }) => note);
  const criteria = ["CRITERIA", ...wrap(criteriaNote, ""), ...criteriaLines(document, page)];
  const others = partsOf(document, shortUri)
    .slice(1)
    .map(({ title, note, grid }) => [title.toUpperCase(), ...wrap(note, ""), ...page.grid(shortened(grid)), ...moreRows(grid)]);
  const blocks = [head, aboutLines(document).flatMap((line) => wrap(line, "  ")), criteria, ...(open.length > 0 ? [["WHY NOT", ...open]] : []), ...others];
  return `${blocks.map((block) => block.join("\n")).join("\n\n")}\n`;
}

/** Markdown, newline-terminated. */
export function gateMarkdown(document: GateDocument): string {
  const { verdict } = document.decision;
  const sign = document.override === null ? { promote: "🟢", hold: "🔴", inconclusive: "🟡" }[verdict] : "🔴";
  const [criteria = "", ...others] = partsOf(document, (uri) => uri).map(
    ({ title, note, grid }) => `## ${title}\n\n${markdownText(note)}\n\n${gridMarkdown(grid)}`,
  );
  const open = openLines(document);
  const why = open.length === 0 ? [] : [`## Why not\n\n${bullets(open)}`];
  return `${[`# ${sign} ${markdownText(verdictLine(document))}`, bullets(aboutLines(document)), criteria, ...why, ...others].join("\n\n")}\n`;
}

const bullets = (lines: readonly string[]): string => lines.map((line) => `- ${markdownText(line)}`).join("\n");

/** What is violated decides, so it comes first. */
function openLines({ decision: { findings } }: GateDocument): readonly string[] {
  const having = (outcome: CriterionOutcome): readonly CriterionFinding[] => findings.filter((finding) => finding.outcome === outcome);
  return [...having("violated"), ...having("inconclusive")].map(
    ({ criterion, outcome, says, moreTasks }) =>
      `${MARKS[outcome]} ${criterion}: ${says}${moreTasks === null ? "" : ` (settled by about ${counted(moreTasks, "more task")})`}`,
  );
}

/** Rows of a table on a terminal: the rest is on the page beside the decision. */
const MOST_ROWS = 15;
const shortened = (grid: Grid): Grid => ({ ...grid, rows: grid.rows.slice(0, MOST_ROWS) });
const moreRows = ({ rows }: Grid): readonly string[] => (rows.length > MOST_ROWS ? [`… and ${rows.length - MOST_ROWS} more, in the decision's page`] : []);

/** What a line must have left for what was found to stand beside the criterion. */
const LEAST_ROOM = 24;

/** One line per criterion: its outcome and what was found; below each other where there is no room. */
function criteriaLines({ decision: { findings } }: GateDocument, page: TextPage): readonly string[] {
  const widest = Math.max(...findings.map(({ criterion }) => criterion.length));
  const room = Math.max(...findings.map((finding) => wantedText(finding).length));
  return findings.flatMap((finding) => {
    const { criterion, outcome } = finding;
    const head = `${criterion.padEnd(widest)}  ${MARKS[outcome].padEnd(8)}  ${wantedText(finding).padEnd(room)}  `;
    const beside = page.width - head.length;
    if (beside < LEAST_ROOM)
      return [
        `${criterion}  ${MARKS[outcome]}`,
        ...textPage(page.width - 2)
          .wrap(`${wantedText(finding)}; ${foundText(finding)}`, "")
          .map((line) => `  ${line}`),
      ];
    return textPage(beside)
      .wrap(foundText(finding), "")
      .map((line, index) => `${index === 0 ? head : " ".repeat(head.length)}${line}`);
  });
}

const foundText = ({ estimate, says, unit }: CriterionFinding): string => (estimate === null ? says : interval(estimate, unit));

/** An event's position besides its row and column: `epoch 3, event 11`. */
function shortUri(uri: string): string {
  const [, epoch, event] = /\.(\d+)\/event\/(\d+)$/.exec(uri) ?? [];
  return epoch === undefined || event === undefined ? uri : `epoch ${epoch}, event ${event}`;
}

function aboutLines(document: GateDocument): readonly string[] {
  const { decision, alternatives, alpha, look, capsules, suite, cheatingSuite, policy, otherPolicies, workers, registration, standIns, decidedAt, trust } =
    document;
  const level =
    alternatives.length > 1
      ? `${alpha} shared by ${counted(alternatives.length, "alternative")} (Holm): bounds at ${short(decision.alpha)}`
      : `${short(alpha)}, one-sided`;
  return [
    `suite ${suite.name} ${suite.version} (${suite.root.slice(0, 12)}), policy ${policy.id} (${policy.hash.slice(0, 12)}), decided ${decidedAt}`,
    ...(cheatingSuite === null ? [] : [`cheating: on suite ${cheatingSuite.name} ${cheatingSuite.version} (${cheatingSuite.root.slice(0, 12)})`]),
    `capsules: ${capsules.map(({ path, sha256 }) => `${path} (${sha256.slice(0, 12)})`).join(", ")}`,
    `level ${level}; registration: ${registration.state}`,
    ...registrationLines(registration),
    trustLine(trust),
    ...(look === null ? [] : [`look ${look.number} of ${look.planned}: ${look.tasks} of ${look.ofTasks} tasks were run; ${saved(look)} % of them were saved`]),
    ...otherPolicies,
    ...workers,
    ...(standIns.length === 0 ? [] : [standInLine(standIns)]),
  ];
}

function registrationLines(registration: GateDocument["registration"]): readonly string[] {
  if (registration.state !== "valid" || registration.runs === undefined) return [];
  const { registeredAt, time = "", runs, earlier = 0 } = registration;
  const before = earlier === 0 ? "" : `; ${counted(earlier, "registration")} before it ${earlier === 1 ? "shares" : "share"} its level`;
  return [`registered ${registeredAt}: ${time}; runs under it: ${runs.map(({ runId, state }) => `${runId} (${state})`).join(", ")}${before}`];
}

function trustLine({ policy, keys, requireSignature }: GateDocument["trust"]): string {
  const named = keys.map(({ key, by }) => `${key} (${by === "policy" ? policy.from : by})`);
  const who = named.length === 0 ? "no key is trusted" : `trusted: ${named.join(", ")}`;
  return `${who}; signatures are ${requireSignature ? "asked for" : "not asked for"} by ${policy.from}`;
}

function standInLine(standIns: GateDocument["standIns"]): string {
  const played = standIns.map(({ role, standIn }) => `${standIn} (${role})`).join(", ");
  return `stand-ins: ${played}: what they do says nothing about a real model, and nothing can be promoted on it`;
}

const short = (level: number): string => String(Number(level.toPrecision(3)));
const saved = ({ tasks, ofTasks }: { readonly tasks: number; readonly ofTasks: number }): string => fixed(100 * (1 - tasks / ofTasks), 0);

function partsOf(document: GateDocument, link: (uri: string) => string): readonly Part[] {
  return [criteriaPart(document), pairedPart(document, link), latencyPart(document), costPart(document), calibrationSection(document.calibration)];
}

function criteriaPart({ decision: { findings } }: GateDocument): Part {
  return {
    title: "Criteria",
    note: "Met or violated only where the whole interval is; else open. At 100 % every single one must hold. n: tasks, or what was measured.",
    grid: {
      columns: [left("criterion"), left(""), left("wanted"), left("found")],
      rows: findings.map((finding) => [finding.criterion, MARKS[finding.outcome], wantedText(finding), foundText(finding)]),
    },
  };
}

function pairedPart({ decision }: GateDocument, link: (uri: string) => string): Part {
  const { paired, candidate, incumbent, mcnemar, inferiority, noise } = decision;
  const { candidateBetter, incumbentBetter } = paired;
  const floor = noise.floor === null ? "unknown (one epoch)" : `${fixed(noise.floor * 100, 1)} points`;
  const test = `exact McNemar p = ${mcnemar.toPrecision(3)}; inferior by the margin p = ${inferiority.p.toPrecision(3)}, ${inferiority.adjusted.toPrecision(3)} with Holm`;
  return {
    title: "Tasks on which they differ",
    note: `Of ${counted(paired.tasks, "task")}: ${candidateBetter.length} better by ${candidate}, ${incumbentBetter.length} better by ${incumbent}. ${test}. Noise floor of ${incumbent} against itself: ${floor}. Passes of trials, and the event of the last verdict; to look at one: ${lookAtPair([...incumbentBetter, ...candidateBetter])}.`,
    grid: {
      columns: [left("task"), left(candidate), left(incumbent)],
      rows: [...incumbentBetter, ...candidateBetter].map((row) => [row.task, sideText(row.candidate, link), sideText(row.incumbent, link)]),
    },
  };
}

/** The command that shows the candidate's side of the first task; its form where none can be named. */
export function lookAtPair([first]: readonly DiscordantTask[]): string {
  const [, task, run, candidate, epoch] = /^mv2:\/\/bakeoff\/([^/]+)\/([^/]+)\/([^/]+)\.(\d+)\/event\/\d+$/.exec(first?.candidate.uri ?? "") ?? [];
  return run === undefined ? "bakeoff show RUN CANDIDATE/TASK/EPOCH" : showCommand(run, `${candidate ?? ""}/${task ?? ""}/${epoch ?? ""}`);
}

const sideText = ({ passes, trials, uri }: DiscordantTask["candidate"], link: (uri: string) => string): string =>
  `${passes}/${trials}${uri === null ? "" : `: ${link(uri)}`}`;

function latencyPart({ latency }: GateDocument): Part {
  return {
    title: "Latency",
    note: "Milliseconds with 95 % intervals. ?: too few samples for this bound.",
    grid: {
      columns: [left("candidate"), left("of"), right("n"), ...["p50", "p90", "p95", "p99"].map(right)],
      rows: latency.map(({ candidate, what, quantiles }) => [
        candidate,
        what,
        String(quantiles[0]?.estimate.n ?? 0),
        ...quantiles.map(({ estimate }) => millisecondsRange(estimate)),
      ]),
    },
  };
}

function costPart({ cost }: GateDocument): Part {
  return {
    title: "Cost",
    note: "Of the slot's own calls on low-risk tasks.",
    grid: {
      columns: [left("candidate"), right("trials solved"), right("tasks"), right("cost"), right("per solved trial")],
      rows: cost.map(({ candidate, solved, tasks, costUsd, costPerSolvedUsd }) => [
        candidate,
        String(solved),
        String(tasks),
        usdText(costUsd),
        solved === 0 ? NOTHING : usdText(costPerSolvedUsd),
      ]),
    },
  };
}
