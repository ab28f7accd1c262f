// StageTransition: the trial enters a stage.
import { z } from "zod";
import { type Stage, stage } from "../routing.ts";
import { type EventKind, noOutcome, nothingNeeded, plain } from "./kind.ts";

const schema = z.strictObject({ type: z.literal("StageTransition"), from: stage.nullable(), to: stage }).describe("The trial enters a stage.");

export interface StageState {
  stage: Stage | null;
}

export const stageTransition: EventKind<z.infer<typeof schema>, StageState> = {
  schema,
  part: () => "stage changes",
  texts: {},
  neededToResume: nothingNeeded,
  fold: (state, { to }) => {
    state.stage = to;
  },
  outcome: noOutcome,
  account: ({ from, to }) => `${from ?? "start"} → ${to}`,
  tone: plain,
};
