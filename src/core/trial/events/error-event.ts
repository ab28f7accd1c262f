// ErrorEvent: something went wrong, or has run out, that is no outcome of an attempt.
import { z } from "zod";
import { type Stage, stage } from "../routing.ts";
import { type EventKind, noOutcome, nothingNeeded } from "./kind.ts";

/** The code of the event that notes a stage's budget as used up. */
export const STAGE_SPENT = "stage-budget-spent";

const schema = z
  .strictObject({
    type: z.literal("ErrorEvent"),
    error_code: z.string(),
    message: z.string(),
    severity: z.enum(["Warning", "Error", "Fatal"]),
    stage: stage.nullable(),
    recoverable: z.boolean(),
  })
  .describe("Something went wrong, or has run out, that is no outcome of an attempt.");

export interface SpentState {
  /** The last stage whose token budget was noted to be used up. */
  spentNoted: Stage | null;
}

export const errorEvent: EventKind<z.infer<typeof schema>, SpentState> = {
  schema,
  part: () => "note",
  texts: {},
  neededToResume: nothingNeeded,
  fold: (state, { error_code: code, stage: spent }) => {
    if (code === STAGE_SPENT) state.spentNoted = spent;
  },
  outcome: noOutcome,
  account: ({ error_code: code, message }) => `${code}: ${message}`,
  tone: () => "bad",
};
