// The workers of a run: who is there, when each was last heard, and who was refused.
import type { Header } from "../../core/capsule/line.ts";
import { runNote } from "../../core/router/budget.ts";
import type { EventOf, TrialEvent } from "../../core/trial/event.ts";
import type { Clock } from "../../ports/clock.ts";
import { admissionFaults } from "./admission.ts";
import type { RunManifest, WorkerFacts } from "./messages.ts";
import { missingWorkerText, STEP_KINDS, type StepKind } from "./step-kinds.ts";

/** `missing`: what nobody does that the run waits for; it is no worker's. */
export type CrewEvent =
  | { readonly kind: "joined" | "refused" | "lost" | "handed-back"; readonly worker: string; readonly why: string }
  | { readonly kind: "missing"; readonly worker: null; readonly why: string };

interface CrewOptions {
  /** Of the queue, for whoever is told to start a worker. */
  readonly address: string;
  readonly header: Header;
  readonly clock: Clock;
  readonly tell: (event: CrewEvent) => void;
}

/** Those that it has. */
const factsOf = (facts: WorkerFacts): Record<string, string | number> =>
  Object.fromEntries(Object.entries(facts).filter((fact): fact is [string, string | number] => fact[1] !== undefined));

export class Crew {
  /** Writes events of the whole run; set before anybody joins. */
  record: (events: readonly TrialEvent[]) => Promise<void> = async () => undefined;
  private readonly options: CrewOptions;
  private readonly manifest: RunManifest;
  private readonly lastHeard = new Map<string, number>();
  private readonly recorded = new Map<string, string>();
  /** Those of another toolchain or sandbox than the run's. */
  private readonly others = new Set<string>();
  private readonly banned = new Map<string, string>();
  /** Those that do one kind of step only. */
  private readonly only = new Map<string, StepKind>();
  /** What was said to be missing, and still is. */
  private readonly missed = new Map<StepKind, string>();

  constructor(options: CrewOptions, manifest: RunManifest) {
    this.options = options;
    this.manifest = manifest;
  }

  /** Null where it may take part, else why not. Who it is gets into the capsule, once. */
  async join(worker: string, facts: WorkerFacts): Promise<string | null> {
    const before = this.banned.get(worker);
    if (before !== undefined) return before;
    const faults = admissionFaults(this.options.header, facts, this.manifest.mixed);
    if (admissionFaults(this.options.header, facts, false).length > 0) this.others.add(worker);
    else this.others.delete(worker);
    if (faults.length > 0) {
      const why = faults.join("; ");
      this.options.tell({ kind: "refused", worker, why });
      return why;
    }
    if (facts.steps === undefined) this.only.delete(worker);
    else this.only.set(worker, facts.steps);
    const isNew = !this.lastHeard.has(worker);
    this.lastHeard.set(worker, this.options.clock.now());
    const said = JSON.stringify(facts);
    if (this.recorded.get(worker) !== said) {
      const changed = this.recorded.has(worker) ? ["facts"] : [];
      this.recorded.set(worker, said);
      const event: EventOf<"ServerIdentity"> = { type: "ServerIdentity", provider: `worker/${worker}`, worker, facts: factsOf(facts), changed, error: null };
      await this.record([event]);
    }
    if (isNew) this.options.tell({ kind: "joined", worker, why: [`${facts.cores} cores`, facts.sandbox ?? "model calls only"].join(", ") });
    return null;
  }

  isIn(worker: string): boolean {
    return this.lastHeard.has(worker);
  }

  /** Is it there to do this kind of step? */
  does(worker: string, kind: StepKind): boolean {
    return this.isIn(worker) && (this.only.get(worker) ?? kind) === kind;
  }

  /** Told once of each kind of step that is waited for and that nobody does. */
  miss(waited: Readonly<Record<StepKind, boolean>>): void {
    for (const kind of STEP_KINDS) {
      const isMissing = waited[kind] && ![...this.lastHeard.keys()].some((worker) => this.does(worker, kind));
      const why = missingWorkerText(kind, this.options.address, this.lastHeard.size === 0);
      if (isMissing && this.missed.get(kind) !== why) this.options.tell({ kind: "missing", worker: null, why });
      if (isMissing) this.missed.set(kind, why);
      else this.missed.delete(kind);
    }
  }

  /** May what it found be held against what is found here? */
  isComparable(worker: string): boolean {
    return !this.others.has(worker);
  }

  isBanned(worker: string): boolean {
    return this.banned.has(worker);
  }

  heard(worker: string): void {
    if (this.lastHeard.has(worker)) this.lastHeard.set(worker, this.options.clock.now());
  }

  /** Those that were not heard of for longer than a lease. */
  silent(now: number): readonly string[] {
    return [...this.lastHeard].flatMap(([worker, at]) => (now - at > this.manifest.lease_ms ? [worker] : []));
  }

  /** As if all had just spoken: nobody listened. */
  allHeard(now: number): void {
    for (const worker of this.lastHeard.keys()) this.lastHeard.set(worker, now);
  }

  /** False where it was not there. */
  lose(worker: string, why: string): boolean {
    if (!this.lastHeard.delete(worker)) return false;
    this.options.tell({ kind: "lost", worker, why });
    return true;
  }

  async ban(worker: string, why: string): Promise<void> {
    this.banned.set(worker, why);
    await this.record([runNote("worker-refused", `worker ${worker} was refused: ${why}`.slice(0, 500).toWellFormed())]);
  }
}
