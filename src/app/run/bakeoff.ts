// A whole run: prepare the bases, run every trial that is not finished, settle what is late, seal the capsule.
import { BakeoffError } from "../../core/base/errors.ts";
import { closeSeal, policyUri } from "../../core/capsule/line.ts";
import { type PlannedTrial, plannedTrials } from "../../core/capsule/record.ts";
import { planOrder, planRanks } from "../../core/capsule/order.ts";
import { blockOf, type Turn } from "../../core/policy/turns.ts";
import { repositoryOutline } from "../../core/trial/prompt/outline.ts";
import type { TrialEvent } from "../../core/trial/event.ts";
import type { TrialState } from "../../core/trial/fold.ts";
import type { Base, Task } from "../../core/suite/suite.ts";
import { guardJournal } from "../../trial/capture-guard.ts";
import { type Plant, plantsFor } from "../../core/capsule/plan/plant-draw.ts";
import { type ConditionsDesk, openConditionsDesk } from "../../trial/conditions-desk.ts";
import { openNotebookDesk, type NotebookDesk, type NotebookSource } from "../../trial/notebook-desk.ts";
import type { QueuedTrial } from "../../ports/trial-queue.ts";
import type { BakeoffOptions } from "./bakeoff-options.ts";
import { openPolicyWatch, type PolicyWatch } from "../../trial/policy-watch.ts";
import { notebookQuestion } from "../../core/trial/prompt/question.ts";
import type { KeptRun } from "./kept-run.ts";
import { EMBEDDED_PROVIDER } from "../../core/trial/command.ts";
import { POLICY_ROUTE } from "../../core/trial/plan.ts";
import { openRecorder, type Recorder } from "../../trial/recorder.ts";
import { openServerWatch, type ServerWatch } from "../../trial/server-watch.ts";
import { QueuedTrials } from "./queued-trials.ts";
import type { TurnHooks } from "./served-turns.ts";
import { takeTurns } from "./turn-visits.ts";

/** Runs what is left to run and seals. Throws what stops a run: an abort, a full disk, a broken base. */
export async function runBakeoff(options: BakeoffOptions): Promise<void> {
  const run = new Run(options);
  await run.prepare();
  await run.trials();
  await run.seal();
}

class Run {
  private readonly options: BakeoffOptions;
  private readonly tasks: ReadonlyMap<string, Task>;
  private readonly kept: KeptRun;
  private readonly recorder: Recorder;
  private readonly desk: NotebookDesk;
  private readonly conditions: ConditionsDesk;
  private readonly watch: ServerWatch;
  private readonly policyWatch: PolicyWatch;
  private readonly outlines = new Map<string, string>();
  private readonly stop = new AbortController();
  private done = 0;
  private calibrated = 0;
  private total = { trials: 0, plants: 0 };
  private readonly queued: QueuedTrials;

  constructor(given: BakeoffOptions) {
    const options = { ...given, signal: AbortSignal.any([given.signal, this.stop.signal]) };
    this.options = options;
    this.tasks = new Map(options.suite.tasks.map((task) => [task.id, task]));
    const { kept } = options;
    this.kept = kept;
    this.recorder = openRecorder({
      header: options.header,
      journal: guardJournal(options.journal, options),
      clock: options.clock,
      redactor: options.redactor,
      capture: options.capture,
      places: kept.places,
      lastTimestamp: kept.lastTimestamp,
      holds: (hash) => kept.texts.holds(hash),
    });
    this.watch = openServerWatch(options, this.recorder, kept.runEvents);
    this.policyWatch = openPolicyWatch(options, this.recorder, kept.runEvents);
    this.desk = openNotebookDesk(options.notebook, this.recorder, { ...options, sourceOf: ({ task }) => this.notebookSource(task) });
    const { clock, overrideBudget } = options;
    this.conditions = openConditionsDesk({ policy: options.snapshot.policy, clock, knowledge: kept.knowledge, overrideBudget });
    this.queued = new QueuedTrials({
      options,
      recorder: this.recorder,
      desk: this.desk,
      conditions: this.conditions,
      policyWatch: this.policyWatch,
      task: (id) => this.task(id),
      outline: ({ base }) => this.outlines.get(base.digest),
      glance: () => this.watch.glance(),
      trialDone: (trial, state) => this.trialDone(trial, state),
      plantDone: () => options.watcher.calibrated?.(++this.calibrated, this.total.plants),
      failed: (error) => this.stop.abort(error),
    });
  }

