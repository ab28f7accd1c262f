// The coordinator of a run on a queue: gives trials to workers under leases, takes their steps once, and owns what the run knows.
import { BakeoffError, invariant } from "../../core/base/errors.ts";
import type { TrialEvent } from "../../core/trial/event.ts";
import type { InboxEntry } from "../../ports/queue-wire.ts";
import type { QueuedTrial, TrialQueue } from "../../ports/trial-queue.ts";
import { Batch } from "./batch.ts";
import type { CoordinatorOptions } from "./coordinator-options.ts";
import { CallTraffic } from "./call-traffic.ts";
import { HandBacks } from "./hand-backs.ts";
import { type CoordinatorMessage, type WorkerMessage, workerMessage, type WorkerSaying } from "./messages.ts";
import { Crew } from "./crew.ts";
import { Jobs } from "./jobs.ts";
import { patrol } from "./patrol.ts";
import type { WorkerStep } from "./rechecks.ts";
import { Schedule } from "./schedule.ts";
import { type Lease, Seat, type SeatHooks } from "./seat.ts";

/** What stays in the inbox until its step is journalled. */
const KEPT: ReadonlySet<WorkerMessage["say"]> = new Set<WorkerMessage["say"]>(["step", "called"]);

/** What is sent or removed on the way is not waited for: a thousand workers speak meanwhile. It goes out in order, and what can't go out ends the run. */
type Said<S extends WorkerMessage["say"]> = (message: WorkerSaying<S>, entry: string) => Promise<void> | void;

export class Coordinator implements TrialQueue {
  readonly elsewhere = true;
  private readonly options: CoordinatorOptions;
  private readonly crew: Crew;
  private readonly schedule = new Schedule<QueuedTrial>();
  /** Of trials that are or were under way: of the others, there are many. */
  private readonly seats = new Map<string, Seat>();
  private readonly jobs = new Map<string, Seat>();
  private readonly openJobs: Jobs;
  private readonly calls: CallTraffic;
  private batch = new Batch(0);
  private readonly handBacks = new HandBacks();
  private readonly stop = new AbortController();
  private readonly signal: AbortSignal;
  private readonly doneJobs = new Set<string>();
  private readonly done: string[] = [];
  private leasesGiven = 0;
  private readonly newToken = (): string => `${this.options.incarnation}.${++this.leasesGiven}`;
  private loops: readonly Promise<void>[] = [];

  constructor(options: CoordinatorOptions) {
    this.options = options;
    this.signal = AbortSignal.any([options.signal, this.stop.signal]);
    this.crew = new Crew(options, options.manifest);
    this.openJobs = new Jobs(options.wire);
    const send = (worker: string, message: CoordinatorMessage): void => this.send(worker, message);
    this.calls = new CallTraffic(options, { newToken: this.newToken, send, mind: (doing) => this.mind(doing) });
  }

  async open(record: (events: readonly TrialEvent[]) => Promise<void>): Promise<void> {
    const { wire, manifest, texts, goesOn, leftOvers } = this.options;
    this.crew.record = record;
    if (this.options.rechecks !== null) this.options.rechecks.record = record;
    if (goesOn) leftOvers.expect(await wire.leases());
    await wire.announce(JSON.stringify(manifest), texts);
    await wire.attend(manifest.lease_ms * 3);
    await wire.broadcast({ say: "hello" } satisfies CoordinatorMessage);
  }

  carryOut(trials: Iterable<QueuedTrial>): Promise<void> {
    invariant(this.batch.left === 0, "trials are carried out while others are");
    const names: string[] = [];
    for (const trial of trials) {
      this.schedule.add(trial);
      names.push(trial.id);
      this.options.rechecks?.expect();
      // What a worker of an earlier coordinator says of it must find its place.
      if (this.options.leftOvers.isExpected(trial.id)) this.seatOf(trial);
    }
    this.batch = new Batch(names.length);
    if (names.length > 0) this.mind(this.publish(names));
    return this.batch.ended;
  }

  async close(how: "finished" | "stopped"): Promise<void> {
    this.stop.abort(new BakeoffError("interrupted", "the run has ended"));
    await Promise.allSettled(this.loops);
    await this.options.wire.broadcast({ say: "end" } satisfies CoordinatorMessage);
    await this.options.wire.close(how);
  }

  private async publish(names: readonly string[]): Promise<void> {
    await this.openJobs.add(names);
    if (this.loops.length === 0) this.loops = [this.listen(), this.watch()].map((loop) => loop.catch((error: unknown) => this.fail(error)));
  }

