// A worker's part in one run: what it was planned by is fetched and checked, then trials are performed until the run ends or the worker is to stop.
import { sha256 } from "../../core/base/canonical.ts";
import { BakeoffError, invariant } from "../../core/base/errors.ts";
import { PLANTED } from "../../core/capsule/plan/calibration-plan.ts";
import { type Header, header as headerSchema } from "../../core/capsule/line.ts";
import { type Plant, plantsFor } from "../../core/capsule/plan/plant-draw.ts";
import { type PlannedTrial, plannedTrials } from "../../core/capsule/record.ts";
import { type PolicySnapshot, readSnapshot } from "../../core/policy/snapshot.ts";
import { brokenTree, type Suite, type Task } from "../../core/suite/suite.ts";
import { pricingOf } from "../../core/trial/call-cost.ts";
import { EMBEDDED_PROVIDER } from "../../core/trial/command.ts";
import { plantedPlan, trialPlan } from "../../core/trial/plan.ts";
import { repositoryOutline } from "../../core/trial/prompt/outline.ts";
import type { WorkerRunWire } from "../../ports/queue-wire.ts";
import type { PerformedStep } from "../../ports/trial-queue.ts";
import type { Serving } from "../../ports/serving.ts";
import type { Workbench } from "../../ports/workbench.ts";
import { runPlant } from "../../trial/calibration.ts";
import type { CallContext } from "../../trial/model-call.ts";
import { performStep, type TrialContext } from "../../trial/perform.ts";
import { PlantVerdicts } from "../../trial/plant-verdicts.ts";
import { readSuite } from "../queue/suite-text.ts";
import { type RunManifest, runManifest } from "../queue/messages.ts";
import type { AssignedStep } from "./held-job.ts";
import { askedElsewhere, madeHere, rememberingProviders } from "./remembering-providers.ts";
import type { WorkerPorts } from "./ports.ts";

/** What a run is carried out by. */
export interface RunPlan {
  readonly manifest: RunManifest;
  readonly header: Header;
  readonly snapshot: PolicySnapshot;
  readonly suite: Suite;
}

/** Null where the run has ended meanwhile. Throws `integrity` where a text is not of its hash. */
export async function fetchPlan(wire: WorkerRunWire): Promise<RunPlan | null> {
  const text = await wire.manifest();
  if (text === null) return null;
  const manifest = runManifest.parse(JSON.parse(text));
  const get = async (hash: string, what: string): Promise<string> => {
    const found = await wire.text(hash);
    if (found === null || sha256(found) !== hash) throw new BakeoffError("integrity", `the queue does not hold the ${what} of run ${manifest.run}`, "");
    return found;
  };
  const header = headerSchema.parse(JSON.parse(await get(manifest.header, "header")));
  const snapshot = readSnapshot(await get(manifest.snapshot, "policy"), `the policy of run ${manifest.run}`);
  if (snapshot.hash !== header.policy.hash) throw new BakeoffError("integrity", `the policy of run ${manifest.run} is not the one of its header`, "");
  return { manifest, header, snapshot, suite: readSuite(await get(manifest.suite, "suite"), header) };
}

/** Providers that the run calls and that this worker has no key for. */
export function unreachableProviders({ header, snapshot }: RunPlan, serving: Serving): readonly string[] {
  const bound = Object.values(header.bindings).filter(
    ({ provider, standIn }) => standIn === null && provider !== EMBEDDED_PROVIDER && provider !== "notebooklm",
  );
  return [...new Set(bound.filter(({ model }) => Object.hasOwn(snapshot.policy.models, model) && !serving.reachable(model)).map(({ provider }) => provider))];
}

export class RunPerformer {
  private readonly plan: RunPlan;
  private readonly bench: Workbench;
  private readonly calls: Omit<CallContext, "signal">;
  private readonly ports: WorkerPorts;
  private readonly tasks: ReadonlyMap<string, Task>;
  private readonly trials: ReadonlyMap<string, PlannedTrial>;
  private readonly plants: ReadonlyMap<string, Plant>;
  private readonly prepared = new Map<string, Promise<string>>();
  private readonly makesCalls: boolean;
  private readonly told: (base: string, ms: number) => void;

