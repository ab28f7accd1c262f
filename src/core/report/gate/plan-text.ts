// A planned gate as text for a terminal.
import type { GatePlan } from "../../gate/planning/gate-plan.ts";
import { LIKELY } from "../../gate/planning/gate-plan.ts";
import { missingText } from "../../gate/planning/reachable.ts";
import type { PlannedCost } from "../../gate/spending.ts";
import { counted, percent } from "../format.ts";
import { gridLines, left, right, wrap } from "../grid.ts";
import { fixed, usdText } from "../../text/figures.ts";

/** Newline-terminated. */
export function planText(plan: GatePlan): string {
  const { candidate, incumbent, suite, policy, size, alpha, from, rows, cost, gates } = plan;
  const about = `${candidate} in place of ${incumbent} on ${suite}: ${size.tasks} low-risk tasks in ${counted(size.families, "family", "families")}, ${counted(size.epochs, "epoch")}, policy ${policy}, level ${alpha}`;
  const grid = {
    columns: [left("true difference"), right("promote"), right("hold"), right("stay open")],
    rows: rows.map(({ difference, promote, hold, inconclusive }) => [pointsText(difference), percent(promote), percent(hold), percent(inconclusive)]),
  };
  const lines = [
    ...wrap(about, "  "),
    ...wrap(`From ${from}. ${gates} simulated gates a line, each over all criteria.`, "  "),
    "",
    ...gridLines(grid),
    "",
    ...wrap(`Cost: ${costText(cost)}`, "  "),
    ...wrap(verdictText(plan), "  "),
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

function verdictText({ unreachable, smallest }: GatePlan): string {
  if (unreachable.length > 0) return `Cannot promote: ${missingText(unreachable)}.`;
  if (smallest === null)
    return `No number of epochs that was tried promotes an equal candidate with a chance of ${percent(LIKELY)}: take more families, or a wider margin.`;
  return `Smallest plan with a chance of ${percent(LIKELY)} for an equal candidate: ${counted(smallest.epochs, "epoch")} (${percent(smallest.promote)}); ${costText(smallest.cost)}.`;
}
