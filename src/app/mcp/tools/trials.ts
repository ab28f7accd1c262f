// The assistant's tools about trials: why a candidate lost, and what happened in one trial.
import { z } from "zod";
import { BakeoffError } from "../../../core/base/errors.ts";
import { nearest } from "../../../core/base/nearest.ts";
import { tally } from "../../../core/metrics/summary/rate.ts";
import type { ListedTrial, TrialList } from "../../../core/report/trial/list.ts";
import { trialText } from "../../../core/report/trial/text.ts";
import { showTrials } from "../../show/trial.ts";
import { queryTool } from "../tool.ts";
import { RUN } from "./runs.ts";

export const listTrials = queryTool(
  "The trials of a run that a candidate lost, or all of them: marks, outcome, and what the deciding verdict says. Answers why a candidate lost.",
  {
    run: RUN,
    candidate: z.string().optional().describe("only this candidate's"),
    all: z.boolean().default(false).describe("those without anything that stands out too"),
    limit: z.number().int().min(1).max(1000).default(50).describe("how many are listed; causes are counted over all of them"),
  },
  async ({ show }, { run, candidate, all, limit }) => {
    const { list, faults } = await showTrials(show, { run, trial: null, next: false });
    const chosen = ofCandidate(list, candidate).filter(({ marks }) => all || marks.length > 0);
    const causes = tally(chosen.flatMap(({ why }) => (why === null ? [] : [why.split(":", 1)[0] ?? why])));
    const shown = chosen.slice(0, limit);
    const text = [
      `${chosen.length} of ${ofCandidate(list, candidate).length} trials${causes.length === 0 ? "" : `; lost by: ${causes.map(({ key, count }) => `${key} ${count}`).join(", ")}`}`,
      ...shown.map(({ id, marks, outcome, why }) => `${id} [${marks.join(", ")}]: ${outcome}${why === null ? "" : `\n  ${why}`}`),
      ...(chosen.length > shown.length ? [`… and ${chosen.length - shown.length} more`] : []),
    ].join("\n");
    return { text, data: { run: list.run, suite: list.suite, faults, causes, trials: shown, more: chosen.length - shown.length } };
  },
);

/** A trial's id begins with its candidate, which may hold slashes itself. */
function ofCandidate({ trials, candidates }: TrialList, candidate: string | undefined): readonly ListedTrial[] {
  if (candidate === undefined) return trials;
  if (candidates.includes(candidate)) return trials.filter(({ id }) => id.split("/").slice(0, -2).join("/") === candidate);
  throw new BakeoffError("usage", `the run has no candidate ${candidate}`, `did you mean ${nearest(candidate, candidates).join(" or ")}?`);
}

export const trialTool = queryTool(
  "One trial from prompt to verdict: cause first, then attempt below attempt with prompt, answer, diff and what cargo said; critic and Judge.",
  {
    run: RUN,
    trial: z.string().min(1).describe("CANDIDATE/TASK/EPOCH, or CANDIDATE/TASK"),
    attempt: z.number().int().min(1).optional().describe("only this attempt, with every text whole"),
  },
  async ({ show }, { run, trial, attempt }) => {
    const { page, faults } = await showTrials(show, { run, trial, next: false });
    if (page === null) throw new BakeoffError("invariant", `trial ${trial} has no page`);
    if (attempt !== undefined && attempt > page.attempts.length) throw new BakeoffError("usage", `${page.id} has ${page.attempts.length} attempts`);
    const damage = faults === 0 ? "" : `${faults} checks of this capsule fail: believe nothing of it\n\n`;
    const { id, outcome, cause, slotPassed, task } = page;
    return { text: damage + trialText(page, { width: 120, attempt: attempt ?? null }), data: { id, outcome, cause, slotPassed, task, faults } };
  },
);
