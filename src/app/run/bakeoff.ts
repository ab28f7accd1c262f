// A whole run: prepare the bases, run every trial that is not finished, settle what is late, seal the capsule.
import { BakeoffError, invariant } from "../../core/base/errors.ts";
import { closeSeal, type EventLine, type Header, LATE_SEQ, policyUri } from "../../core/capsule/line.ts";
import { foldRun, type PlannedTrial, plannedTrials, type RunRecord } from "../../core/capsule/record.ts";
import { inPlanOrder } from "../../core/capsule/order.ts";
import type { Turn } from "../../core/policy/turns.ts";
import type { TrialPlan } from "../../core/trial/command.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import { repositoryOutline } from "../../core/trial/prompt/outline.ts";
import type { TrialEvent } from "../../core/trial/event.ts";
import { foldTrial, type TrialState } from "../../core/trial/fold.ts";
import { brokenTree, type Suite, type Task } from "../../core/suite/suite.ts";
import { guardJournal } from "../../trial/capture-guard.ts";
import { PLANTED } from "../../core/capsule/calibration-plan.ts";
import { type Plant, plantsFor } from "../../core/capsule/plant-draw.ts";
import { runPlant } from "../../trial/calibration.ts";
import type { CallContext } from "../../trial/model-call.ts";
import { type ConditionsDesk, openConditionsDesk } from "../../trial/conditions-desk.ts";
import { openNotebookDesk, type NotebookDesk, type NotebookSource } from "../../trial/notebook-desk.ts";
import type { DiffTool, PreparedBase, Workbench } from "../../ports/workbench.ts";
import type { Journal, StoredRun } from "../../ports/journal.ts";
import type { NotebookAccess } from "../../ports/notebook.ts";
import type { PolicySource } from "../../ports/policy-source.ts";
import type { ServerInspector } from "../../ports/servers.ts";
import { openPolicyWatch, type PolicyWatch } from "../../trial/policy-watch.ts";
import { notebookQuestion } from "../../core/trial/prompt/question.ts";
import type { TrialContext } from "../../trial/perform.ts";
import { plantedPlan, POLICY_ROUTE, trialPlan } from "../../core/trial/plan.ts";
import { openRecorder, type Recorder } from "../../trial/recorder.ts";
import { openServerWatch, type ServerWatch } from "../../trial/server-watch.ts";
import { Texts } from "../../trial/texts.ts";
import { PlantVerdicts } from "../../trial/plant-verdicts.ts";
import { VerdictMemo } from "../../trial/verdict-memo.ts";
import { runTrial } from "../../trial/trial.ts";
import type { ServedTurns, TurnHooks } from "./served-turns.ts";

/** What the run tells whoever watches. */
export interface RunWatcher {
  preparing(base: string): void;
  prepared(base: PreparedBase): void;
  trialDone(trial: PlannedTrial, state: TrialState, done: number, total: number): void;
  /** A calibration patch was judged; of so many that there are. */
  calibrated?(done: number, total: number): void;
}

export interface BakeoffOptions extends CallContext {
  readonly header: Header;
  readonly suite: Suite;
  readonly snapshot: PolicySnapshot;
  readonly bench: Workbench;
  readonly diffTool: DiffTool;
  readonly notebook: NotebookAccess;
  readonly journal: Journal;
  /** What the journal holds already, for a run that goes on. */
  readonly stored: StoredRun | null;
  /** The model servers that can say what they have loaded, by provider. */
  readonly servers: ReadonlyMap<string, ServerInspector>;
  /** The servers that the run starts itself. */
  readonly turns?: Pick<ServedTurns, "order" | "during">;
  /** The files that the policy came from. The run keeps to `snapshot`, and records what else lies there. */
  readonly policySource: PolicySource;
  readonly watcher: RunWatcher;
  /** Lets the run spend more than its budget; only where the policy allows it. */
  readonly overrideBudget: boolean;
  /** Bounds how many trials are under way at once. */
  readonly trialSlot: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Runs what is left to run and seals. Throws what stops a run: an abort, a full disk, a broken base. */
export async function runBakeoff(options: BakeoffOptions): Promise<RunRecord> {
  const run = new Run(options);
  await run.prepare();
  await run.trials();
  return run.seal();
}

class Run {
  private readonly options: BakeoffOptions;
  private readonly tasks: ReadonlyMap<string, Task>;
  private readonly kept: readonly EventLine[];
  private readonly recorder: Recorder;
  private readonly desk: NotebookDesk;
  private readonly conditions: ConditionsDesk;
  private readonly watch: ServerWatch;
  private readonly policyWatch: PolicyWatch;
  private readonly outlines = new Map<string, string>();
  private readonly stop = new AbortController();
  private readonly verdicts = new VerdictMemo();
  private done = 0;
  private calibrated = 0;

