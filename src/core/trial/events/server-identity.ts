// ServerIdentity: what a model server says of itself, and what of it changed in this run.
import { z } from "zod";
import { type EventKind, noOutcome, nothingNeeded, plain, plainFacts, unfolded } from "./kind.ts";

const schema = z
  .strictObject({
    type: z.literal("ServerIdentity"),
    provider: z.string().describe("Policy provider, or provider and candidate where the candidate has a server of its own."),
    facts: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
      .nullable()
      .describe("What the server says of itself; null where it can't be asked."),
    changed: z.array(z.string()).describe("Names of the facts that differ from what the server said before in this run; empty the first time."),
    error: z.string().nullable(),
    worker: z.string().optional().describe("It is no model server but a worker of a queue, of this name, that says this of the machine it is on."),
  })
  .describe("What a model server says of itself, and what of it changed in this run.");

export const serverIdentity: EventKind<z.infer<typeof schema>, unknown> = {
  schema,
  part: () => "note",
  texts: {},
  neededToResume: nothingNeeded,
  fold: unfolded,
  outcome: noOutcome,
  account: plainFacts,
  tone: plain,
};
