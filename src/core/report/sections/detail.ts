// The sections that only full reports have: verdicts of slot attempts, routing, and candidates in pairs.
import type { RunSummary } from "../../metrics/summary/summary.ts";
import { STATUSES } from "../../metrics/summary/verdict.ts";
import { left, right } from "../grid.ts";
import { REASONS } from "../../trial/reason.ts";
import type { RoutingCount } from "../routing.ts";
import type { Section } from "./section.ts";

/** The verdict of every slot attempt. */
export function verdictSection({ candidates }: RunSummary): Section {
  const statuses = STATUSES.filter((wanted) => candidates.some(({ verdicts }) => verdicts.byStatus.some(({ status }) => status === wanted)));
  return {
    title: "Verdicts of slot attempts",
    note: "Every slot attempt of the run: any risk, including trials that are in no rate.",
    grid: {
      columns: [left("candidate"), right("attempts"), ...statuses.map((status) => right(status))],
      rows: candidates.map(({ name, verdicts }) => [
        name,
        String(verdicts.attempts),
        ...statuses.map((wanted) => String(verdicts.byStatus.find(({ status }) => status === wanted)?.count ?? 0)),
      ]),
    },
  };
}

/** Which model served which role, how often, and why. */
export function routingSection(routing: readonly RoutingCount[]): Section {
  return {
    title: "Routing decisions",
    note: "Every decision of the router in this run, by its selection reason.",
    grid: {
      columns: [left("role"), left("mode"), left("served by"), right("decisions"), left("selection reason"), left("which means")],
      rows: routing.map(({ role, mode, servedBy, reason, count }) => [role, mode, servedBy, String(count), reason, REASONS[reason]]),
    },
  };
}

/** On which tasks two candidates differ. */
export function pairSection({ pairs }: RunSummary): Section {
  return {
    title: "Where candidates differ",
    note: "Pass in slot, low-risk tasks that count for both; with epochs, by the share of passes. Counts only: whether a difference is significant is for the gate to decide.",
    grid: {
      columns: [left("first"), left("second"), right("tasks"), right("first better"), right("second better"), right("alike")],
      rows: pairs.map(({ a, b, tasks, aBetter, bBetter }) => [
        a,
        b,
        ...[tasks, aBetter.length, bBetter.length, tasks - aBetter.length - bBetter.length].map(String),
      ]),
    },
  };
}
