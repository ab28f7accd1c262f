// A worker: takes trials of the runs that are open on a queue, one run at a time, until it is told to stop.
import { BakeoffError, invariant, messageOf } from "../../core/base/errors.ts";
import type { Redactor } from "../../core/capsule/redaction.ts";
import { coordinatorMessage, type CoordinatorMessage, type CoordinatorSaying, type WorkerFacts, type WorkerMessage } from "../queue/messages.ts";
import { workerFactsOf } from "../queue/admission.ts";
import type { StepKind } from "../queue/step-kinds.ts";
import type { WorkerRunWire } from "../../ports/queue-wire.ts";
import type { PerformedStep } from "../../ports/trial-queue.ts";
import type { Serving } from "../../ports/serving.ts";
import { type AssignedStep, HeldJob } from "./held-job.ts";
import { CallMaker } from "./call-maker.ts";
import type { WorkerPorts } from "./ports.ts";
import { fetchPlan, RunPerformer, type RunPlan, unreachableProviders } from "./worker-run.ts";

export interface WorkerRequest {
  readonly name: string;
  /** Cargo jobs and model calls at a time; null: as the run says. */
  readonly concurrency: number | null;
  /** What of a step it does. */
  readonly steps: ReadonlySet<StepKind>;
}

/** What a worker says of what it does; each line stands for itself. */
export type WorkerLog = (event: string, facts?: Readonly<Record<string, string | number>>) => void;

const IDLE_MS = 500;

/** Ends when the signal aborts: the steps at hand are finished before. Throws what makes this worker unfit to go on. */
export async function runWorker(ports: WorkerPorts, request: WorkerRequest, log: WorkerLog, signal: AbortSignal): Promise<void> {
  const speedMs = await ports.measureSpeed();
  const refused = new Set<string>();
  log("ready", { worker: request.name, steps: [...request.steps].join(","), version: ports.version, cores: ports.cores, calibration_ms: Math.round(speedMs) });
  while (!signal.aborted) {
    const run = (await ports.wire.openRuns()).find((id) => !refused.has(id));
    if (run === undefined) await ports.wait(IDLE_MS, signal).catch(() => undefined);
    else if ((await new RunService({ ports, request, log, speedMs, run }, signal).serve()) !== "ended") refused.add(run);
  }
  log("stopped", { worker: request.name });
}

interface Service {
  readonly ports: WorkerPorts;
  readonly request: WorkerRequest;
  readonly log: WorkerLog;
  readonly speedMs: number;
  readonly run: string;
}

/** What a worker works with in one run. */
interface Hands {
  /** Null where it verifies nothing, and takes no trials. */
  readonly performer: RunPerformer | null;
  readonly redactor: Redactor;
  /** So many trials are held at a time. */
  readonly jobs: number;
}

function performWith(performer: RunPerformer | null, step: AssignedStep, signal: AbortSignal): Promise<PerformedStep> {
  invariant(performer, "a worker that makes model calls only was given a trial");
  return performer.perform(step, signal);
}

class RunService {
  private readonly service: Service;
  private readonly outer: AbortSignal;
  private readonly wire: WorkerRunWire;
  private readonly jobs = new Map<string, HeldJob>();
  private readonly byTrial = new Map<string, HeldJob>();
  /** Null where it makes no calls for others. */
  private calls: CallMaker | null = null;
  /** Why this worker's part in the run is over. */
  private readonly over = new AbortController();
  private facts: WorkerFacts | null = null;
  private refusal: string | null = null;
  private failure: unknown = null;
  private isWelcome = false;

  constructor(service: Service, outer: AbortSignal) {
    this.service = service;
    this.outer = outer;
    this.wire = service.ports.wire.run(service.run, service.request.name);
  }

  /** `unfit`: the run can't be carried out here, and is left to others. Throws what makes this worker unfit for any. */
  async serve(): Promise<"refused" | "unfit" | "ended"> {
    const { log, ports, request, run } = this.service;
    const plan = await this.fetched();
    if (plan === null) return "unfit";
    if (plan === "ended") return "ended";
    const serving = ports.serving(plan.snapshot);
    const missing = request.steps.has("model") ? unreachableProviders(plan, serving) : [];
    if (missing.length > 0) return this.leaveAlone(`this worker has no key for ${missing.join(", ")}`);
    await this.takePart(plan, serving);
    if (this.failure !== null) throw this.failure;
    if (this.refusal === null) return "ended";
    log("refused", { run, why: this.refusal });
    return "refused";
  }

