// The check that no planted patch was taken away: a Judge's errors would go with it.
import { isBudgetStop } from "../../router/budget.ts";
import { plantsFor, type PlantRules } from "../plan/plant-draw.ts";
import type { Header } from "../line.ts";
import { isCalibrationId } from "../record.ts";
import type { CapsuleCheck, Watch } from "./check.ts";
import { storedPolicyValue } from "./text.ts";

function plantsComplete(header: Header): Watch {
  const seen = new Set<string>();
  let rules: PlantRules | null = null;
  let isSealed = false;
  let isStopped = false;
  return {
    text: (text) => {
      if (text.sha256 === header.policy.snapshot_hash) rules = storedRules(text.text);
    },
    event: ({ trial, payload }) => {
      if (isCalibrationId(trial)) seen.add(trial);
      if (trial === null && payload.type === "ErrorEvent" && isBudgetStop(payload.error_code)) isStopped = true;
    },
    seal: () => void (isSealed = true),
    end: () => {
      // A run whose budget was used up asks nobody about what is left.
      if (header.calibration === undefined || rules === null || !isSealed || isStopped) return null;
      const missing = plantsFor(header, rules).find(({ id }) => !seen.has(id));
      return missing === undefined ? null : `the seed draws ${missing.id}, and it is not there`;
    },
    unchecked: () => {
      if (header.calibration === undefined) return "a run of its time did not record the plants that it left out";
      if (rules === null) return "the policy can't be read";
      return isStopped ? "the run's budget was used up" : null;
    },
  };
}

/** Null where the snapshot does not say what the draw needs. */
function storedRules(snapshot: string): PlantRules | null {
  const plants = storedPolicyValue(snapshot, ["gates", "calibration_plants"]);
  const epochs = storedPolicyValue(snapshot, ["gates", "reflex_promotion", "min_epochs"]);
  return typeof plants === "number" && typeof epochs === "number" ? { calibration_plants: plants, reflex_promotion: { min_epochs: epochs } } : null;
}

export const PLANT_CHECKS: readonly CapsuleCheck[] = [
  { name: "plants-complete", sentence: "Every patch that the seed plants is there, judged or left out for a reason.", needs: ["seal"], watch: plantsComplete },
];
