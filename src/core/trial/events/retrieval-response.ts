// RetrievalResponse: what the notebook answered, which no trial waits for.
import { z } from "zod";
import { milliseconds } from "../../text/figures.ts";
import { hash, ms } from "../routing.ts";
import { type EventKind, noOutcome, nothingNeeded, plain, unfolded } from "./kind.ts";

const schema = z
  .strictObject({
    type: z.literal("RetrievalResponse"),
    request_id: z.string(),
    response_hash: hash.nullable(),
    latency_ms: ms,
    error: z.string().nullable(),
  })
  .describe("What the notebook answered, which no trial waits for.");

export const retrievalResponse: EventKind<z.infer<typeof schema>, unknown> = {
  schema,
  part: () => "consequence",
  texts: { response_hash: "notebook answer" },
  neededToResume: nothingNeeded,
  fold: unfolded,
  outcome: noOutcome,
  account: ({ error, latency_ms: latency }) => (error === null ? `answered after ${milliseconds(latency)} ms` : `no answer: ${error}`),
  tone: plain,
};
