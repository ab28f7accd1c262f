// A gate's decisions as a pull request's comment: the verdict, what is violated or open, and how to look at a task on which they differ.
import type { GateDocument } from "../../gate/document.ts";
import { type Comment, codeList, commentMarkdown } from "../comment.ts";
import { counted } from "../format.ts";
import { markdownCode, markdownText } from "../grid.ts";
import { lookAtPair, verdictLine } from "./page.ts";

const SIGNS: Readonly<Record<GateDocument["decision"]["verdict"], Comment["sign"]>> = { promote: "🟢", hold: "🔴", inconclusive: "🟡" };
const GRAVITY: readonly GateDocument["decision"]["verdict"][] = ["hold", "inconclusive", "promote"];
const MOST_TASKS = 8;

/** Newline-terminated; at most sixty lines. The gravest decision is the verdict. */
export function gateComment(documents: readonly GateDocument[]): string {
  const ordered = documents.toSorted((a, b) => GRAVITY.indexOf(a.decision.verdict) - GRAVITY.indexOf(b.decision.verdict));
  const [first] = ordered;
  const overridden = first !== undefined && first.override !== null;
  return commentMarkdown({
    about: "gate",
    sign: first === undefined ? "⚪" : overridden ? "🔴" : SIGNS[first.decision.verdict],
    verdict: first === undefined ? "Gate: nothing was decided" : verdictLine(first),
    body: ordered.flatMap((document, index) => [...(index === 0 ? [] : [`### ${markdownText(verdictLine(document))}`, ""]), ...decisionLines(document)]),
    end: [
      "",
      `_Decided ${markdownText(first?.decidedAt ?? "")} on ${counted(first?.capsules.length ?? 0, "capsule")}; ${markdownCode("bakeoff gate verify FILE")} checks it._`,
    ],
  });
}

function decisionLines({ decision, suite, policy, standIns }: GateDocument): readonly string[] {
  const { findings, paired, candidate, incumbent } = decision;
  const not = findings.filter(({ outcome }) => outcome !== "met");
  const differing = [...paired.incumbentBetter, ...paired.candidateBetter];
  return [
    ...(standIns.length > 0 ? [`> Stand-ins played ${markdownText(standIns.map(({ role }) => role).join(", "))}: nothing can be promoted on it.`, ""] : []),
    ...not.map(({ criterion, outcome, says }) => `- **${outcome === "violated" ? "violated" : "open"}** ${markdownCode(criterion)}: ${markdownText(says)}`),
    ...(not.length > 0 ? [""] : []),
    `Of ${counted(paired.tasks, "task")}: ${paired.candidateBetter.length} better by ${markdownText(candidate)}, ${paired.incumbentBetter.length} better by ${markdownText(incumbent)}.`,
    ...(differing.length > 0
      ? [
          `They differ on ${codeList(
            differing.map(({ task }) => task),
            MOST_TASKS,
          )}. The first: ${markdownCode(lookAtPair(differing))}`,
        ]
      : []),
    "",
    `Suite ${markdownText(`${suite.name} ${suite.version}`)}, policy ${markdownText(policy.id)}.`,
    "",
  ];
}
