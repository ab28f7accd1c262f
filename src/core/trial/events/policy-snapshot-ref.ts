// PolicySnapshotRef: a stored policy by its address: the one that decides in this run, or one that was only seen.
import { z } from "zod";
import { hash } from "../routing.ts";
import { type EventKind, noOutcome, nothingNeeded, plain, unfolded } from "./kind.ts";

const schema = z
  .strictObject({
    type: z.literal("PolicySnapshotRef"),
    policy_uri: z.string(),
    policy_id: z.string(),
    policy_hash: hash,
    observed_hash: hash.optional().describe("The stored text of a policy that is not in force here; absent for the run's own."),
  })
  .describe(
    "A stored snapshot, by its address in the capsule. The first event of a run: which policy decides in it. A later one tells what lay in the policy's files at a stage boundary: another policy, or again the run's own.",
  );

export const policySnapshotRef: EventKind<z.infer<typeof schema>, unknown> = {
  schema,
  part: () => "note",
  // The hash of a policy is that of its content; `observed_hash` is the stored text's.
  texts: { policy_hash: null, observed_hash: "policy" },
  neededToResume: nothingNeeded,
  fold: unfolded,
  outcome: noOutcome,
  account: ({ policy_uri: uri, policy_id: id, policy_hash: policyHash }) => `policy_uri ${uri}, policy_id ${id}, policy_hash ${policyHash}`,
  tone: plain,
};
