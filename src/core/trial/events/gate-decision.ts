// GateDecision: a gate of the trial lets the patch through or not.
import { z } from "zod";
import { stage } from "../routing.ts";
import { type EventKind, noOutcome, nothingNeeded, type Tone } from "./kind.ts";

const schema = z
  .strictObject({
    type: z.literal("GateDecision"),
    gate_name: z.enum(["validate", "judge", "unlock"]),
    stage,
    outcome: z.enum(["Pass", "Fail", "Warn", "Skip"]),
    reason: z.string(),
    blocking: z.boolean(),
  })
  .describe("A gate of the trial lets the patch through or not.");

type GateDecision = z.infer<typeof schema>;

export interface GateState {
  validated: GateDecision | null;
  judgeSays: GateDecision | null;
  unlocked: GateDecision | null;
}

const STATE_OF = { validate: "validated", judge: "judgeSays", unlock: "unlocked" } as const satisfies Record<GateDecision["gate_name"], keyof GateState>;

const TONES: Readonly<Record<GateDecision["outcome"], Tone>> = { Pass: "good", Fail: "bad", Warn: "plain", Skip: "plain" };

/** Does it say that a person overrode what the gate decided? */
const isOverridden = (gate: GateDecision): boolean => "override" in gate && gate.override !== null && gate.override !== undefined;

export const gateDecision: EventKind<GateDecision, GateState> = {
  schema,
  // The judge's gate says what its answer said: nothing that the router decides.
  part: ({ gate_name: name }) => (name === "judge" ? "consequence" : "gate decisions"),
  texts: {},
  neededToResume: nothingNeeded,
  fold: (state, gate) => {
    state[STATE_OF[gate.gate_name]] = gate;
  },
  outcome: noOutcome,
  account: (gate) => `${gate.gate_name}: ${gate.outcome}: ${gate.reason}${isOverridden(gate) ? " (OVERRIDDEN)" : ""}`,
  tone: (gate) => (isOverridden(gate) ? "override" : TONES[gate.outcome]),
};