  constructor(given: BakeoffOptions) {
    const options = { ...given, signal: AbortSignal.any([given.signal, this.stop.signal]) };
    this.options = options;
    this.tasks = new Map(options.suite.tasks.map((task) => [task.id, task]));
    this.kept = options.stored?.events ?? [];
    this.recorder = openRecorder({
      header: options.header,
      journal: guardJournal(options.journal, options),
      clock: options.clock,
      redactor: options.redactor,
      capture: options.capture,
      events: this.kept,
      holds: (hash) => (options.stored?.blob(hash) ?? null) !== null,
    });
    this.watch = openServerWatch(options, this.recorder, this.kept);
    this.policyWatch = openPolicyWatch(options, this.recorder, this.kept);
    this.desk = openNotebookDesk(options.notebook, this.recorder, { ...options, sourceOf: ({ task }) => this.notebookSource(task) });
    this.conditions = openConditionsDesk({ policy: options.snapshot.policy, clock: options.clock, kept: this.kept, overrideBudget: options.overrideBudget });
  }

  async prepare(): Promise<void> {
    await this.recorder.run(this.policyReference());
    const used = new Set(this.options.header.tasks.map(({ id }) => this.task(id).base));
    for (const base of used) {
      this.options.watcher.preparing(base.name);
      this.options.watcher.prepared(await this.options.bench.prepare(base, this.options.signal));
      this.outlines.set(base.digest, repositoryOutline(base, this.options.suite.tasks, this.options.snapshot.policy.prompt.map_tokens));
    }
  }

  /** The first event of the run; one that goes on has it already. */
  private policyReference(): readonly TrialEvent[] {
    const { header } = this.options;
    if (this.kept.some(({ payload }) => payload.type === "PolicySnapshotRef")) return [];
    return [{ type: "PolicySnapshotRef", policy_uri: policyUri(header), policy_id: header.policy.id, policy_hash: header.policy.hash }];
  }

  async trials(): Promise<void> {
    this.askNotebookAgain();
    await this.recorder.run(this.conditions.takeFresh());
    const { turns, watcher } = this.options;
    const order = turns?.order ?? [];
    const planned = plannedTrials(this.options.header);
    const plants = this.plants();
    watcher.calibrated?.(0, plants.length);
    const inTurns = new Map(order.flatMap((turn) => turn.map((name) => [name, turn] as const)));
    // The policy's own route needs the server of its reflex candidate.
    const turnOf = ({ candidate }: PlannedTrial) => inTurns.get(candidate === POLICY_ROUTE ? this.options.snapshot.policy.reflex.candidate : candidate) ?? null;
    const work = (turn: Turn | null) => planned.filter((trial) => turnOf(trial) === turn).map((trial) => () => this.trial(trial, planned.length));
    await this.together([...work(null), ...plants.map((plant) => () => this.plant(plant, plants.length))]);
    for (const turn of order) {
      const isLeft = this.conditions.stopped() === null && planned.some((trial) => turnOf(trial) === turn && !this.isDone(trial));
      await (isLeft && turns ? turns.during(turn, this.turnHooks(), () => this.together(work(turn))) : this.together(work(turn)));
    }
    await this.desk.settle();
    await this.recorder.run(this.conditions.takeFresh());
    const stopped = this.conditions.stopped();
    if (this.done < planned.length && stopped !== null) throw new BudgetSpentError(stopped, this.options.snapshot.policy.budgets.allow_override);
  }