  /** With a toolchain and a sandbox only where it verifies, with servers only where it makes calls. */
  private async takePart(plan: RunPlan, serving: Serving): Promise<void> {
    const { log, ports, request, run, speedMs } = this.service;
    const hard = new AbortController();
    const slots = this.slotsFor(plan);
    const modelSlot = ports.slots(slots.model);
    const makesCalls = request.steps.has("model");
    const open = request.steps.has("verify") ? await ports.openBench(slots.cargo, hard.signal) : null;
    try {
      const machine = { version: ports.version, cores: ports.cores, calibrationMs: speedMs, steps: request.steps };
      this.facts = workerFactsOf(machine, open?.bench ?? null);
      if (makesCalls) this.calls = this.callMaker(serving, modelSlot, slots.model);
      const told = (base: string, ms: number): void => log("prepared", { run, base, ms: Math.round(ms) });
      const performer = open && new RunPerformer(plan, { bench: open.bench, serving, ports, told, modelSlot, makesCalls });
      await this.work(plan, { performer, redactor: serving.redactor, jobs: open === null ? 0 : slots.cargo + slots.model });
    } finally {
      hard.abort(new BakeoffError("interrupted", "the worker's part in the run is over"));
      await open?.close();
    }
  }

  private async fetched(): Promise<RunPlan | "ended" | null> {
    try {
      return (await fetchPlan(this.wire)) ?? "ended";
    } catch (error) {
      this.leaveAlone(messageOf(error));
      return null;
    }
  }

  private leaveAlone(why: string): "unfit" {
    this.service.log("unfit", { run: this.service.run, why });
    return "unfit";
  }

  private slotsFor({ header: { concurrency } }: RunPlan): { readonly cargo: number; readonly model: number } {
    const { ports, request } = this.service;
    return { cargo: Math.min(request.concurrency ?? concurrency.cargo, ports.cores), model: request.concurrency ?? concurrency.model };
  }

  private callMaker(serving: Serving, modelSlot: <T>(work: () => Promise<T>) => Promise<T>, slots: number): CallMaker {
    const { ports, request, log, run } = this.service;
    return new CallMaker({
      worker: request.name,
      providers: serving.networkProviders(),
      redactor: serving.redactor,
      clock: ports.clock,
      modelSlot,
      slots,
      send: (message) => this.send(message),
      told: (trial, provider, ms) => log("call", { run, trial, provider, ms: Math.round(ms) }),
      broken: (error) => this.end(error),
    });
  }

  private async work(plan: RunPlan, { performer, redactor, jobs: slots }: Hands): Promise<void> {
    const { service, wire, over } = this;
    const { run, log, request } = service;
    const drain = () => this.drain();
    this.outer.addEventListener("abort", drain, { once: true });
    const leaseMs = plan.manifest.lease_ms;
    const beating = this.beat(leaseMs);
    const job = async (id: string) => {
      if (this.isOver) return "return" as const;
      const held = new HeldJob(id, {
        worker: request.name,
        scrub: (text) => redactor.scrub(text),
        perform: (step) => this.timed(step.trial, () => performWith(performer, step, over.signal)),
        send: (message) => this.send(message),
        broken: (error) => this.end(error),
        now: () => service.ports.clock.now(),
      });
      this.jobs.set(id, held);
      await held.claim();
      const outcome = await held.outcome;
      this.jobs.delete(id);
      for (const [trial, its] of this.byTrial) if (its === held) this.byTrial.delete(trial);
      return outcome;
    };
    log("joined", { run, slots, calls: this.calls?.slots ?? 0 });
    await this.join();
    const parting = AbortSignal.any([over.signal, this.outer]);
    const rest = () => service.ports.wait(IDLE_MS / 2, parting).catch(() => undefined);
    await wire.serve({ slots, leaseMs, job, rest, message: (message) => this.take(message) }, parting);
    await this.calls?.drain();
    // Who was sent away, or whose run has ended, is missed by nobody.
    if (!over.signal.aborted) await this.send({ say: "leave", worker: request.name }).catch(() => undefined);
    over.abort(new BakeoffError("interrupted", "the worker leaves"));
    await beating;
    await wire.leave().catch(() => undefined);
    this.outer.removeEventListener("abort", drain);
    log("left", { run });
  }

