// The text of `suite.md`: what a person looks at before trusting a suite that a program made.
import { frequencies } from "../base/frequencies.ts";
import { type LeakCheck, leakText } from "./leak.ts";

/** One task as the summary shows it. Times are milliseconds of its own verification. */
export interface SummaryTask {
  readonly id: string;
  readonly title: string;
  readonly kind: "compile" | "test";
  /** Where it comes from: a mutation operator, a commit, an instance. */
  readonly origin: string;
  readonly errorCodes: readonly string[];
  readonly files: readonly string[];
  readonly compileMs: number | null;
  readonly testMs: number | null;
  readonly failToPass: number;
  readonly heldOut: number;
  readonly leaks: LeakCheck;
  /** More to know, one fragment each: `weak oracle: 2 of 6 changes of the solution survive`. */
  readonly notes: readonly string[];
}

export interface SummaryDrop {
  readonly what: string;
  readonly reason: string;
}

export interface SuiteFacts {
  readonly name: string;
  readonly description: string;
  /** Facts of the making: command, seed, commit, toolchain. No time of day: the same making gives the same bytes. */
  readonly made: readonly string[];
  readonly tasks: readonly SummaryTask[];
  readonly dropped: readonly SummaryDrop[];
  /** Files, tests and the like that could not be part of the suite. */
  readonly skipped: readonly SummaryDrop[];
}

/** The times are measurements, and the only part that differs from making to making. */
export function renderSummary(facts: SuiteFacts): string {
  const { tasks } = facts;
  const times = [
    histogram("Compile times", binned(tasks.flatMap(({ compileMs }) => compileMs ?? []))),
    histogram("Test times", binned(tasks.flatMap(({ testMs }) => testMs ?? []))),
  ];
  return [
    `# ${facts.name}\n`,
    `${facts.description}\n`,
    `${facts.made.map((line) => `- ${line}`).join("\n")}\n`,
    ...(["kind", "origin"] as const).map((key) => histogram(key === "kind" ? "Kinds" : "Origins", frequencies(tasks.map((task) => task[key])))),
    histogram("Error codes", frequencies(tasks.flatMap(({ errorCodes }) => errorCodes))),
    histogram("Files", frequencies(tasks.flatMap(({ files }) => files))),
    ...times,
    taskTable(tasks),
    histogram("Dropped, by reason", frequencies(facts.dropped.map(({ reason }) => reason))),
    facts.skipped.length === 0 ? "" : `## Left out\n\n${facts.skipped.map(({ what, reason }) => `- \`${what}\`: ${reason}`).join("\n")}\n`,
  ]
    .filter((part) => part !== "")
    .join("\n");
}

type Bar = readonly [name: string, count: number];

const BIN_EDGES_MS = [100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000];

function binned(values: readonly number[]): Bar[] {
  const edges = [0, ...BIN_EDGES_MS, Number.POSITIVE_INFINITY];
  return edges.slice(1).flatMap((high, index): Bar[] => {
    const low = edges[index] ?? 0;
    const count = values.filter((value) => value >= low && value < high).length;
    return count === 0 ? [] : [[high === Number.POSITIVE_INFINITY ? `${low} ms and more` : `${low}–${high} ms`, count]];
  });
}

const BAR_WIDTH = 40;

function histogram(title: string, bars: readonly Bar[]): string {
  if (bars.length === 0) return "";
  const most = Math.max(...bars.map(([, count]) => count));
  const widest = Math.max(...bars.map(([name]) => name.length));
  const lines = bars.map(
    ([name, count]) => `${name.padEnd(widest)}  ${String(count).padStart(4)}  ${"█".repeat(Math.max(1, Math.round((count / most) * BAR_WIDTH)))}`,
  );
  return `## ${title}\n\n\`\`\`text\n${lines.join("\n")}\n\`\`\`\n`;
}

function taskTable(tasks: readonly SummaryTask[]): string {
  const rows = tasks.map(({ id, title, kind, errorCodes, failToPass, heldOut, leaks, notes }) => {
    const more = [...notes, ...leaks.leaks.map(leakText)].join("; ");
    return [
      `\`${id}\``,
      cell(title),
      kind === "compile" ? errorCodes.join(" ") : "tests",
      String(failToPass),
      String(heldOut),
      leakCell(leaks),
      cell(more),
    ].join(" | ");
  });
  return [
    "## Tasks\n",
    "| Task | Title | Fails by | Fail-to-pass | Held out | Leaks | Notes |",
    "|---|---|---|---|---|---|---|",
    ...rows.map((row) => `| ${row} |`),
    "",
    "Leaks: lines that the solution adds, looked for in the comments, documents, files, build artefacts and git objects of the trial's workspace. Code that is the same elsewhere is told; anything else would have dropped the task.",
    "",
  ].join("\n");
}

/** Added lines that stand elsewhere, of those that were looked for. */
function leakCell({ lines, leaks }: LeakCheck): string {
  return lines === 0 ? "too short to look for" : `${new Set(leaks.map(({ line }) => line)).size} of ${lines}`;
}

const cell = (text: string): string => text.replaceAll("|", String.raw`\|`).replaceAll("\n", " ");