  /** Side by side, as far as there are slots; what the servers say of themselves before and after. */
  private async together(items: readonly (() => Promise<void>)[]): Promise<void> {
    if (items.length === 0) return;
    await this.watch.look();
    const work = items.map((item) => this.options.trialSlot(item));
    // The first failure stops the rest (what is thrown here is never a trial's own outcome), and all are waited for,
    // so that nobody writes to the journal after it is closed.
    for (const item of work) item.catch((error) => this.stop.abort(error));
    const ended = await Promise.allSettled(work);
    const failed = ended.find((item) => item.status === "rejected");
    if (failed) throw this.stop.signal.reason ?? failed.reason;
    await this.watch.look();
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

  private isDone({ id }: PlannedTrial): boolean {
    return foldTrial(this.kept.filter((line) => line.trial === id && line.seq < LATE_SEQ).map((line) => line.payload)).unlocked !== null;
  }

  async seal(): Promise<RunRecord> {
    const { header, journal, clock } = this.options;
    let events: readonly EventLine[] = [];
    await journal.seal(
      (lines) => {
        events = inPlanOrder(header, lines);
        return events;
      },
      (facts) =>
        closeSeal({
          kind: "seal",
          format: 1,
          run_id: header.run_id,
          sealed_at: latest([clock.wall(), header.created_at, ...events.map(({ timestamp }) => timestamp)]),
          merkle_root: facts.merkleRoot,
          header_hash: facts.headerHash,
          events: facts.events,
          blobs: facts.blobs,
          texts_root: facts.textsRoot,
          suite_root: header.suite.root,
          policy_hash: header.policy.hash,
        }),
    );
    return foldRun(header, events);
  }

  /** Questions that the journal holds without their answers: their answers were still to come when the run stopped. */
  private askNotebookAgain(): void {
    const answered = new Set(this.kept.filter((line) => line.payload.type === "RetrievalResponse").map((line) => line.trial));
    for (const { trial, spec_id: id, payload } of this.kept) {
      if (payload.type !== "RetrievalRequest" || payload.skip_reason !== null || trial === null || answered.has(trial)) continue;
      const task = this.task(id ?? "");
      this.desk.askAgain({ id: trial, task: task.id }, notebookQuestion(task));
    }
  }

  /** The outline of a task's base: public names only, and of those only what every broken tree says too. */
  private notebookSource(task: string): NotebookSource | null {
    const { base } = this.task(task);
    const content = this.outlines.get(base.digest);
    return content === undefined ? null : { name: `${this.options.suite.name}/${base.name}`, content };
  }

  private async trial(planned: PlannedTrial, total: number): Promise<void> {
    this.options.signal.throwIfAborted();
    const { header, watcher } = this.options;
    const task = this.task(planned.task.id);
    const history = this.kept.filter((line) => line.trial === planned.id && line.seq < LATE_SEQ).map((line) => line.payload);
    const state = foldTrial(history);
    if (!state.unlocked) {
      // Once nothing may be spent, a trial that has not begun would only record that it can't.
      if (history.length === 0 && this.conditions.stopped() !== null) return;
      const place = { id: planned.id, task: task.id };
      const context = this.context(trialPlan(header, planned), task, (routing, question) => this.desk.ask(place, routing, question));
      const events = await runTrial(context, this.recorder, history);
      await this.watch.glance();
      const ended = foldTrial(events);
      if (ended.unlocked) watcher.trialDone(planned, ended, ++this.done, total);
    } else watcher.trialDone(planned, state, ++this.done, total);
  }

  private context(plan: TrialPlan, task: Task, askNotebook: TrialContext["askNotebook"]): Parameters<typeof runTrial>[0] {
    const { stored } = this.options;
    const outline = this.outlines.get(task.base.digest);
    invariant(outline !== undefined, "a trial began before its base was prepared");
    const texts = new Texts(stored ? (hash) => stored.blob(hash) : undefined, (text) => this.options.redactor.scrub(text));
    const { verdicts, conditions, policyWatch } = this;
    return { ...this.options, plan, task, tree: brokenTree(task), outline, texts, verdicts, askNotebook, conditions, policyWatch };
  }

  /** The calibration trials that are still to be done. */
  private plants(): readonly Plant[] {
    const known = new Set(this.kept.map(({ trial }) => trial));
    return plantsFor(this.options.header, this.options.snapshot.policy.gates).filter(({ id }) => !known.has(id));
  }

  private async plant(plant: Plant, total: number): Promise<void> {
    this.options.signal.throwIfAborted();
    const { header } = this.options;
    const plan = plantedPlan(header, plant, PLANTED);
    if (this.conditions.stopped() !== null) return;
    const { bench, signal } = this.options;
    const context = { ...this.context(plan, this.task(plant.task.id), () => ({ events: [] })), verdicts: new PlantVerdicts(bench, this.verdicts, signal) };
    this.conditions.observe(await runPlant(context, this.recorder, plant, header));
    await this.recorder.run(this.conditions.takeFresh());
    this.options.watcher.calibrated?.(++this.calibrated, total);
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
