// What a gate and a report may count of a run: that which replay levels 0 and 1 prove.
import type { CalibrationTrial, TrialRecord } from "../capsule/record.ts";
import type { Finding } from "./levels/level.ts";
import { VERDICT_MISSING } from "./levels/integrity.ts";
import { openReplay, type ReplayInput } from "./replay.ts";

export type RunProofInput = Pick<ReplayInput, "header" | "trials" | "texts" | "withheld" | "verified" | "suite" | "version">;

/** Is shown trials in plan order, then the calibration trials. */
export interface RunProof {
  trial(trial: TrialRecord): void;
  calibration(trial: CalibrationTrial): void;
  end(): Unproven;
}

/** Sentences for what is not proven, none where all is. */
export interface Unproven {
  /** What comes out otherwise when it is worked out again: the first ones, then how many more. */
  readonly contradicted: readonly string[];
  /** What there is nothing to work out from: verdicts without their full text. */
  readonly untold: readonly string[];
}

/** As many are told one by one. */
const MOST_TOLD = 5;

/** Opens the proof of a run's decisions and verdicts. A verdict whose full text is missing proves nothing. */
export function openRunProof(input: RunProofInput): RunProof {
  const replayer = openReplay({
    ...input,
    levels: ["integrity", "decisions"],
    // The file's own faults are told by whoever read it; neither level builds a text anew.
    faults: [],
    signature: { state: "unsigned", key: null, detail: "" },
    scrub: (text) => text,
  });
  return {
    trial: (trial) => replayer.trial(trial, new Map()),
    calibration: (trial) => replayer.calibration(trial, new Map()),
    end: () => {
      const { findings, findingCount, gaps } = replayer.end();
      const untold = gaps.find(({ reason }) => reason === VERDICT_MISSING);
      const told = findings.slice(0, MOST_TOLD).map(findingText);
      return {
        contradicted: [...told, ...(findingCount > told.length ? [`${findingCount - told.length} more of this kind`] : [])],
        untold:
          untold === undefined
            ? []
            : [`${untold.count} ${untold.count === 1 ? "verdict" : "verdicts"} without the full text: ${placeText(untold.places[0])} first`],
      };
    },
  };
}

const findingText = ({ trial, seq, check, what }: Finding): string => `${placeText({ trial, seq })}: ${check}: ${what}`;

const placeText = (place: Pick<Finding, "trial" | "seq"> | undefined): string =>
  `${place?.trial ?? "the run"}${place?.seq == null ? "" : `, event ${place.seq}`}`;
