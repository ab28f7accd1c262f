// `bakeoff run --dry-run`: what would go where, and what it may cost.
import { composeDryRun } from "../../app/compose/dry-run.ts";
import type { Places } from "../../app/places.ts";
import { type DryRun, dryRun } from "../../app/run/dry-run.ts";
import type { SessionRequest } from "../../app/run/session.ts";
import { type ForecastCalls, ROLE_RECEIVES } from "../../core/capsule/plan/forecast.ts";
import { fixed, usdText } from "../../core/text/figures.ts";
import { forecastCost } from "./text.ts";
import { printDocument } from "../text/documents.ts";
import { errInk, outInk } from "../text/ink.ts";

export async function dryRunAction(request: SessionRequest, json: boolean, places: Places): Promise<number> {
  const made = await dryRun(composeDryRun(places), request);
  if (json) printDocument<"run">({ format: 1, ...made });
  else process.stdout.write(dryRunText(made));
  process.stderr.write(errInk.dim("Nothing was run, and no prompt was sent.\n"));
  return 0;
}

/** For people: what goes out first, then what it may cost. */
export function dryRunText(made: DryRun): string {
  const { suite, tasks, epochs, trials, plants, candidates, leftOut, standIns, calls, notebook } = made;
  return [
    outInk.bold(`${suite}: ${tasks} tasks × ${candidates.length} candidates × ${epochs} = ${trials} trials, and ${plants} calibration patches`),
    `candidates: ${candidates.join(", ")}`,
    ...leftOut.map(({ name, reason }) => `left out: ${name} (${reason})`),
    ...standIns.map(({ role, standIn }) => `${role}: stand-in ${standIn}, a program of this machine`),
    "",
    ...(calls.length === 0 ? ["No model would be called: only programs of this machine play."] : calls.flatMap(callLines)),
    ...(notebook === null ? [] : [`the notebook at ${notebook.endpoint}: at most ${notebook.questions} questions, each with a task's instruction`]),
    "",
    costLine(made),
    made.minutes === null
      ? "minutes: not known, since no run of these candidates lies here"
      : `minutes: about ${fixed(made.minutes, 1)}, as earlier runs of these candidates went here`,
    "",
  ].join("\n");
}

function callLines({ provider, endpoint, cloud, model, roles, least, most, mostTokens, ...costs }: ForecastCalls): readonly string[] {
  return [
    `${outInk.bold(`${model} of ${provider}`)} at ${endpoint}${cloud ? ": leaves your machines" : ""}`,
    `  ${least} to ${most} calls, about ${mostTokens} tokens at most${forecastCost({ cloud, ...costs })}`,
    ...roles.map((role) => `  as ${role}: ${ROLE_RECEIVES[role]}`),
  ];
}

function costLine({ calls, budgets, expectedUsd }: DryRun): string {
  const unknown = calls.some(({ mostUsd }) => mostUsd === null);
  const most = calls.reduce((sum, { mostUsd }) => sum + (mostUsd ?? 0), 0);
  const expected = expectedUsd === null ? "" : `; about ${usdText(expectedUsd)} as earlier runs went`;
  return `dollars: ${unknown ? "not known" : `about ${usdText(Math.min(most, budgets.run_cost_usd))} at most`}${expected}. The run stops at ${usdText(budgets.run_cost_usd)} or ${budgets.run_tokens} tokens.`;
}