  async prepare(): Promise<void> {
    await this.recorder.run(this.policyReference());
    await this.options.queue.open((events) => this.recorder.run(events));
    const used = new Set(this.options.header.tasks.map(({ id }) => this.task(id).base));
    for (const base of used) {
      if (!this.options.queue.elsewhere) await this.prepareHere(base);
      this.outlines.set(base.digest, repositoryOutline(base, this.options.suite.tasks, this.options.snapshot.policy.prompt.map_tokens));
    }
  }

  private async prepareHere(base: Base): Promise<void> {
    const { header, watcher, bench, signal } = this.options;
    watcher.preparing(base.name);
    watcher.prepared(await bench.prepare(base, signal));
    // Its stand-in asks for as much as a build, which belongs to no trial's time.
    if (header.bindings.sidecarCritic.provider === EMBEDDED_PROVIDER) await bench.prepareLint(base, signal);
  }

  /** The first event of the run; one that goes on has it already. */
  private policyReference(): readonly TrialEvent[] {
    const { header } = this.options;
    if (this.kept.runEvents.some(({ type }) => type === "PolicySnapshotRef")) return [];
    return [{ type: "PolicySnapshotRef", policy_uri: policyUri(header), policy_id: header.policy.id, policy_hash: header.policy.hash }];
  }

  async trials(): Promise<void> {
    this.askNotebookAgain();
    await this.recorder.run(this.conditions.takeFresh());
    const { turns, watcher } = this.options;
    const order = turns?.order ?? [];
    const planned = plannedTrials(this.options.header);
    const plants = this.plants();
    this.total = { trials: planned.length, plants: plants.length };
    watcher.calibrated?.(0, plants.length);
    const inTurns = new Map(order.flatMap((turn) => turn.map((name) => [name, turn] as const)));
    // The policy's own route needs the server of its reflex candidate.
    const turnOf = ({ candidate }: PlannedTrial) => inTurns.get(candidate === POLICY_ROUTE ? this.options.snapshot.policy.reflex.candidate : candidate) ?? null;
    const left = planned.filter(({ id }) => !this.kept.isFinished(id));
    this.done = planned.length - left.length;
    if (this.done > 0) watcher.doneBefore?.(this.done, planned.length);
    this.queued.expect([...left, ...plants]);
    await this.together(
      left.filter((trial) => turnOf(trial) === null),
      plants,
    );
    const { turn_blocks: blocks = 1, candidates } = this.options.header;
    const items = planned.length / candidates.length;
    const ranks = planRanks(this.options.header);
    const of = (turn: Turn, wanted: readonly number[]) =>
      left.filter((trial) => turnOf(trial) === turn && wanted.includes(blockOf(Math.floor((ranks(trial.id) ?? 0) / candidates.length), items, blocks)));
    await takeTurns(order, blocks, {
      clock: this.options.clock,
      isLeft: (turn, wanted) => this.conditions.stopped() === null && of(turn, wanted).length > 0,
      during: (turn, work) => turns?.during(turn, this.turnHooks(), work) ?? work(),
      carryOut: (turn, wanted) => this.together(of(turn, wanted)),
    });
    await this.desk.settle();
    await this.recorder.run(this.conditions.takeFresh());
    const stopped = this.conditions.stopped();
    if (this.done < planned.length && stopped !== null) throw new BudgetSpentError(stopped, this.options.snapshot.policy.budgets.allow_override);
  }

