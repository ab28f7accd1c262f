// Model calls that a worker makes for trials which others hold: each once, however often it is asked for.
import { BakeoffError, messageOf } from "../../core/base/errors.ts";
import type { Redactor } from "../../core/capsule/redaction.ts";
import type { Clock } from "../../ports/clock.ts";
import type { ModelReply, NetworkProvider, SentRequest } from "../../ports/models.ts";
import { soundReply } from "../../trial/model-call.ts";
import type { CoordinatorSaying, WorkerMessage, WorkerSaying } from "../queue/messages.ts";

export interface CallMakerOptions {
  readonly worker: string;
  readonly providers: ReadonlyMap<string, NetworkProvider>;
  readonly redactor: Redactor;
  readonly clock: Clock;
  readonly slots: number;
  readonly modelSlot: <T>(work: () => Promise<T>) => Promise<T>;
  readonly send: (message: WorkerMessage) => Promise<void>;
  /** A call of a trial came back after so many milliseconds. */
  readonly told: (trial: string, provider: string, ms: number) => void;
  /** This worker can't make what it was given: it should not go on. */
  readonly broken: (error: unknown) => void;
}

/** So many replies are kept for whoever missed one: what the queue lost would be paid twice. */
const KEPT = 256;

export class CallMaker {
  private readonly options: CallMakerOptions;
  private readonly underWay = new Map<string, { readonly stop: AbortController; readonly ended: Promise<void> }>();
  private readonly made = new Map<string, WorkerMessage>();
  private draining = false;

  constructor(options: CallMakerOptions) {
    this.options = options;
  }

  /** At a time. */
  get slots(): number {
    return this.options.slots;
  }

  /** Under way. */
  get count(): number {
    return this.underWay.size;
  }

  take(said: CoordinatorSaying<"call">): void {
    const { trial, token } = said;
    const { worker } = this.options;
    const made = this.made.get(token);
    if (made !== undefined) this.say(made);
    else if (this.underWay.has(token)) return;
    else if (this.draining) this.say({ say: "dropped", worker, trial, token });
    else {
      const stop = new AbortController();
      this.underWay.set(token, { stop, ended: this.make(said, stop.signal) });
    }
  }

  /** Nobody waits for it any more. False where it is none of this worker's. */
  fenced(token: string): boolean {
    this.stop(token, "the call was given to somebody else");
    return this.made.delete(token) || this.underWay.has(token);
  }

  /** No further calls; resolves once those under way came back and were told. */
  async drain(): Promise<void> {
    this.draining = true;
    await Promise.all([...this.underWay.values()].map(({ ended }) => ended));
  }

  end(): void {
    this.draining = true;
    for (const token of this.underWay.keys()) this.stop(token, "the worker's part in the run is over");
  }

  private async make(said: CoordinatorSaying<"call">, signal: AbortSignal): Promise<void> {
    const { trial, token, index, call, provider } = said;
    const { worker, told, clock } = this.options;
    const begun = clock.now();
    try {
      const reply = (await this.reply(said, signal)) as WorkerSaying<"called">["reply"];
      told(trial, provider, clock.now() - begun);
      await this.keep({ say: "called", worker, trial, token, index, call, reply });
    } catch (error) {
      if (!signal.aborted) await this.fail(error, { trial, token });
    } finally {
      this.underWay.delete(token);
    }
  }

  /** The wait for a slot here is part of the call's queue. */
  private async reply({ provider: name, request }: CoordinatorSaying<"call">, signal: AbortSignal): Promise<ModelReply> {
    const { providers, redactor, clock, modelSlot } = this.options;
    const provider = providers.get(name);
    if (provider === undefined) throw new BakeoffError("invariant", `no provider ${name} was built`);
    const asked = clock.now();
    return modelSlot(async () => {
      signal.throwIfAborted();
      const waitedMs = clock.now() - asked;
      const reply = soundReply(await provider.call(request as SentRequest, signal), redactor);
      signal.throwIfAborted();
      return { ...reply, times: { ...reply.times, queueMs: reply.times.queueMs + waitedMs } };
    });
  }

  private keep(message: WorkerSaying<"called">): Promise<void> {
    this.made.set(message.token, message);
    const [oldest] = this.made.keys();
    if (this.made.size > KEPT && oldest !== undefined) this.made.delete(oldest);
    return this.options.send(message).catch(() => undefined);
  }

  private async fail(error: unknown, lease: { readonly trial: string; readonly token: string }): Promise<void> {
    const { code, hint } = error instanceof BakeoffError ? error : { code: "invariant", hint: "" };
    await this.options.send({ say: "failed", worker: this.options.worker, ...lease, code, message: messageOf(error), hint });
    this.options.broken(error);
  }

  private stop(token: string, why: string): void {
    this.underWay.get(token)?.stop.abort(new BakeoffError("interrupted", why));
  }

  private say(message: WorkerMessage): void {
    void this.options.send(message).catch(() => undefined);
  }
}
