// RetrievalRequest: the notebook is asked, beside the trial.
import { z } from "zod";
import { hash, routing } from "../routing.ts";
import { type EventKind, noOutcome, nothingNeeded, plain } from "./kind.ts";

const schema = z
  .strictObject({
    type: z.literal("RetrievalRequest"),
    ...routing.shape,
    request_id: z.string(),
    query_hash: hash,
    source: z.literal("tier2:notebooklm"),
    skip_reason: z.string().nullable(),
  })
  .describe("The notebook is asked, beside the trial.");

export interface NotebookState {
  notebookAsked: boolean;
}

export const retrievalRequest: EventKind<z.infer<typeof schema>, NotebookState> = {
  schema,
  part: () => "notebook questions",
  // The question is made of what the task says: it is not stored.
  texts: { query_hash: null },
  neededToResume: nothingNeeded,
  fold: (state) => {
    state.notebookAsked = true;
  },
  outcome: noOutcome,
  account: ({ skip_reason: why }) => (why === null ? "the notebook was asked" : `the notebook was not asked: ${why}`),
  tone: plain,
};
