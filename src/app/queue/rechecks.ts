// Some of what workers found, worked out again where the run is decided: a worker's word is not all that a verdict stands on.
import { type Json, sha256 } from "../../core/base/canonical.ts";
import { hasRedaction } from "../../core/capsule/redaction.ts";
import { runNote } from "../../core/router/budget.ts";
import type { Suite, Task } from "../../core/suite/suite.ts";
import type { Changes } from "../../core/text/edit.ts";
import type { EventOf, TrialEvent } from "../../core/trial/event.ts";
import { patchedFiles } from "../../core/trial/patched-files.ts";
import { RECHECK_DISAGREED } from "../../core/capsule/rechecked.ts";
import { isSameEssence, verdictEssence } from "../../core/verdict/essence.ts";
import { readVerdict } from "../../core/verdict/stored-verdict.ts";
import type { Verdict } from "../../core/verdict/verdict.ts";
import type { PerformedStep, QueuedTrial } from "../../ports/trial-queue.ts";
import type { Workbench } from "../../ports/workbench.ts";

export interface RecheckOptions {
  readonly suite: Suite;
  readonly bench: Pick<Workbench, "prepare" | "verify">;
  readonly signal: AbortSignal;
  /** Is the next one drawn? By nothing that a worker could know. */
  readonly draw: () => boolean;
}

/** A step that a worker performed. */
export interface WorkerStep {
  readonly trial: Pick<QueuedTrial, "kind" | "id" | "task" | "text">;
  readonly worker: string;
  readonly step: PerformedStep;
}

interface Recheck {
  readonly task: Task;
  readonly changes: Changes;
  readonly found: Verdict;
}

/** Told of a worker whose verdict does not come out again, and why it is so said. */
type Distrust = (worker: string, why: string) => void;

export class Rechecks {
  /** Writes events of the whole run; set before anything is considered. */
  record: (events: readonly TrialEvent[]) => Promise<void> = async () => undefined;
  private readonly options: RecheckOptions;
  private readonly tasks: ReadonlyMap<string, Task>;
  private readonly underWay = new Map<string, Promise<void>[]>();
  private expected = 0;
  private readonly counts = { rechecked: 0, agreed: 0, undecided: 0 };

  constructor(options: RecheckOptions) {
    this.options = options;
    this.tasks = new Map(options.suite.tasks.map((task) => [task.id, task]));
  }

  /** Begins to work it out again, if it is drawn and there is something to compare: our own failures and what was reused are not. */
  consider({ trial, worker, step }: WorkerStep, distrust: Distrust): void {
    if (trial.kind !== "trial" || !step.events.some(isWorkedOut) || !this.options.draw()) return;
    const job = this.jobOf(trial, step);
    if (job === null) return;
    const checking = this.check(trial.id, worker, job, distrust);
    // A run that is stopped meanwhile asks for it no more.
    checking.catch(() => undefined);
    this.underWay.set(trial.id, [...(this.underWay.get(trial.id) ?? []), checking]);
  }

  /** A trial is to be carried out. */
  expect(): void {
    this.expected += 1;
  }

  /** Once all that was drawn of this trial, which is carried out, has come out; with the last one, the counts are recorded. */
  async settled(trial: string): Promise<void> {
    await Promise.all(this.underWay.get(trial) ?? []);
    this.underWay.delete(trial);
    this.expected -= 1;
    if (this.expected === 0 && this.counts.rechecked > 0) await this.record([summaryOf(this.counts)]);
  }

  private jobOf(trial: WorkerStep["trial"], { events, bodies }: PerformedStep): Recheck | null {
    const sent = new Map(bodies.map(({ text }) => [sha256(text), text]));
    const text = (hash: string): string | null => sent.get(hash) ?? trial.text(hash);
    const whole = (hash: string): string | null => {
      const found = text(hash);
      // Another text than cargo had proves nothing either way.
      return found === null || hasRedaction(found) ? null : found;
    };
    const task = this.tasks.get(trial.task);
    const changes = patchedFiles(events, whole);
    const stored = events.filter(isWorkedOut).map(({ output_hash: hash }) => text(hash))[0] ?? null;
    const found = stored === null ? null : readVerdict(stored);
    return task === undefined || changes === null || found === null ? null : { task, changes, found };
  }

  private async check(trial: string, worker: string, { task, changes, found }: Recheck, distrust: Distrust): Promise<void> {
    const { bench, signal } = this.options;
    await bench.prepare(task.base, signal);
    const again = async (): Promise<Json> => verdictEssence((await bench.verify({ task, changes }, signal)).verdict);
    const theirs = verdictEssence(found);
    this.counts.rechecked += 1;
    const first = await again();
    if (isSameEssence(first, theirs)) {
      this.counts.agreed += 1;
      return;
    }
    // What comes out both ways, or not at all, is no evidence against anybody; nor is a time limit, which goes by the machine.
    const second = await again();
    if (!isSameEssence(first, second) || statusOf(first) === "infrastructure" || [theirs, first].some((one) => statusOf(one) === "timeout")) {
      this.counts.undecided += 1;
      return;
    }
    const why = `its verdict on ${trial} (${statusOf(theirs)}) does not come out again: here the same tree comes to ${statusOf(first)}, twice`;
    await this.record([runNote(RECHECK_DISAGREED, `worker ${worker}: ${why}`)]);
    distrust(worker, why);
  }
}

const COORDINATOR = "coordinator";

const summaryOf = (counts: Readonly<Record<string, number>>): EventOf<"ServerIdentity"> => ({
  type: "ServerIdentity",
  provider: `worker/${COORDINATOR}`,
  worker: COORDINATOR,
  facts: { ...counts },
  changed: [],
  error: null,
});

const isWorkedOut = (event: TrialEvent): event is EventOf<"ToolResult"> =>
  event.type === "ToolResult" && !event.reused && event.verdict.status !== "infrastructure" && event.verdict.status !== "patch-rejected";

const statusOf = (essence: Json): string =>
  typeof essence === "object" && essence !== null && "status" in essence ? String((essence as { readonly status: Json }).status) : "";
