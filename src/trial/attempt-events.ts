// The events that tell of an attempt's patch and of what verification found.
import { type Sha256, sha256 } from "../core/base/canonical.ts";
import { patchedFile } from "../core/trial/answer-outcome.ts";
import type { EventOf, TrialEvent } from "../core/trial/event.ts";
import type { Routing } from "../core/trial/routing.ts";
import type { Changes, Tree } from "../core/text/edit.ts";
import { patchIdOf } from "../core/verdict/patch-id.ts";
import { summariseVerdict } from "../core/verdict/summary.ts";
import type { PatchRejection, Verdict } from "../core/verdict/verdict.ts";
import type { Verification } from "../ports/workbench.ts";
import type { Texts } from "./texts.ts";
import type { FoundVerdict } from "../ports/trial-queue.ts";

export function patchEvents(texts: Texts, routing: Routing, tree: Tree, changes: Changes): EventOf<"PatchApply">[] {
  const files = [...changes]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, content]) => ({ path, ...patchedFile(tree, path, content === null ? null : texts.put("patch", content)) }));
  // Of the files as they are kept: whoever reads the capsule can work it out again.
  const id = patchIdOf(files.map(({ path, after_hash: hash }) => [path, hash]));
  return files.map(({ path, ...file }) => ({
    type: "PatchApply",
    patch_id: id,
    attempt: routing.attempt,
    stage: routing.stage,
    file_path: path,
    ...file,
    success: true,
    error: null,
  }));
}

function timesOf({ queueMs, times }: Verification): typeof NO_TIMES & { readonly confirm_ms?: number } {
  const { applyMs, checkMs, testMs, overheadMs, totalMs, confirmMs } = times;
  return {
    queue_ms: queueMs,
    apply_ms: applyMs,
    check_ms: checkMs,
    test_ms: testMs,
    overhead_ms: overheadMs,
    duration_ms: totalMs,
    ...(confirmMs === undefined ? {} : { confirm_ms: confirmMs }),
  };
}

const NO_TIMES = { queue_ms: 0, apply_ms: 0, check_ms: 0, test_ms: 0, overhead_ms: 0, duration_ms: 0 };

/** The verdict is kept first: its summary is of what is kept. */
function verdictFacts(texts: Texts, verdict: Verdict): { readonly verdict: EventOf<"ToolResult">["verdict"]; readonly output_hash: Sha256 } {
  const hash = texts.putVerdict(verdict);
  return { verdict: summariseVerdict(texts.verdict(hash)), output_hash: hash };
}

/** A patch that was never applied: no tool ran, and the verdict says why. */
export function rejectedResult(
  texts: Texts,
  rejected: { readonly routing: Routing; readonly why: PatchRejection; readonly detail: string },
): readonly TrialEvent[] {
  const { routing, why, detail } = rejected;
  const verdict: Verdict = { status: "patch-rejected", why, detail };
  return [
    {
      type: "PatchApply",
      patch_id: sha256(""),
      attempt: routing.attempt,
      stage: routing.stage,
      file_path: "",
      patch_type: "modify",
      before_hash: null,
      after_hash: null,
      success: false,
      error: `${why}: ${detail}`.slice(0, 500).toWellFormed(),
    },
    {
      type: "ToolResult",
      call_id: callId(routing),
      tool_name: "verify",
      attempt: routing.attempt,
      stage: routing.stage,
      success: false,
      ...verdictFacts(texts, verdict),
      infrastructure_retries: 0,
      reused: false,
      ...NO_TIMES,
    },
  ];
}

export function toolEvents(texts: Texts, ran: FoundVerdict & { readonly routing: Routing }): readonly TrialEvent[] {
  const { routing, verification } = ran;
  const { verdict } = verification;
  const isReused = ran.origin !== "worked-out";
  const times = isReused ? NO_TIMES : timesOf(verification);
  const call_id = callId(routing);
  return [
    { type: "ToolCall", ...routing, call_id, tool_name: "verify", tree_hash: verification.treeHash },
    {
      type: "ToolResult",
      call_id,
      tool_name: "verify",
      attempt: routing.attempt,
      stage: routing.stage,
      success: verdict.status === "passed",
      ...verdictFacts(texts, verdict),
      infrastructure_retries: ran.retries,
      reused: isReused,
      ...(ran.origin === "kept" ? { kept: true as const } : {}),
      ...(verification.notes.length > 0 ? { notes: verification.notes.map((note) => ({ ...note })) } : {}),
      ...times,
    },
  ];
}

const callId = (routing: Routing): string => `verify/${routing.attempt}`;
