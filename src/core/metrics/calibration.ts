// How often the Judge and the critic are wrong about patches of known quality.
import type { RunRecord } from "../capsule/record.ts";
import type { EventLine } from "../capsule/line.ts";
import type { EventOf } from "../trial/event.ts";
import type { Estimate, TaskTally } from "./statistics/interval.ts";
import { groupBy } from "./summary/rate.ts";

/** One planted patch and what the Judge and the critic said about it. */
export interface Planted {
  readonly task: string;
  readonly plant: EventOf<"CalibrationPlant">["plant"];
  readonly right: "unlock" | "block";
  /** Null: the Judge gave no judgement, which is not counted as an error. */
  readonly judge: "unlock" | "block" | null;
  /** Null: the critic gave no signal. */
  readonly critic: "advisory" | "block" | null;
  readonly uri: string;
}

export interface CalibrationRates {
  /** Of known-bad patches that were judged: those that the Judge would unlock and the critic does not block. */
  readonly falseUnlock: Estimate;
  /** Of known-good patches that were judged: those that stayed locked. */
  readonly falseBlock: Estimate;
  /** The critic alone: known-good patches that it blocks. */
  readonly criticBlocksGood: Estimate;
  readonly byPlant: readonly { readonly plant: string; readonly planted: number; readonly judged: number; readonly wrong: number }[];
}

/** The planted patches of a run, each with its result. */
export function plantedIn(record: Pick<RunRecord, "calibration">): readonly Planted[] {
  return [...groupBy(record.calibration, (line) => line.trial).values()].flatMap(readPlant);
}

function readPlant(lines: readonly EventLine[]): readonly Planted[] {
  const found = lines.find(({ payload }) => payload.type === "CalibrationPlant");
  if (found?.payload.type !== "CalibrationPlant" || found.payload.left_out !== undefined) return [];
  const { plant, right } = found.payload;
  const signal = lines.map(({ payload }) => payload).find((event) => event.type === "CounterSignal");
  return [{ task: found.spec_id ?? "", plant, right, judge: judgementOf(lines), critic: signal?.severity ?? null, uri: found.uri }];
}

/** Null if the Judge could not be asked or understood. */
function judgementOf(lines: readonly EventLine[]): Planted["judge"] {
  const events = lines.map(({ payload }) => payload);
  // Of several tries it is the last one that led to a judgement, or to none.
  const asked = events.findLast((event) => event.type === "ModelCallEnvelope" && event.role === "Judge");
  const gate = events.find((event) => event.type === "GateDecision");
  if (asked?.type !== "ModelCallEnvelope" || !asked.success || asked.json_compliant === null) return null;
  if (gate === undefined || isUnread(gate.reason)) return null;
  return gate.outcome === "Pass" ? "unlock" : "block";
}

/** Prefix of the reason of a step that got no readable judgement. */
const isUnread = (reason: string): boolean => reason.startsWith("no judgement");

const unlocks = ({ judge, critic }: Planted): boolean => judge === "unlock" && critic !== "block";
const isWrong = (planted: Planted): boolean => unlocks(planted) !== (planted.right === "unlock");

/** A planted patch of a task, with all its epochs: how often it was judged wrongly. */
export interface PlantTally extends TaskTally {
  readonly task: string;
}

/** Error rates with intervals. `rateOf`: from the tallies of planted patches. */
export function calibrationRates(planted: readonly Planted[], rateOf: (tallies: readonly PlantTally[]) => Estimate): CalibrationRates {
  const judged = planted.filter(({ judge }) => judge !== null);
  const good = judged.filter(({ right }) => right === "unlock");
  const bad = judged.filter(({ right }) => right === "block");
  const heard = planted.filter(({ right, critic }) => right === "unlock" && critic !== null);
  return {
    falseUnlock: rateOf(wrongTallies(bad, isWrong)),
    falseBlock: rateOf(wrongTallies(good, isWrong)),
    criticBlocksGood: rateOf(wrongTallies(heard, ({ critic }) => critic === "block")),
    byPlant: [...groupBy(planted, ({ plant }) => plant)].map(([plant, own]) => ({
      plant,
      planted: own.length,
      judged: own.filter(({ judge }) => judge !== null).length,
      wrong: own.filter((one) => one.judge !== null && isWrong(one)).length,
    })),
  };
}

/** A task's different plants are not repeats of each other, the same plant's epochs are. */
function wrongTallies(planted: readonly Planted[], wrong: (planted: Planted) => boolean): readonly PlantTally[] {
  return [...groupBy(planted, ({ task, plant }) => `${plant} ${task}`).values()].map((own) => ({
    task: own[0]?.task ?? "",
    passes: own.filter(wrong).length,
    trials: own.length,
  }));
}
