// A run as a pull request's comment: is it worse than its own history, which tasks came out otherwise, and what is not the same.
import { type Comment, codeList, commentMarkdown, linkList } from "../comment.ts";
import { counted, rateText } from "../format.ts";
import { gridMarkdown, left, markdownCode, markdownText, right } from "../grid.ts";
import { notices } from "../notices.ts";
import type { ReportModel } from "../model.ts";
import { showCommand } from "../trial/list.ts";
import { fixed } from "../../text/figures.ts";
import type { CandidateRegression, FlippedTask, Regression } from "./regression.ts";

const SIGNS: Readonly<Record<Regression["verdict"], Comment["sign"]>> = { worse: "🔴", acknowledged: "🟡", steady: "🟢", "too-little-history": "⚪" };
const MOST_TASKS = 8;

/** Newline-terminated; at most sixty lines. `pages`: where the viewer's pages lie for its readers; null: only commands lead there. */
export function runComment(model: ReportModel, regression: Regression, pages: string | null = null): string {
  const { baseline, candidates, differences, alpha } = regression;
  return commentMarkdown({
    about: "run",
    sign: SIGNS[regression.verdict],
    verdict: `Run: ${VERDICTS[regression.verdict](regression)}`,
    body: [
      ...candidates.flatMap(({ candidate, acknowledged }) =>
        acknowledged ? [`> ${markdownText(`${candidate} is worse, as ${acknowledged.by} acknowledged: ${acknowledged.reason}`)}`, ""] : [],
      ),
      ...(baseline?.isStale ? [`> The baseline is stale: the last comparable run is ${fixed(baseline.ageDays, 0)} days older.`, ""] : []),
      ...gridMarkdown(rateGrid(model, candidates)).split("\n"),
      "",
      ...candidates.flatMap((candidate) => flippedLines(candidate, model, pages)),
      ...(differences.length === 0 ? [] : ["**Not the same as in the run before**", ""]),
      ...differences.map(({ what, before, after }) => `- ${markdownText(`${what}: ${before} → ${after}`)}`),
      ...(differences.length === 0 ? [] : [""]),
      ...notices(model).map(({ line }) => `- ${markdownText(line)}`),
    ],
    end: [
      "",
      `_Held against ${markdownText(heldAgainst(regression))}, each task against its own outcomes; of unchanged runs at most ${alpha * 100} % are called worse. ${markdownText("Look at it:")} ${markdownCode(`bakeoff show ${model.run.id}`)}, ${markdownCode("bakeoff view")}._`,
    ],
  });
}

/** As the target of a Markdown link, which a bracket would end. */
const folderAddress = (address: string): string => `${address.replace(/\/*$/, "").replaceAll("(", "%28").replaceAll(")", "%29")}/`;

const namesOf = (tasks: readonly FlippedTask[]): readonly string[] => tasks.map(({ task }) => task);

const heldAgainst = ({ history, blessed }: Regression): string =>
  blessed === null
    ? `${counted(history, "comparable run")} (no baseline is blessed)`
    : `the ${blessed.runs} runs that ${blessed.by} blessed on ${blessed.at.slice(0, 10)}${history === blessed.runs ? "" : `, ${history} of which are here`}`;

const VERDICTS: Readonly<Record<Regression["verdict"], (regression: Regression) => string>> = {
  worse: worseText,
  acknowledged: () => "worse than its history only where that was acknowledged",
  steady: () => "no candidate is worse than its own history",
  "too-little-history": ({ history }) => `too little history to say (${counted(history, "comparable run")})`,
};

function worseText({ candidates }: Regression): string {
  const [first, ...more] = candidates.filter(({ verdict }) => verdict === "worse");
  if (!first) return "worse than its own history";
  const others = more.length > 0 ? `, and ${more.length} more` : "";
  return `${first.candidate} is worse than its own history: ${first.passes} of ${first.tasks} tasks, ${fixed(first.expected, 1)} expected${others}`;
}

function rateGrid({ summary }: ReportModel, candidates: readonly CandidateRegression[]) {
  return {
    columns: [left("candidate"), right("pass in slot"), left("against its history"), right("p")],
    rows: summary.candidates.map(({ name, slot }) => {
      const own = candidates.find(({ candidate }) => candidate === name);
      return [name, rateText(slot.pass), own?.verdict ?? "", own && own.tasks > 0 ? own.adjustedP.toPrecision(2) : ""];
    }),
  };
}

function flippedLines({ candidate, lost, won }: CandidateRegression, { run, trials }: ReportModel, pages: string | null): readonly string[] {
  const [first] = lost;
  // Its page says which event was the first that came out otherwise than in the run before.
  const linkTo = (task: string): string => {
    const number = trials.findIndex((trial) => trial.candidate === candidate && trial.task === task && trial.slotPass === false);
    return `${folderAddress(pages ?? "")}trial-${encodeURIComponent(run.id)}-${number}.html#before`;
  };
  if (!first && won.length === 0) return [];
  return [
    `**${markdownText(candidate)}**`,
    "",
    ...(first
      ? [
          `- lost, always passed before: ${pages === null ? codeList(namesOf(lost), MOST_TASKS) : linkList(namesOf(lost), MOST_TASKS, linkTo)}. The first: ${markdownCode(showCommand(run.id, `${candidate}/${first.task}`))}`,
        ]
      : []),
    ...(won.length > 0 ? [`- won, never passed before: ${codeList(namesOf(won), MOST_TASKS)}`] : []),
    "",
  ];
}
