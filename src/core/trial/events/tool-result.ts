// ToolResult: what verification found of an attempt; with it the attempt is over.
import { z } from "zod";
import { BakeoffError } from "../../base/errors.ts";
import { milliseconds } from "../../text/figures.ts";
import { count, hash, ms, stage } from "../routing.ts";
import type { EventKind } from "./kind.ts";
import type { ModelCall, OpenAttempt } from "./model-call.ts";
import type { PatchApply } from "./patch-apply.ts";

export const verdictSummary = z.strictObject({
  status: z.enum(["passed", "failed", "disputed", "compile-error", "timeout", "tampered", "patch-rejected", "infrastructure"]),
  visible_passed: z.boolean().describe("Did all visible tests pass? What the reflex loop goes by."),
  tests_passed: count,
  tests_failed: count,
  held_out_failed: count,
  error_codes: z.array(z.string()),
  detail: z.string().describe("One line for people: why, for every status but `passed`."),
});

const schema = z
  .strictObject({
    type: z.literal("ToolResult"),
    call_id: z.string(),
    tool_name: z.string(),
    attempt: count,
    stage,
    success: z.boolean(),
    verdict: verdictSummary,
    output_hash: hash.describe("Blob of the whole verdict, as canonical JSON."),
    infrastructure_retries: count.describe("How many times our own side failed before this result (0 or 1)."),
    reused: z.boolean().describe("Taken from another attempt of this run and epoch on the same tree, or kept: no time was spent."),
    kept: z
      .literal(true)
      .optional()
      .describe(
        "Of a planted patch: taken from what an earlier run came to on the same tree, base and toolchain. The whole verdict is in this capsule all the same.",
      ),
    notes: z
      .array(z.strictObject({ rule: z.string(), detail: z.string() }))
      .min(1)
      .optional()
      .describe("What a second look at the patch is worth, such as a new call of std::process::exit. No note changes a verdict."),
    queue_ms: ms,
    apply_ms: ms,
    check_ms: ms,
    test_ms: ms,
    overhead_ms: ms,
    duration_ms: ms,
    confirm_ms: ms
      .optional()
      .describe("Beside the duration: the confirmation by held-out tests, which a real loop has not. Where it is missing, none was made."),
    worker: z.string().optional().describe("Who ran the tool, in a run whose trials were carried out by workers of a queue."),
  })
  .describe("What verification found of an attempt; with it the attempt is over.");

export type VerdictSummary = z.infer<typeof verdictSummary>;
type ToolResult = z.infer<typeof schema>;

export interface AttemptState {
  readonly mode: "Reflex" | "Cloud";
  /** The last try. */
  readonly call: ModelCall;
  /** The tries before it, which failed. */
  readonly earlier: readonly ModelCall[];
  readonly patches: readonly PatchApply[];
  /** Always there: a patch that was never applied has the verdict `patch-rejected`. */
  readonly result: ToolResult;
}

export interface AttemptsState {
  open: OpenAttempt | null;
  attempts: readonly AttemptState[];
  /** Attempts made for the record only: no later step goes by them. */
  shadows: readonly AttemptState[];
}

export const toolResult: EventKind<ToolResult, AttemptsState> = {
  schema,
  part: () => "consequence",
  texts: { output_hash: "verdict" },
  neededToResume: ({ output_hash: output }) => [output],
  fold: (state, result) => {
    const { open } = state;
    // The history may come from a file: what does not fit together there is damage.
    if (!open) throw new BakeoffError("integrity", "a tool result without the call that led to it", "fetch the capsule again from where it came");
    const kind = open.call.selection_reason === "reflex-shadow" ? "shadows" : "attempts";
    state[kind] = [...state[kind], { mode: open.call.mode === "Reflex" ? "Reflex" : "Cloud", ...open, result }];
    state.open = null;
  },
  outcome: ({ verdict }) => ({ status: verdict.status, visible: verdict.visible_passed }),
  account: ({ verdict, notes, reused, kept, duration_ms: duration }) =>
    `${verdict.status}${verdict.detail === "" ? "" : `: ${verdict.detail}`}${kept ? " (kept from an earlier run)" : reused ? " (known from the same tree)" : `, ${milliseconds(duration)} ms`}${notes ? `; noted: ${notes.map(({ detail }) => detail).join("; ")}` : ""}`,
  tone: ({ success }) => (success ? "good" : "bad"),
};
