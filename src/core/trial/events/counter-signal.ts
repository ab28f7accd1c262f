// CounterSignal: what the critic says of the final patch.
import { z } from "zod";
import { type EventKind, noOutcome, nothingNeeded } from "./kind.ts";

const schema = z
  .strictObject({
    type: z.literal("CounterSignal"),
    severity: z.enum(["advisory", "block"]),
    signal_kind: z.string(),
    source_role: z.literal("sidecar_critic"),
    message: z.string(),
  })
  .describe("What the critic says of the final patch.");

type CounterSignal = z.infer<typeof schema>;

export interface SignalState {
  signal: CounterSignal | null;
}

export const counterSignal: EventKind<CounterSignal, SignalState> = {
  schema,
  part: () => "consequence",
  texts: {},
  neededToResume: nothingNeeded,
  fold: (state, signal) => {
    state.signal = signal;
  },
  outcome: noOutcome,
  account: ({ severity, signal_kind: kind, message }) => `${severity}, ${kind}: ${message}`,
  tone: ({ severity }) => (severity === "block" ? "bad" : "plain"),
};
