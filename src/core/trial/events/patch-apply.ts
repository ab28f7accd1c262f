// PatchApply: one file of an attempt's patch, or a patch that was not applied.
import { z } from "zod";
import { count, hash, stage } from "../routing.ts";
import { type EventKind, noOutcome, plain } from "./kind.ts";

const schema = z
  .strictObject({
    type: z.literal("PatchApply"),
    patch_id: z.string(),
    attempt: count,
    stage,
    file_path: z.string(),
    patch_type: z.enum(["create", "modify", "delete"]),
    before_hash: hash.nullable(),
    after_hash: hash.nullable().describe("Also the hash of the blob that holds the file as the patch left it."),
    success: z.boolean(),
    error: z.string().nullable(),
  })
  .describe("One file of an attempt's patch, or a patch that was not applied.");

export type PatchApply = z.infer<typeof schema>;

/** The attempt whose result has not come yet. */
interface PatchState {
  open: { readonly patches: PatchApply[] } | null;
}

export const patchApply: EventKind<PatchApply, PatchState> = {
  schema,
  part: () => "consequence",
  texts: { before_hash: null, after_hash: "patched file" },
  neededToResume: ({ after_hash: after }) => [after],
  fold: ({ open }, event) => {
    open?.patches.push(event);
  },
  outcome: noOutcome,
  account: (event) => (event.success ? `${event.patch_type} ${event.file_path}` : `not applied: ${event.error ?? ""}`),
  tone: plain,
};
