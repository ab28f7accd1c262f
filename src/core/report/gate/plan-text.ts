// A planned gate as text for a terminal.
import type { GatePlan } from "../../gate/planning/gate-plan.ts";
import { LIKELY } from "../../gate/planning/smallest-plan.ts";
import { missingText } from "../../gate/planning/reachable.ts";
import type { PlannedCost } from "../../gate/spending.ts";
import { counted, percent } from "../format.ts";
import { left, right, textPage } from "../grid.ts";
import { fixed, usdText } from "../../text/figures.ts";

/** Newline-terminated. */
export function planText(plan: GatePlan, width?: number): string {
  const page = textPage(width);
  const { candidate, incumbent, suite, policy, size, alpha, from, rows, cost, gates } = plan;
  const about = `${candidate} in place of ${incumbent} on ${suite}: ${size.tasks} low-risk tasks in ${counted(size.families, "family", "families")}, ${counted(size.epochs, "epoch")}, policy ${policy}, level ${Number(alpha.toPrecision(3))}`;
  const grid = {
    columns: [left("true difference"), right("promote"), right("hold"), right("stay open")],
    rows: rows.map(({ difference, promote, hold, inconclusive }) => [pointsText(difference), percent(promote), percent(hold), percent(inconclusive)]),
  };
  const lines = [
    ...page.wrap(about, "  "),
    ...page.wrap(`From ${from}. ${gates} simulated gates a line, each over all criteria.`, "  "),
    "",
    ...page.grid(grid),
    "",
    ...page.wrap(`Cost: ${costText(cost)}`, "  "),
    ...page.wrap(verdictText(plan), "  "),
  ];
  return `${lines.join("\n")}\n`;
}

export const pointsText = (points: number): string => `${points > 0 ? "+" : ""}${points} points`;

function costText({ trials, plants, calls, tokens, costUsd, minutes }: PlannedCost): string {
  const figures = [
    counted(trials, "trial"),
    counted(plants, "calibration patch", "calibration patches"),
    `${wholeOr(calls)} calls`,
    `${wholeOr(tokens)} tokens`,
    usdText(costUsd),
    minutes === null ? "unknown minutes" : `about ${fixed(minutes, 0)} minutes`,
  ];
  return figures.join(", ");
}

const wholeOr = (value: number | null): string => (value === null ? "unknown" : fixed(value, 0));

function verdictText({ unreachable, smallest, size }: GatePlan): string {
  const missing = unreachable.length > 0 ? `Cannot promote: ${missingText(unreachable)}. ` : "";
  const wanted = `a chance of ${percent(LIKELY)} for an equal candidate`;
  if (smallest === null) return `${missing}No plan that was tried has ${wanted}, with up to four times the families: take a wider margin.`;
  const { families, tasks, epochs, promote, cost } = smallest;
  const told = `${tasks > size.tasks ? "a larger suite like it, " : ""}${counted(tasks, "task")} in ${counted(families, "family", "families")}`;
  return `${missing}Smallest plan with ${wanted}: ${told}, ${counted(epochs, "epoch")} (${percent(promote)}); ${costText(cost)}.`;
}