  private async listen(): Promise<void> {
    for await (const entries of this.options.wire.inbox(this.signal)) {
      for (const entry of entries) await this.take(entry);
      this.forget(this.done.splice(0));
    }
  }

  /** Looks for workers that are no longer heard, for kinds of workers that are missing, and for jobs that were lost. */
  private watch(): Promise<void> {
    const { clock, wait, wire, manifest } = this.options;
    return patrol({ clock, wait, everyMs: manifest.lease_ms / 4, signal: this.signal }, async (now, stoodStill) => {
      if (stoodStill) this.crew.allHeard(now);
      else for (const worker of this.crew.silent(now)) this.lose(worker, "was not heard of for longer than its lease");
      this.lookForMissing();
      await wire.attend(manifest.lease_ms * 3);
      await this.replaceLostJobs();
    });
  }

  private async replaceLostJobs(): Promise<void> {
    const { left } = this.batch;
    const lost = left - (this.schedule.waiting === 0 ? left : await this.options.wire.jobsLeft());
    if (lost <= 0) return;
    await this.openJobs.replace(lost);
    await this.options.wire.announce(JSON.stringify(this.options.manifest), this.options.texts);
  }

  private fail(error: unknown): void {
    if (this.stop.signal.aborted) return;
    this.batch.fail(this.options.signal.aborted ? this.options.signal.reason : error);
  }

  private async take({ id, message }: InboxEntry): Promise<void> {
    const read = workerMessage.safeParse(message);
    if (!read.success) {
      this.done.push(id);
      const worker = (message as { worker?: unknown } | null)?.worker;
      return this.ban(typeof worker === "string" ? worker : null, `it sent what can't be read: ${read.error.issues[0]?.path.join(".") ?? ""}`);
    }
    const said = read.data;
    if (this.crew.isBanned(said.worker) && said.say !== "join") return void this.done.push(id);
    this.crew.heard(said.worker);
    await (this.says[said.say] as Said<typeof said.say>)(said as never, id);
    if (!KEPT.has(said.say)) this.done.push(id);
  }

  private readonly says: { readonly [S in WorkerMessage["say"]]: Said<S> } = {
    join: async ({ worker, facts, calls }) => {
      const refusal = await this.crew.join(worker, facts);
      this.send(worker, refusal === null ? { say: "welcome" } : { say: "refused", why: refusal });
      if (refusal === null && calls > 0) this.calls.desk.join(worker, calls);
      this.lookForMissing();
    },
    // Who was lost and is heard again joins again.
    beat: ({ worker }) => (this.crew.isIn(worker) ? undefined : this.send(worker, { say: "hello" })),
    leave: ({ worker }) => this.lose(worker, "left"),
    claim: ({ worker, job }) => this.claim(worker, job),
    dropped: ({ trial, token }) => {
      const seat = this.held(trial, token);
      if (seat !== null) this.revoke(seat);
      this.calls.desk.refuse(trial, token);
    },
    ask: (message) => {
      const fault = this.calls.ask(message, this.held(message.trial, message.token));
      if (fault !== null) return this.ban(message.worker, fault);
      if (this.calls.desk.isStuck) this.lookForMissing();
    },
    called: (message, entry) => void (this.calls.called(message, entry, this.seats.get(message.trial)) || this.done.push(entry)),
    step: (message, entry) => this.step(message, entry),
    verdict: ({ worker, trial, token, key }) => {
      const seat = this.held(trial, token);
      if (seat === null) return this.send(worker, { say: "fenced", trial, token });
      if (!key.startsWith(`${seat.trial.task}/${seat.trial.epoch}/`)) return this.ban(worker, "it asked for a verdict of another task");
      this.mind(seat.verdict(key, (found) => this.send(worker, { say: "verdict", trial, token, key, found })));
    },
    failed: (said) => {
      const { worker, trial, token, message } = said;
      const seat = this.held(trial, token);
      if (!this.calls.desk.refuse(trial, token) && seat === null) return;
      this.options.tell({ kind: "handed-back", worker, why: `${trial}: ${message}` });
      const ending = this.handBacks.count(said);
      if (ending !== null) this.fail(ending);
      if (seat !== null) this.revoke(seat);
    },
  };

  private claim(worker: string, job: string): void {
    if (!this.crew.does(worker, "verify")) return this.send(worker, { say: "hello" });
    // It asked again before it heard that it is done.
    if (this.doneJobs.has(job)) return this.send(worker, { say: "over", job, outcome: "done" });
    const known = this.jobs.get(job);
    if (known?.lease?.job === job) return known.lease.worker === worker ? this.ask(known, true) : this.send(worker, { say: "over", job, outcome: "return" });
    const trial = this.schedule.take(worker);
    if (trial === null) return this.send(worker, { say: "over", job, outcome: this.batch.left === 0 ? "done" : "return" });
    const seat = this.seatOf(trial);
    seat.lease = { worker, token: this.newToken(), job };
    this.jobs.set(job, seat);
    this.mind(this.give(seat, seat.lease));
  }

