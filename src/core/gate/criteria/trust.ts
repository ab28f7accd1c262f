// Criteria about how far the figures can be trusted: answers in form, a steady harness, a Judge that is seldom wrong.
import { calibrationRates } from "../../metrics/calibration.ts";
import { wilson } from "../../metrics/statistics/interval.ts";
import { itemRate } from "../../metrics/summary/rate.ts";
import { tasksForShare } from "../../metrics/statistics/sample-size.ts";
import { atLeast, atMost, confidenceOf, type Criterion } from "../finding.ts";

export const TRUST_CRITERIA: readonly Criterion[] = [
  {
    name: "json-compliance",
    sentence: "The candidate's answers satisfy their schema; where all must, a single one that does not is too many.",
    sampled: true,
    judge: ({ evidence, candidate }, alpha) => {
      const checked = candidate.attempts.flatMap(({ task, json }) => (json === null ? [] : [{ task, holds: json }]));
      const estimate = itemRate(checked, confidenceOf(alpha));
      const threshold = evidence.rules.json_compliance_percent / 100;
      return atLeast({
        estimate,
        threshold,
        unit: "share",
        what: `answers in form (${checked.length} calls)`,
        more: () => tasksForShare(estimate, threshold, confidenceOf(alpha)),
      });
    },
  },
  {
    name: "flake-rate",
    sentence: "The same tree gets the same verdict again.",
    sampled: true,
    judge: ({ evidence: { harness, rules } }, alpha) => {
      // A property of the harness, not of a task: each tree that came again is one observation.
      const estimate = wilson(harness.disagreeing, harness.repeatedTrees, confidenceOf(alpha));
      return atMost({
        estimate,
        threshold: rules.max_flake_percent / 100,
        unit: "share",
        what: "trees judged differently when they came again",
        more: () => null,
      });
    },
  },
  {
    name: "infrastructure-rate",
    sentence: "Few trials are lost to our own side.",
    sampled: true,
    judge: ({ evidence: { harness, rules } }, alpha) => {
      // A property of the machine, not of a task: each trial is one observation.
      const estimate = wilson(harness.infrastructure, harness.trials, confidenceOf(alpha));
      return atMost({ estimate, threshold: rules.max_infrastructure_percent / 100, unit: "share", what: "trials lost to our own side", more: () => null });
    },
  },
  {
    name: "false-unlock",
    sentence: "The Judge and the critic seldom let a known-bad patch through.",
    sampled: true,
    judge: ({ evidence: { planted, rules } }, alpha) => {
      const { falseUnlock } = calibrationRates(planted, confidenceOf(alpha));
      return atMost({
        estimate: falseUnlock,
        threshold: rules.max_false_unlock_percent / 100,
        unit: "share",
        what: "known-bad patches that would be unlocked",
        more: () => null,
      });
    },
  },
  {
    name: "false-block",
    sentence: "The Judge and the critic seldom keep a known-good patch locked.",
    sampled: true,
    judge: ({ evidence: { planted, rules } }, alpha) => {
      const { falseBlock } = calibrationRates(planted, confidenceOf(alpha));
      return atMost({
        estimate: falseBlock,
        threshold: rules.max_false_block_percent / 100,
        unit: "share",
        what: "known-good patches that would stay locked",
        more: () => null,
      });
    },
  },
];