  constructor(plan: RunPlan, { bench, serving, ports, told, modelSlot, makesCalls }: PerformerMeans) {
    const { header, snapshot, suite } = plan;
    this.plan = plan;
    this.bench = bench;
    this.ports = ports;
    this.told = told;
    this.makesCalls = makesCalls;
    this.tasks = new Map(suite.tasks.map((task) => [task.id, task]));
    this.trials = new Map(plannedTrials(header).map((trial) => [trial.id, trial]));
    this.plants = new Map(plantsFor(header, snapshot.policy.gates).map((plant) => [plant.id, plant]));
    this.calls = {
      providers: serving.providers(bench),
      prices: pricingOf(snapshot),
      retries: snapshot.policy.retries,
      capture: snapshot.policy.capture.mode,
      redactor: serving.redactor,
      clock: ports.clock,
      wait: ports.wait,
      // What another worker makes has its slot there.
      modelSlot: makesCalls ? modelSlot : (work) => work(),
    };
  }

  async perform(step: AssignedStep, running: AbortSignal): Promise<PerformedStep> {
    const signal = AbortSignal.any([step.signal, running]);
    const { command, history } = step;
    if (command !== null) {
      const planned = this.trials.get(step.trial);
      invariant(planned, `the run has no trial ${step.trial}`);
      return performStep(await this.context(step, planned.task.id, trialPlan(this.plan.header, planned), signal), command, history);
    }
    const plant = this.plants.get(step.trial);
    invariant(plant, `the run has no calibration trial ${step.trial}`);
    const context = await this.context(step, plant.task.id, plantedPlan(this.plan.header, plant, PLANTED), signal);
    return runPlant({ ...context, verdicts: new PlantVerdicts(this.bench, step.verdicts, signal) }, plant, this.plan.header);
  }

  private async context(step: AssignedStep, id: string, plan: TrialContext["plan"], signal: AbortSignal): Promise<TrialContext> {
    const task = this.tasks.get(id);
    invariant(task, `the suite has no task ${id}`);
    const outline = await this.outline(task, signal);
    const { texts, verdicts } = step;
    const make = this.makesCalls ? madeHere(this.calls.redactor, step) : askedElsewhere(this.ports.clock, step);
    const providers = rememberingProviders(this.calls.providers, step, make);
    const { snapshot } = this.plan;
    return {
      ...this.calls,
      providers,
      signal,
      snapshot,
      plan,
      task,
      tree: brokenTree(task),
      outline,
      bench: this.bench,
      diffTool: this.ports.diffTool(signal),
      texts,
      verdicts,
      askNotebook,
    };
  }

  /** Its base is prepared first, once. */
  private outline({ base }: Task, signal: AbortSignal): Promise<string> {
    const known = this.prepared.get(base.digest);
    if (known !== undefined) return known;
    const prepare = async (): Promise<string> => {
      const { preparedMs } = await this.bench.prepare(base, signal);
      if (this.plan.header.bindings.sidecarCritic.provider === EMBEDDED_PROVIDER) await this.bench.prepareLint(base, signal);
      this.told(base.name, preparedMs);
      return repositoryOutline(base, this.plan.suite.tasks, this.plan.snapshot.policy.prompt.map_tokens);
    };
    const now = prepare();
    this.prepared.set(base.digest, now);
    now.catch(() => this.prepared.delete(base.digest));
    return now;
  }
}

export interface PerformerMeans {
  readonly bench: Workbench;
  readonly serving: Serving;
  readonly ports: WorkerPorts;
  /** Bounds how many model calls are under way at once. */
  readonly modelSlot: CallContext["modelSlot"];
  /** Else it asks other workers for them. */
  readonly makesCalls: boolean;
  /** A base is prepared. */
  readonly told: (base: string, ms: number) => void;
}

/** No step that is performed here asks it. */
function askNotebook(): never {
  throw new BakeoffError("invariant", "the coordinator asks the notebook");
}
