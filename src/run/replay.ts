// Replays a stored run: what its record, its suite and, where asked for, cargo prove about it. Calls no model.
import { openRedactor } from "../core/capsule/redaction.ts";
import type { PolicySnapshot } from "../core/policy/snapshot.ts";
import { type AppliedDiff, diffKey } from "../core/replay/check.ts";
import type { FileFault, SignatureStatus } from "../core/replay/level.ts";
import { type Replay, replayCapsule } from "../core/replay/replay.ts";
import { readSnapshot } from "../core/replay/stored-snapshot.ts";
import { brokenTree, type Suite } from "../core/suite/suite.ts";
import { readAnswer } from "../core/verdict/answer.ts";
import type { Tree } from "../core/verdict/edit.ts";
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
  /** Hashes of the texts that a safe export left out. */
  readonly withheld: ReadonlySet<string>;
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
    withheld: (hash: string) => request.withheld.has(hash),
    scrub: scrubberOf(stored),
    diffs: typeof suite === "string" ? new Map<string, AppliedDiff>() : await appliedDiffs(request, suite),
    version: request.version,
  };
  if (bench === null) return replayCapsule(input);
  return replayCapsule({ ...input, reexecution: await reexecute({ ...request, bench }) });
}

/** Texts were scrubbed before they were hashed: those that are built again must be, too. Values of secrets are not known here. */
function scrubberOf(stored: StoredRun): (text: string) => string {
  const read = readSnapshot(stored.blob(stored.header.policy.snapshot_hash));
  const redactor = openRedactor(read.ok ? read.snapshot.policy.redaction.patterns : [], []);
  return (text) => redactor.scrub(text);
}

/** Applies the unified diffs among the answers: the one part of reading an answer that is not a pure function. */
async function appliedDiffs({ stored, diffTool }: ReplayRequest, suite: Suite): Promise<ReadonlyMap<string, AppliedDiff>> {
  const done = new Map<string, AppliedDiff>();
  const read = readSnapshot(stored.blob(stored.header.policy.snapshot_hash));
  if (!read.ok) return done;
  const tasks = new Map(suite.tasks.map((task) => [task.id, task]));
  for (const { id, hash } of diffAnswers(stored, read.snapshot)) {
    const task = tasks.get(id);
    const diff = task && !done.has(diffKey(id, hash)) ? diffIn(stored.blob(hash), read.snapshot) : null;
    if (task && diff !== null) done.set(diffKey(id, hash), await diffTool.apply(textsOf(brokenTree(task)), diff));
  }
  return done;
}

/** Task and hash of every answer of a candidate that answers in unified diffs. */
function diffAnswers({ events }: StoredRun, { candidates }: PolicySnapshot): readonly { readonly id: string; readonly hash: string }[] {
  const names = new Set(candidates.filter(({ answer_format: format }) => format === "udiff").map(({ name }) => name));
  if (names.size === 0) return [];
  return events.flatMap(({ payload, spec_id: id }) =>
    payload.type === "ModelCallEnvelope" && payload.role === "Implementer" && names.has(payload.model) && payload.response_hash !== null && id !== null
      ? [{ id, hash: payload.response_hash }]
      : [],
  );
}

function diffIn(text: string | null, { policy }: PolicySnapshot): string | null {
  const read = text === null ? null : readAnswer(text, "udiff", policy.limits);
  return read?.ok && read.answer.kind === "udiff" ? read.answer.diff : null;
}

const textsOf = (tree: Tree): ReadonlyMap<string, string> =>
  new Map([...tree].flatMap(([path, content]) => (typeof content === "string" ? [[path, content] as const] : [])));
