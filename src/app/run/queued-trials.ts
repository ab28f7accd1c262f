// A run's trials and calibration trials as a queue takes them: each knows how it is carried out, and what is known of it so far.
import { PLANTED } from "../../core/capsule/plan/calibration-plan.ts";
import type { Plant } from "../../core/capsule/plan/plant-draw.ts";
import type { PlannedTrial } from "../../core/capsule/record.ts";
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
import type { KeptEvents } from "./kept-events.ts";

/** What the trials of one run share. */
export interface TrialMeans {
  readonly options: BakeoffOptions;
  readonly recorder: Recorder;
  readonly desk: NotebookDesk;
  readonly conditions: ConditionsDesk;
  readonly policyWatch: PolicyWatch;
  readonly histories: KeptEvents;
  readonly task: (id: string) => Task;
  /** Undefined until the task's base is prepared. */
  readonly outline: (task: Task) => string | undefined;
  /** Looks at the model servers, unless that was done lately. */
  readonly glance: () => Promise<void>;
  readonly trialDone: (trial: PlannedTrial, state: TrialState) => void;
  readonly plantDone: () => void;
}

type Place = Pick<PlannedTrial, "id" | "epoch"> & { readonly task: { readonly id: string } };

/** Does the work with the trial's texts. */
type TrialWork = (texts: Texts, performer: StepPerformer | null) => Promise<void>;

export class QueuedTrials {
  private readonly means: TrialMeans;
  private readonly verdicts = new VerdictMemo();

  constructor(means: TrialMeans) {
    this.means = means;
  }

  trial(planned: PlannedTrial): QueuedTrial {
    const { options, recorder, desk, conditions, histories, glance, trialDone } = this.means;
    const history = histories.of(planned.id);
    const place = { id: planned.id, task: planned.task.id };
    return this.queued("trial", planned, async (texts, performer) => {
      // Once nothing may be spent, a trial that has not begun would only record that it can't.
      if (history.length === 0 && conditions.stopped() !== null) return;
      const context = this.context(planned, trialPlan(options.header, planned), texts, (routing, question) => desk.ask(place, routing, question));
      const events = await runTrial({ ...context, conditions, policyWatch: this.means.policyWatch }, recorder, history, performer);
      await glance();
      const ended = foldTrial(events);
      if (ended.unlocked) trialDone(planned, ended);
    });
  }

  plant(plant: Plant): QueuedTrial {
    const { recorder, conditions, plantDone } = this.means;
    return this.queued("plant", plant, async (texts, performer) => {
      if (conditions.stopped() !== null) return;
      const { events, bodies } = await (performer === null ? this.plantHere(plant, texts) : performer.plant());
      if (events.length > 0) await recorder.step(plant.id, plant.task.id, events, bodies);
      conditions.observe(events);
      await recorder.run(conditions.takeFresh());
      plantDone();
    });
  }

  private plantHere(plant: Plant, texts: Texts): Promise<PerformedStep> {
    const { bench, signal, header } = this.means.options;
    const context = this.context(plant, plantedPlan(header, plant, PLANTED), texts, () => ({ events: [] }));
    return runPlant({ ...context, verdicts: new PlantVerdicts(bench, this.verdicts, signal) }, plant, header);
  }

  /** Its texts are there from its first step to its end: there are many trials, and few are under way. */
  private queued(kind: QueuedTrial["kind"], { id, task: { id: task }, epoch }: Place, work: TrialWork): QueuedTrial {
    const { options } = this.means;
    let texts: Texts | null = null;
    return {
      kind,
      id,
      task,
      epoch,
      base: this.means.task(task).base.digest,
      verdicts: this.verdicts,
      text: (hash) => (texts?.holds([hash]) ? texts.text(hash) : null),
      run: async (performer) => {
        options.signal.throwIfAborted();
        texts = this.texts();
        await work(texts, performer);
        texts = null;
      },
    };
  }

  private texts(): Texts {
    const { stored, redactor } = this.means.options;
    return new Texts(stored ? (hash) => stored.blob(hash) : undefined, (text) => redactor.scrub(text));
  }

  private context({ task: { id } }: Place, plan: TrialPlan, texts: Texts, askNotebook: TrialContext["askNotebook"]): TrialContext {
    const task = this.means.task(id);
    const outline = this.means.outline(task);
    invariant(outline !== undefined, "a trial began before its base was prepared");
    return { ...this.means.options, plan, task, tree: brokenTree(task), outline, texts, verdicts: this.verdicts, askNotebook };
  }
}
