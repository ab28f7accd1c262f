// The audit in a dozen lines for a terminal: outcome, levels, first divergence, gaps.
import type { AuditModel } from "./model.ts";
import { auditView } from "./view.ts";
import { gridLines, left, right, wrap } from "../grid.ts";

/** Lines of at most 110 characters, safe for a terminal. The first is the outcome. */
export function auditLines(model: AuditModel): readonly string[] {
  const view = auditView(model);
  const { first } = view;
  const levels = gridLines({
    columns: [right("level"), left("name"), left("result"), left("agreed")],
    rows: view.levels.map(({ level, name, status, figures }) => [level, name, status, figures]),
  });
  return [
    ...wrap(`${view.outcome.word}: ${view.outcome.sentence}`, "  "),
    ...view.overrides.flatMap(({ trial, text }) => wrap(`! OVERRIDDEN: ${trial}: ${text}`, "  ")),
    ...view.notices.flatMap((notice) => wrap(`! ${notice}`, "  ")),
    "",
    ...levels,
    ...(first === null ? [] : ["", ...firstLines(first), ...(model.findingCount > 1 ? [`${view.findingCount} in total: the report lists them`] : [])]),
    ...(view.gapSentence === ""
      ? []
      : ["", view.gapSentence, ...view.gaps.flatMap(({ level, reason, count }) => wrap(`- ${level}: ${reason} (${count})`, "  "))]),
    ...(view.counterfactual === null ? [] : ["", ...counterfactualLines(view.counterfactual)]),
    ...(view.comparison === null ? [] : ["", ...comparisonLines(view.comparison)]),
  ];
}

type View = ReturnType<typeof auditView>;

function firstLines({ place, level, what, cause, why, recorded, redone, hasSides }: NonNullable<View["first"]>): readonly string[] {
  return [
    ...wrap(`First divergence: ${place} (${level})`, "  "),
    ...wrap(`- ${what}`, "  "),
    ...wrap(`- cause: ${cause}: ${why}`, "  "),
    ...(hasSides ? [...wrap(`- recorded: ${recorded}`, "  "), ...wrap(`- now: ${redone}`, "  ")] : []),
  ];
}

function counterfactualLines({ policies, candidates, changes }: NonNullable<View["counterfactual"]>): readonly string[] {
  const rows = candidates.flatMap(({ candidate, changed, recorded, other, later }) => [
    [candidate, "recorded", "", recorded.pass, recorded.p50, recorded.cost],
    [candidate, "other", changed, other.pass, other.p50, other.cost],
    [candidate, "a later run", "", later, "", ""],
  ]);
  return [
    "UNDER ANOTHER POLICY",
    ...wrap(policies, "  "),
    ...gridLines({ columns: [left("candidate"), left("policy"), right("changed"), right("pass"), right("p50 ms"), right("cost")], rows }),
    ...candidates.flatMap(({ candidate, known }) => wrap(`${candidate}: ${known}`, "  ")),
    ...(changes.length === 0 ? ["no decision changes"] : changes.flatMap(({ change, trials }) => wrap(`- ${change}: ${trials}`, "  "))),
  ];
}

function comparisonLines({ runs, pairs, differences }: NonNullable<View["comparison"]>): readonly string[] {
  return [
    "COMPARED WITH ANOTHER RUN",
    ...wrap(runs, "  "),
    ...differences.flatMap(({ what, a, b }) => wrap(`- ${what}: A ${a}, B ${b}`, "  ")),
    ...gridLines({
      columns: [left("candidate"), right("tasks"), right("pass A"), right("pass B")],
      rows: pairs.map(({ names, tasks, a, b }) => [names, tasks, a, b]),
    }),
    ...pairs.flatMap(({ names, aBetter, bBetter }) => wrap(`${names}: better in A: ${aBetter}; better in B: ${bBetter}`, "  ")),
  ];
}