  /** Once the lease is kept, what is asked for is asked of its holder, unless that was lost meanwhile. */
  private async give(seat: Seat, lease: Lease): Promise<void> {
    await this.options.wire.keepLease(seat.trial.id, lease.token);
    if (seat.lease !== lease) return;
    if (seat.begun) return this.ask(seat);
    seat.begun = true;
    await seat.trial.run(seat);
    this.finish(seat);
  }

  private async step({ worker, trial, token, index, events, bodies }: WorkerSaying<"step">, entry: string): Promise<void> {
    const seat = this.held(trial, token);
    if (seat === null) {
      if (this.options.leftOvers.offer({ trial, token, index, worker, taken: { entry, step: { events, bodies } } })) return;
      this.done.push(entry);
      return this.send(worker, { say: "fenced", trial, token });
    }
    const taken = seat.take(entry, index, { events, bodies });
    if (taken === null) return this.recheck({ trial: seat.trial, worker, step: { events, bodies } });
    this.done.push(entry);
    if (taken === "late") return this.ask(seat, true);
    await this.ban(worker, `a step of ${trial} can't be what it was asked for: ${taken.fault}`);
  }

  /** Whoever is there may wait for somebody who is not. */
  private lookForMissing(): void {
    this.crew.miss({ model: this.calls.desk.isStuck, verify: this.schedule.waiting > 0 });
  }

  private recheck(step: WorkerStep): void {
    if (this.crew.isComparable(step.worker)) this.options.rechecks?.consider(step, (worker, why) => this.mind(this.ban(worker, why)));
  }

  private held(trial: string, token: string): Seat | null {
    const seat = this.seats.get(trial);
    return seat?.lease?.token === token ? seat : null;
  }

  private readonly hooks: SeatHooks = {
    ask: (seat) => this.ask(seat),
    journalled: (entries) => this.forget(entries),
    leftOver: (seat, history) => this.options.leftOvers.take(seat.trial, history),
  };

  /** `again`: the holder may have missed what it was told before. */
  private ask(seat: Seat, again = false): void {
    const request = seat.request(again);
    if (seat.lease === null || request === null) return;
    const { worker, token, job } = seat.lease;
    this.send(worker, { say: "perform", job, trial: seat.trial.id, token, ...request });
  }

  private finish(seat: Seat): void {
    const { trial, lease } = seat;
    seat.settle();
    this.seats.delete(trial.id);
    if (lease === null) this.schedule.withdraw(trial);
    else this.release(trial, lease);
    this.calls.over(seat, !this.schedule.hasLike(trial));
    this.batch.carriedOut(this.options.rechecks?.settled(trial.id) ?? Promise.resolve());
    if (lease !== null) this.send(lease.worker, { say: "over", job: lease.job, outcome: "done" });
  }

  private seatOf(trial: QueuedTrial): Seat {
    const seat = this.seats.get(trial.id) ?? new Seat(trial, this.hooks);
    this.seats.set(trial.id, seat);
    return seat;
  }

  private release(trial: QueuedTrial, { job }: Lease): void {
    this.schedule.release(trial);
    this.jobs.delete(job);
    this.doneJobs.add(job);
  }

  /** Free for somebody else, from its last whole step. */
  private revoke(seat: Seat): void {
    if (seat.lease === null) return;
    this.jobs.delete(seat.lease.job);
    seat.revoke();
    this.schedule.release(seat.trial);
    this.schedule.add(seat.trial);
  }

  private lose(worker: string, why: string): void {
    this.calls.desk.lose(worker);
    if (!this.crew.lose(worker, why)) return;
    this.schedule.lose(worker);
    for (const seat of this.jobs.values()) if (seat.lease?.worker === worker) this.revoke(seat);
  }

  private async ban(worker: string | null, why: string): Promise<void> {
    if (worker === null || !this.crew.isIn(worker)) return;
    this.lose(worker, why);
    await this.crew.ban(worker, why);
    this.send(worker, { say: "refused", why });
  }

  private send(worker: string, message: CoordinatorMessage): void {
    this.mind(this.options.wire.send(worker, message));
  }

  private forget(entries: readonly string[]): void {
    if (entries.length > 0) this.mind(this.options.wire.forget(entries));
  }

  private mind(doing: Promise<void>): void {
    doing.catch((error: unknown) => this.fail(error));
  }
}