  private async timed<T>(trial: string, perform: () => Promise<T>): Promise<T> {
    const { ports, log, run } = this.service;
    const begun = ports.clock.now();
    const told = (event: string): void => log(event, { run, trial, ms: Math.round(ports.clock.now() - begun) });
    try {
      const performed = await perform();
      told("step");
      return performed;
    } catch (error) {
      told("step-failed");
      throw error;
    }
  }

  private get isOver(): boolean {
    return this.over.signal.aborted || this.outer.aborted;
  }

  private drain(): void {
    this.service.log("draining", { run: this.service.run, steps: this.jobs.size + (this.calls?.count ?? 0) });
    for (const held of this.jobs.values()) held.drain();
    void this.calls?.drain();
  }

  private end(failure: unknown = null): void {
    this.failure ??= failure;
    if (failure !== null) void this.send({ say: "leave", worker: this.service.request.name }).catch(() => undefined);
    this.over.abort(failure ?? new BakeoffError("interrupted", "the run has ended"));
    for (const held of this.jobs.values()) held.drop("return");
    this.calls?.end();
  }

  /** Says that it is there, and asks again for what it was not answered. */
  private async beat(leaseMs: number): Promise<void> {
    const { ports, request } = this.service;
    while (!this.over.signal.aborted) {
      await ports.wait(leaseMs / 4, this.over.signal).catch(() => undefined);
      if (this.over.signal.aborted) return;
      try {
        if (this.isWelcome) await this.send({ say: "beat", worker: request.name, holds: this.jobs.size + (this.calls?.count ?? 0) });
        else await this.join();
        for (const held of this.jobs.values()) await held.remind(leaseMs / 2);
      } catch (error) {
        this.service.log("unheard", { run: this.service.run, why: messageOf(error) });
      }
    }
  }

  private async join(): Promise<void> {
    if (this.facts !== null) await this.send({ say: "join", worker: this.service.request.name, facts: this.facts, calls: this.calls?.slots ?? 0 });
  }

  private send(message: WorkerMessage): Promise<void> {
    return this.wire.send(message);
  }

  private take(message: unknown): void {
    const read = coordinatorMessage.safeParse(message);
    if (!read.success) return this.service.log("unreadable", { run: this.service.run, why: read.error.issues[0]?.message ?? "" });
    (this.hears[read.data.say] as (said: CoordinatorMessage) => void)(read.data);
  }

  private readonly hears: { readonly [S in CoordinatorMessage["say"]]: (said: CoordinatorSaying<S>) => void } = {
    welcome: () => {
      this.isWelcome = true;
      for (const held of this.jobs.values()) void held.claim().catch(() => undefined);
    },
    refused: ({ why }) => {
      this.refusal = why;
      this.end();
    },
    hello: () => {
      this.isWelcome = false;
      void this.join().catch(() => undefined);
    },
    perform: (said) => {
      const held = this.jobs.get(said.job);
      if (held === undefined)
        return void this.send({ say: "dropped", worker: this.service.request.name, trial: said.trial, token: said.token }).catch(() => undefined);
      this.byTrial.set(said.trial, held);
      void held.perform(said).catch((error: unknown) => this.service.log("unheard", { run: this.service.run, why: messageOf(error) }));
    },
    verdict: (said) => this.byTrial.get(said.trial)?.verdict(said),
    call: (said) => this.calls?.take(said),
    answered: (said) => this.byTrial.get(said.trial)?.answered(said),
    fenced: (said) => {
      if (this.calls?.fenced(said.token)) return;
      this.service.log("fenced", { run: this.service.run, trial: said.trial });
      this.byTrial.get(said.trial)?.fenced(said);
    },
    over: ({ job, outcome }) => this.jobs.get(job)?.drop(outcome),
    end: () => this.end(),
  };
}
