// A run's trials and calibration trials as a queue takes them: each knows how it is carried out, and what is known of it so far.
import { PLANTED } from "../../core/capsule/plan/calibration-plan.ts";
import type { Plant } from "../../core/capsule/plan/plant-draw.ts";
import type { PlannedTrial } from "../../core/capsule/record.ts";
import type { Sha256 } from "../../core/base/canonical.ts";
import { invariant } from "../../core/base/errors.ts";
import type { TrialPlan } from "../../core/trial/command.ts";
import { foldTrial, type TrialState } from "../../core/trial/fold.ts";
import { brokenTree, type Task } from "../../core/suite/suite.ts";
import { plantedPlan, trialPlan } from "../../core/trial/plan.ts";
import type { PerformedStep, QueuedTrial, StepPerformer } from "../../ports/trial-queue.ts";
import { runPlant } from "../../trial/calibration.ts";
import type { ConditionsDesk } from "../../trial/conditions-desk.ts";
import type { NotebookDesk } from "../../trial/notebook-desk.ts";
import type { TrialContext } from "../../trial/perform.ts";
import { PlantVerdicts } from "../../trial/plant-verdicts.ts";
import type { PolicyWatch } from "../../trial/policy-watch.ts";
import type { Recorder } from "../../trial/recorder.ts";
import { Texts } from "../../trial/texts.ts";
import { runTrial } from "../../trial/trial.ts";
import { VerdictMemo } from "../../trial/verdict-memo.ts";
import type { BakeoffOptions } from "./bakeoff-options.ts";

/** What the trials of one run share. */
export interface TrialMeans {
  readonly options: BakeoffOptions;
  readonly recorder: Recorder;
  readonly desk: NotebookDesk;
  readonly conditions: ConditionsDesk;
  readonly policyWatch: PolicyWatch;
  readonly task: (id: string) => Task;
  /** Undefined until the task's base is prepared. */
  readonly outline: (task: Task) => string | undefined;
  /** Looks at the model servers, unless that was done lately. */
  readonly glance: () => Promise<void>;
  readonly trialDone: (trial: PlannedTrial, state: TrialState) => void;
  readonly plantDone: () => void;
  /** What is thrown in a trial is never its own outcome: it stops the run. */
  readonly failed: (error: unknown) => void;
}

type Place = Pick<PlannedTrial, "id" | "epoch"> & { readonly task: { readonly id: string } };

/** What the waiting trials of a kind share. */
interface Work<P> {
  readonly kind: QueuedTrial["kind"];
  readonly verdicts: VerdictMemo;
  readonly base: (place: P) => Sha256;
  /** Throws where the run was stopped. */
  readonly begin: () => Texts;
  readonly run: (place: P, texts: Texts, performer: StepPerformer | null) => Promise<void>;
  readonly failed: (error: unknown) => void;
}

/** A trial that is to be carried out: little more than its name, for there are many. Its texts are there from its first step to its end. */
class WaitingTrial<P extends Place> implements QueuedTrial {
  private readonly place: P;
  private readonly work: Work<P>;
  private texts: Texts | null = null;

  constructor(place: P, work: Work<P>) {
    this.place = place;
    this.work = work;
  }

  get kind(): QueuedTrial["kind"] {
    return this.work.kind;
  }

  get id(): string {
    return this.place.id;
  }

  get task(): string {
    return this.place.task.id;
  }

  get epoch(): number {
    return this.place.epoch;
  }

  get base(): Sha256 {
    return this.work.base(this.place);
  }

  get verdicts(): VerdictMemo {
    return this.work.verdicts;
  }

  text(hash: Sha256): string | null {
    return this.texts?.holds([hash]) ? this.texts.text(hash) : null;
  }

  async run(performer: StepPerformer | null): Promise<void> {
    try {
      this.texts = this.work.begin();
      await this.work.run(this.place, this.texts, performer);
      this.texts = null;
      this.verdicts.ended(this.place);
    } catch (error) {
      this.work.failed(error);
      throw error;
    }
  }
}

export class QueuedTrials {
  private readonly means: TrialMeans;
  private readonly verdicts = new VerdictMemo();
  private readonly trials: Work<PlannedTrial>;
  private readonly plants: Work<Plant>;

  constructor(means: TrialMeans) {
    this.means = means;
    const shared = {
      verdicts: this.verdicts,
      base: ({ task }: Place) => means.task(task.id).base.digest,
      begin: () => this.texts(),
      failed: means.failed,
    };
    this.trials = { ...shared, kind: "trial", run: (...given) => this.runTrial(...given) };
    this.plants = { ...shared, kind: "plant", run: (...given) => this.runPlant(...given) };
  }

  /** These are to come, now or later: what one of them finds out is kept for the others of its task and epoch. */
  expect(places: readonly Place[]): void {
    for (const place of places) this.verdicts.expect(place);
  }

  trial(planned: PlannedTrial): QueuedTrial {
    return new WaitingTrial(planned, this.trials);
  }

  plant(plant: Plant): QueuedTrial {
    return new WaitingTrial(plant, this.plants);
  }

  private async runTrial(planned: PlannedTrial, texts: Texts, performer: StepPerformer | null): Promise<void> {
    const { options, recorder, desk, conditions, glance, trialDone } = this.means;
    const history = options.kept.history(planned.id);
    const place = { id: planned.id, task: planned.task.id };
    // Once nothing may be spent, a trial that has not begun would only record that it can't.
    if (history.length === 0 && conditions.stopped() !== null) return;
    const context = this.context(planned, trialPlan(options.header, planned), texts, (routing, question) => desk.ask(place, routing, question));
    const events = await runTrial({ ...context, conditions, policyWatch: this.means.policyWatch }, recorder, history, performer);
    await glance();
    const ended = foldTrial(events);
    if (ended.unlocked) trialDone(planned, ended);
  }

  private async runPlant(plant: Plant, texts: Texts, performer: StepPerformer | null): Promise<void> {
    const { recorder, conditions, plantDone } = this.means;
    if (conditions.stopped() !== null) return;
    const { events, bodies } = await (performer === null ? this.plantHere(plant, texts) : performer.plant());
    if (events.length > 0) await recorder.step(plant.id, plant.task.id, events, bodies);
    conditions.observe(events);
    await recorder.run(conditions.takeFresh());
    plantDone();
  }

  private plantHere(plant: Plant, texts: Texts): Promise<PerformedStep> {
    const { bench, signal, header } = this.means.options;
    const context = this.context(plant, plantedPlan(header, plant, PLANTED), texts, () => ({ events: [] }));
    return runPlant({ ...context, verdicts: new PlantVerdicts(bench, this.verdicts, signal) }, plant, header);
  }

  private texts(): Texts {
    const { kept, redactor, signal } = this.means.options;
    signal.throwIfAborted();
    return new Texts(
      (hash) => kept.texts.text(hash),
      (text) => redactor.scrub(text),
    );
  }

  private context({ task: { id } }: Place, plan: TrialPlan, texts: Texts, askNotebook: TrialContext["askNotebook"]): TrialContext {
    const task = this.means.task(id);
    const outline = this.means.outline(task);
    invariant(outline !== undefined, "a trial began before its base was prepared");
    return { ...this.means.options, plan, task, tree: brokenTree(task), outline, texts, verdicts: this.verdicts, askNotebook };
  }
}
