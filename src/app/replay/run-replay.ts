// Replays a stored run trial by trial: what its record, its suite and, where asked for, cargo prove about it. Calls no model.
import { type EventLine, readingOf } from "../../core/capsule/line.ts";
import type { CalibrationTrial, RunReader, TrialRecord } from "../../core/capsule/record.ts";
import { openRedactor } from "../../core/capsule/redaction.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import { type AppliedDiff, diffOf } from "../../core/trial/answer-outcome.ts";
import { diffKey } from "../../core/replay/check.ts";
import type { TextSource } from "../../core/replay/evidence.ts";
import type { FileFault, SignatureStatus } from "../../core/replay/levels/level.ts";
import { type Diffs, openReplay, type Replay } from "../../core/replay/replay.ts";
import { readStoredSnapshot } from "../../core/replay/stored-snapshot.ts";
import type { VerifiedTrees } from "../../core/replay/verified-trees.ts";
import { brokenTree, type Suite, type Task } from "../../core/suite/suite.ts";
import { readAnswer } from "../../core/verdict/answer/answer.ts";
import type { AnswerReading } from "../../core/verdict/answer/reading.ts";
import { textFiles } from "../../core/text/edit.ts";
import type { DiffTool, Workbench } from "../../ports/workbench.ts";
import { reexecute } from "./reexecution.ts";

/** Something that wants to see each trial once, while it is there. */
export interface TrialWatcher {
  trial(trial: TrialRecord): void;
  calibration(trial: CalibrationTrial): void;
}

export interface RunReplayRequest {
  readonly run: RunReader;
  readonly texts: TextSource;
  readonly verified: VerifiedTrees;
  readonly faults: readonly FileFault[];
  readonly signature: SignatureStatus;
  /** The suite that the run names, or why it is not here. */
  readonly suite: Suite | string;
  readonly diffTool: DiffTool;
  /** Was the text left out of a safe export? */
  readonly withheld: (hash: string) => boolean;
  readonly version: string;
  /** Null: cargo is not run again. */
  readonly bench: Workbench | null;
  readonly signal: AbortSignal;
  /** Lets the rest of the process have its turn: else nobody could interrupt what goes on for minutes. */
  readonly pause: () => Promise<void>;
  /** Told of each tree that cargo ran on again. */
  readonly reexecuted: (done: number, total: number) => void;
}

/** Some milliseconds' worth. */
const TRIALS_A_TURN = 20;

export async function replayRun(request: RunReplayRequest, watcher: TrialWatcher): Promise<Replay> {
  const { run, texts, suite, bench } = request;
  const stored = readStoredSnapshot(texts.text(run.header.policy.snapshot_hash));
  const replayer = openReplay({
    header: run.header,
    trials: () => run.trials(),
    texts,
    faults: request.faults,
    signature: request.signature,
    suite,
    withheld: request.withheld,
    scrub: scrubber(stored.ok ? stored.snapshot : null),
    verified: request.verified,
    version: request.version,
    ...(bench === null ? {} : { reexecution: await reexecute({ ...request, bench }) }),
  });
  const diffs = new AppliedDiffs(request, stored.ok ? stored.snapshot : null);
  let count = 0;
  for (const trial of run.trials()) {
    if (count++ % TRIALS_A_TURN === 0) await request.pause();
    request.signal.throwIfAborted();
    watcher.trial(trial);
    replayer.trial(trial, await diffs.of(trial.task.id, trial.events));
  }
  for (const trial of run.calibrationTrials()) {
    watcher.calibration(trial);
    replayer.calibration(trial, new Map());
  }
  return replayer.end();
}

/** Texts were scrubbed before they were hashed: those that are built again must be, too. Values of secrets are not known here. */
function scrubber(snapshot: PolicySnapshot | null): (text: string) => string {
  const redactor = openRedactor(snapshot?.policy.redaction.patterns ?? [], []);
  return (text) => redactor.scrub(text);
}

/** Applies the unified diffs among the answers: the one part of reading an answer that is not a pure function. Those of one trial are held. */
class AppliedDiffs {
  private readonly request: RunReplayRequest;
  private readonly snapshot: PolicySnapshot | null;
  private readonly tasks: ReadonlyMap<string, Task>;
  /** Candidates that answer in unified diffs. */
  private readonly names: ReadonlySet<string>;

  constructor(request: RunReplayRequest, snapshot: PolicySnapshot | null) {
    this.request = request;
    this.snapshot = snapshot;
    this.tasks = new Map(typeof request.suite === "string" ? [] : request.suite.tasks.map((task) => [task.id, task]));
    const inDiffs = snapshot?.candidates.filter(({ answer_format: format }) => format === "udiff") ?? [];
    this.names = new Set(inDiffs.map(({ name }) => name));
  }

  async of(id: string, events: readonly EventLine[]): Promise<Diffs> {
    const done = new Map<string, AppliedDiff>();
    const task = this.tasks.get(id);
    if (!task || !this.snapshot || this.names.size === 0) return done;
    const reading = readingOf(this.request.run.header);
    for (const hash of this.answersIn(events)) {
      const diff = diffIn(this.request.texts.text(hash), this.snapshot, reading);
      if (diff !== null) done.set(diffKey(id, hash), await this.request.diffTool.apply(textFiles(brokenTree(task)), diff, reading));
    }
    return done;
  }

  private answersIn(events: readonly EventLine[]): ReadonlySet<string> {
    const calls = events.flatMap(({ payload }) => (payload.type === "ModelCallEnvelope" && payload.role === "Implementer" ? [payload] : []));
    return new Set(calls.filter(({ model }) => this.names.has(model)).flatMap(({ response_hash: hash }) => hash ?? []));
  }
}

function diffIn(text: string | null, { policy }: PolicySnapshot, reading: AnswerReading): string | null {
  return text === null ? null : diffOf(readAnswer(text, "udiff", policy.limits, reading));
}
