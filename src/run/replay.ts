// Replays a stored run: what its record, its suite and, where asked for, cargo prove about it. Calls no model.
import { type AppliedDiff, diffKey } from "../core/replay/check.ts";
import type { FileFault, SignatureStatus } from "../core/replay/level.ts";
import { type Replay, replayCapsule } from "../core/replay/replay.ts";
import { readSnapshot } from "../core/replay/stored-snapshot.ts";
import { brokenTree, type Suite } from "../core/suite/suite.ts";
import { readAnswer } from "../core/verdict/answer.ts";
import { notebookQuestion } from "./perform.ts";
import type { DiffTool, StoredRun, Workbench } from "./ports.ts";
import { reexecute } from "./replay-reexecution.ts";

export interface ReplayRequest {
  readonly stored: StoredRun;
  readonly faults: readonly FileFault[];
  readonly signature: SignatureStatus;
  /** The suite that the run names, or why it is not here. */
  readonly suite: Suite | string;
  readonly diffTool: DiffTool;
  readonly version: string;
  /** Null: cargo is not run again. */
  readonly bench: Workbench | null;
  readonly signal: AbortSignal;
  /** Told of each tree that cargo ran on again. */
  readonly reexecuted: (done: number, total: number) => void;
}

export async function replayRun(request: ReplayRequest): Promise<Replay> {
  const { stored, suite, bench } = request;
  const input = {
    header: stored.header,
    events: stored.events,
    seal: stored.seal,
    blob: (hash: string) => stored.blob(hash),
    faults: request.faults,
    signature: request.signature,
    suite,
    question: notebookQuestion,
    withheld: () => false,
    scrub: (text: string) => text,
    diffs: typeof suite === "string" ? new Map<string, AppliedDiff>() : await appliedDiffs(request, suite),
    version: request.version,
  };
  if (bench === null) return replayCapsule(input);
  return replayCapsule({ ...input, reexecution: await reexecute({ ...request, bench }) });
}

/** Applies the unified diffs among the answers: the one part of reading an answer that is not a pure function. */
async function appliedDiffs({ stored, diffTool }: ReplayRequest, suite: Suite): Promise<ReadonlyMap<string, AppliedDiff>> {
  const read = readSnapshot(stored.blob(stored.header.policy.snapshot_hash));
  const done = new Map<string, AppliedDiff>();
  if (!read.ok) return done;
  const inDiffs = new Set(read.snapshot.candidates.filter(({ answer_format: format }) => format === "udiff").map(({ name }) => name));
  const tasks = new Map(suite.tasks.map((task) => [task.id, task]));
  for (const { payload, spec_id: id } of inDiffs.size === 0 ? [] : stored.events) {
    if (payload.type !== "ModelCallEnvelope" || payload.role !== "Implementer" || !inDiffs.has(payload.model)) continue;
    const task = tasks.get(id ?? "");
    const text = payload.response_hash === null ? null : stored.blob(payload.response_hash);
    const key = diffKey(task?.id ?? "", payload.response_hash ?? "");
    if (!task || text === null || done.has(key)) continue;
    const answer = readAnswer(text, "udiff", read.snapshot.policy.limits);
    if (!answer.ok || answer.answer.kind !== "udiff") continue;
    const texts = new Map([...brokenTree(task)].flatMap(([path, content]) => (typeof content === "string" ? [[path, content] as const] : [])));
    done.set(key, await diffTool.apply(texts, answer.answer.diff));
  }
  return done;
}
