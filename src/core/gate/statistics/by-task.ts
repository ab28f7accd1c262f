// The first statistics: tasks are independent, what is missing is absent. Decisions of format 1 were made by them, and come out again by them only.
import { calibrationRates } from "../../metrics/calibration.ts";
import { passRate, wilson } from "../../metrics/statistics/interval.ts";
import { differenceAbove, pairedDifference } from "../../metrics/statistics/paired.ts";
import { successParity } from "../../metrics/statistics/parity.ts";
import { quantileEstimate } from "../../metrics/statistics/quantile.ts";
import { talliesOf } from "../../metrics/summary/rate.ts";
import { CRITERION_NAMES } from "../criteria/names.ts";
import { isRegression } from "./regression.ts";
import type { GateStatistics } from "./statistics.ts";

/** The criteria that there were then. */
const CRITERIA_OF_FORMAT_1 = 21;

export const BY_TASK: GateStatistics = {
  version: 1,
  criteria: CRITERION_NAMES.slice(0, CRITERIA_OF_FORMAT_1),
  // A trial that found the server out of service counted as lost.
  counts: ({ standing }) => standing === "counted" || standing === "unasked",
  measured: ({ first }) => first,
  repeats: ({ trials }) => trials,
  rate: (items, confidence) => passRate(talliesOf(items), confidence),
  // Nobody asked it then.
  cheating: (items, confidence) => passRate(talliesOf(items), confidence),
  units: wilson,
  quantile: (samples, q, confidence) =>
    quantileEstimate(
      samples.map(({ value }) => value),
      q,
      confidence,
    ),
  difference: ({ pairs }, confidence) => pairedDifference(pairs, confidence),
  inferiority: ({ pairs }, margin) => differenceAbove(pairs, margin),
  regressions: ({ pairs }, confidence) => wilson(pairs.filter(isRegression).length, pairs.length, confidence),
  parity: ({ pairs }, seed) => successParity(pairs, seed),
  // Of all candidates and risks together, each trial an observation of its own.
  losses: ({ harness }, confidence) => wilson(harness.infrastructure, harness.trials, confidence),
  calibration: (planted, _, confidence) => calibrationRates(planted, (tallies) => passRate(tallies, confidence)),
};
