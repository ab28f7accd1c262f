// ToolCall: a tool is run on a tree.
import { z } from "zod";
import { hash, routing } from "../routing.ts";
import { type EventKind, noOutcome, nothingNeeded, plain, unfolded } from "./kind.ts";

const schema = z
  .strictObject({
    type: z.literal("ToolCall"),
    ...routing.shape,
    call_id: z.string(),
    tool_name: z.string(),
    tree_hash: hash.describe("Digest of the tree that the tool ran on."),
  })
  .describe("A tool is run on a tree.");

export const toolCall: EventKind<z.infer<typeof schema>, unknown> = {
  schema,
  part: () => "consequence",
  texts: { tree_hash: null },
  neededToResume: nothingNeeded,
  fold: unfolded,
  outcome: noOutcome,
  account: ({ tool_name: tool, tree_hash: tree }) => `${tool} on tree ${tree.slice(0, 12)}`,
  tone: plain,
};
