// CalibrationPlant: opens a calibration trial: which patch of known worth follows, and what a right Judge does.
import { z } from "zod";
import { type EventKind, noOutcome, nothingNeeded, plain, unfolded } from "./kind.ts";

export const PLANT_KINDS = ["reference", "broken", "tests-gutted", "tampered", "wrong-but-compiling"] as const;

const schema = z
  .strictObject({
    type: z.literal("CalibrationPlant"),
    plant: z.enum(PLANT_KINDS),
    right: z.enum(["unlock", "block"]).describe("What a right Judge does: `unlock` for the reference solution alone."),
    epoch: z.number().int().min(1),
    left_out: z
      .enum(["no-place", "other-worth"])
      .optional()
      .describe("Why it was shown to nobody: the task has no place for it, or its verdict shows that its worth is not what it should be."),
  })
  .describe(
    "Opens a calibration trial: what follows is a patch of known worth, played by the program, and what the critic and the Judge say of it. They are not told: only this event is.",
  );

export const calibrationPlant: EventKind<z.infer<typeof schema>, unknown> = {
  schema,
  part: () => "note",
  texts: {},
  neededToResume: nothingNeeded,
  fold: unfolded,
  outcome: noOutcome,
  account: ({ plant, right, epoch, left_out: omission }) =>
    `plant ${plant}, right ${right}, epoch ${epoch}${omission === undefined ? "" : `, left out: ${omission}`}`,
  tone: plain,
};