  /** Side by side, as far as the queue has room; what the servers say of themselves before and after. */
  private async together(trials: readonly PlannedTrial[], plants: readonly Plant[] = []): Promise<void> {
    if (trials.length + plants.length === 0) return;
    await this.watch.look();
    try {
      await this.options.queue.carryOut(this.waiting(trials, plants));
    } catch (error) {
      // The first failure stops the rest (what is thrown here is never a trial's own outcome), and is why they ended.
      throw this.stop.signal.reason ?? error;
    }
    await this.watch.look();
  }

  private *waiting(trials: readonly PlannedTrial[], plants: readonly Plant[]): Generator<QueuedTrial> {
    for (const trial of trials) yield this.queued.trial(trial);
    for (const plant of plants) yield this.queued.plant(plant);
  }

  private turnHooks(): TurnHooks {
    return {
      restarted: (name, how) => {
        const message = `the server of ${name} ${how}, and was started again`;
        const event = { type: "ErrorEvent" as const, error_code: "server-restarted", message, severity: "Warning" as const, stage: null, recoverable: true };
        this.recorder.run([event]).catch((error: unknown) => this.stop.abort(error));
      },
      failed: (error) => this.stop.abort(error),
    };
  }

  private trialDone(trial: PlannedTrial, state: TrialState): void {
    this.options.watcher.trialDone(trial, state, ++this.done, this.total.trials);
  }

  async seal(): Promise<void> {
    const { header, journal, clock } = this.options;
    await journal.seal(planOrder(header), (facts) =>
      closeSeal({
        kind: "seal",
        format: 1,
        run_id: header.run_id,
        sealed_at: latest([clock.wall(), header.created_at, facts.lastTimestamp]),
        merkle_root: facts.merkleRoot,
        header_hash: facts.headerHash,
        events: facts.events,
        blobs: facts.blobs,
        texts_root: facts.textsRoot,
        suite_root: header.suite.root,
        policy_hash: header.policy.hash,
      }),
    );
  }

  /** Questions that the journal holds without their answers: their answers were still to come when the run stopped. */
  private askNotebookAgain(): void {
    for (const { trial, task } of this.kept.openQuestions) this.desk.askAgain({ id: trial, task }, notebookQuestion(this.task(task)));
  }

  /** The outline of a task's base: public names only, and of those only what every broken tree says too. */
  private notebookSource(task: string): NotebookSource | null {
    const { base } = this.task(task);
    const content = this.outlines.get(base.digest);
    return content === undefined ? null : { name: `${this.options.suite.name}/${base.name}`, content };
  }

  /** The calibration trials that are still to be done. */
  private plants(): readonly Plant[] {
    return plantsFor(this.options.header, this.options.snapshot.policy.gates).filter(({ id }) => this.kept.history(id).length === 0);
  }

  private task(id: string): Task {
    const task = this.tasks.get(id);
    if (!task) throw new BakeoffError("integrity", `the suite has no task ${id}, which the run was planned with`, "restore the suite, or start a new run");
    return task;
  }
}

/** Of texts that are in the order of their times: a clock may have been set back meanwhile. */
const latest = (instants: readonly string[]): string => instants.reduce((last, at) => (at > last ? at : last));

/** The run stopped before a call that its budget has no room for. */
export class BudgetSpentError extends BakeoffError {
  /** Does the policy let whoever runs it go on all the same? */
  readonly canGoOn: boolean;

  constructor(spent: string, canGoOn: boolean) {
    const way = canGoOn ? "add --override-budget" : "raise [budgets] in the policy, or set allow_override there, and start a new run";
    super("interrupted", `the run's budget is spent: ${spent}`, way);
    this.name = "BudgetSpentError";
    this.canGoOn = canGoOn;
  }
}
