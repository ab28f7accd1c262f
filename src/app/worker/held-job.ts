// One job in a worker's hands: the trial that the coordinator gave for it, performed step by step as it is told.
import { BakeoffError, messageOf } from "../../core/base/errors.ts";
import { sha256 } from "../../core/base/canonical.ts";
import type { ModelCallCommand } from "../../core/trial/command.ts";
import type { ModelReply, SentRequest } from "../../ports/models.ts";
import type { JobOutcome } from "../../ports/queue-wire.ts";
import type { FoundVerdict, MemoVerdict, PerformedStep } from "../../ports/trial-queue.ts";
import { Texts } from "../../trial/texts.ts";
import { type PatchedTree, treeKey, type Verdicts } from "../../trial/verdict-memo.ts";
import type { CoordinatorSaying, WorkerMessage, WorkerSaying } from "../queue/messages.ts";

/** A call of a step that another worker makes; so many of the step came before. */
interface AskedElsewhere {
  readonly call: number;
  readonly provider: string;
  readonly request: SentRequest;
}

/** What is to be performed, and with what. */
export interface AssignedStep {
  readonly trial: string;
  /** Null: all of a calibration trial. */
  readonly command: ModelCallCommand | null;
  readonly history: CoordinatorSaying<"perform">["history"];
  readonly texts: Texts;
  readonly verdicts: Verdicts;
  /** Replies to the step's first calls, where an earlier holder made them. */
  readonly calls: readonly ModelReply[];
  /** To be told of each further call that came back, and waited for: it is not lost then, whatever becomes of the step. */
  readonly called: (call: number, reply: ModelReply) => Promise<void>;
  /** Has another worker make a call of the step; rejects where the signal aborts. */
  readonly ask: (call: AskedElsewhere, signal: AbortSignal) => Promise<ModelReply>;
  readonly signal: AbortSignal;
}

export interface HeldJobHooks {
  readonly worker: string;
  readonly scrub: (text: string) => string;
  readonly perform: (step: AssignedStep) => Promise<PerformedStep>;
  readonly send: (message: WorkerMessage) => Promise<void>;
  /** This worker can't do what it was given: it should not go on. */
  readonly broken: (error: unknown) => void;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
}

export class HeldJob implements Verdicts {
  readonly outcome: Promise<JobOutcome>;
  private readonly hooks: HeldJobHooks;
  private readonly job: string;
  private settle: (outcome: JobOutcome) => void = () => undefined;
  private assigned: { readonly trial: string; readonly token: string; readonly stop: AbortController; readonly texts: Texts } | null = null;
  private readonly received = new Map<string, string>();
  /** Of the trial, as far as it was told. */
  private history: AssignedStep["history"] = [];
  /** The step that is performed, by the number of events before it, and what it came to. */
  private index = -1;
  private answer: WorkerMessage | null = null;
  private spokeAt: number;
  private readonly waiting = new Map<string, (found: MemoVerdict | null) => void>();
  /** The call that another worker makes for the step at hand. */
  private asked: { readonly message: WorkerSaying<"ask">; readonly resolve: (reply: ModelReply) => void } | null = null;
  private draining = false;

  constructor(job: string, hooks: HeldJobHooks) {
    this.job = job;
    this.hooks = hooks;
    this.spokeAt = hooks.now();
    this.outcome = new Promise((resolve) => (this.settle = resolve));
  }

  claim(): Promise<void> {
    this.spokeAt = this.hooks.now();
    return this.hooks.send({ say: "claim", worker: this.hooks.worker, job: this.job });
  }

  /** Asks again where the coordinator owes an answer for this long: what was said, either way, may have been lost. */
  async remind(afterMs: number): Promise<void> {
    if (this.hooks.now() - this.spokeAt < afterMs) return;
    if (this.asked !== null) await this.say(this.asked.message);
    else if (this.waiting.size > 0) for (const key of this.waiting.keys()) await this.askVerdict(key);
    else if (this.index < 0 || this.answer !== null) await this.claim();
  }

  async perform(said: CoordinatorSaying<"perform">): Promise<void> {
    const { trial, token, from, texts } = said;
    this.spokeAt = this.hooks.now();
    if (this.assigned?.token !== token) this.begin(trial, token);
    for (const text of texts) this.received.set(sha256(text), text);
    if (this.draining) return this.settle("return");
    // What came before was lost on its way: whoever asks again is told all.
    if (from > this.history.length) return this.claim();
    const history = [...this.history.slice(0, from), ...said.history];
    if (history.length > this.history.length) this.history = history;
    if (history.length < this.index) return;
    if (history.length === this.index) return this.answer === null ? undefined : this.say(this.answer);
    this.index = history.length;
    this.answer = null;
    await this.carryOut(said, history);
  }

  private async carryOut({ trial, token, command, from, calls }: CoordinatorSaying<"perform">, history: AssignedStep["history"]): Promise<void> {
    const { assigned } = this;
    if (assigned === null) return;
    const { worker } = this.hooks;
    const index = history.length;
    const called = (call: number, reply: ModelReply): Promise<void> =>
      this.say({ say: "called", worker, trial, token, index, call, reply: reply as WorkerSaying<"called">["reply"] });
    const ask: AssignedStep["ask"] = (call, signal) => this.ask({ say: "ask", worker, trial, token, index, ...call }, signal);
    const asked = { trial, command: command as ModelCallCommand | null, history, calls: calls as readonly ModelReply[] };
    try {
      const { events, bodies } = await this.hooks.perform({ ...asked, called, ask, texts: assigned.texts, verdicts: this, signal: assigned.stop.signal });
      if (this.assigned !== assigned) return;
      this.answer = { say: "step", worker, trial, token, index, events: [...events], bodies: bodies.map((body) => ({ ...body })) };
      await this.say(this.answer);
      if (this.draining) this.settle("return");
    } catch (error) {
      if (this.assigned !== assigned || assigned.stop.signal.aborted) return;
      if (from === 0 || !isMissingText(error)) return this.fail(error, trial, token);
      // It was not told all: what is stored of its steps is not what it sent.
      this.index = -1;
      await this.claim();
    }
  }

  /** The run's verdicts are the coordinator's. */
  async of(tree: PatchedTree, verify: () => Promise<MemoVerdict>): Promise<FoundVerdict> {
    const key = treeKey(tree);
    const answered = new Promise<MemoVerdict | null>((resolve) => this.waiting.set(key, resolve));
    await this.askVerdict(key);
    const found = await answered;
    return found === null ? { ...(await verify()), origin: "worked-out" } : { ...found, origin: "reused" };
  }

  verdict({ token, key, found }: CoordinatorSaying<"verdict">): void {
    if (this.assigned?.token !== token) return;
    this.waiting.get(key)?.(found as MemoVerdict | null);
    this.waiting.delete(key);
  }

  /** The call was made by another worker. */
  answered({ token, index, call, reply }: CoordinatorSaying<"answered">): void {
    const message = this.asked?.message;
    if (this.assigned?.token !== token || message?.index !== index || message.call !== call) return;
    this.asked?.resolve(reply as ModelReply);
    this.asked = null;
  }

  /** Somebody else has the trial: nothing of it is written from here any more. */
  fenced({ token }: CoordinatorSaying<"fenced">): void {
    if (this.assigned?.token === token) this.drop("return");
  }

  drop(outcome: JobOutcome): void {
    this.assigned?.stop.abort(new BakeoffError("interrupted", "the trial was taken over"));
    this.assigned = null;
    this.settle(outcome);
  }

  /** The step at hand is finished, then the job is given back. */
  drain(): void {
    this.draining = true;
    if (this.index < 0 || this.answer !== null) this.settle("return");
  }

  private begin(trial: string, token: string): void {
    this.assigned?.stop.abort(new BakeoffError("interrupted", "the lease was given anew"));
    const texts = new Texts((hash) => this.received.get(hash) ?? null, this.hooks.scrub);
    this.assigned = { trial, token, stop: new AbortController(), texts };
    this.history = [];
    this.index = -1;
    this.answer = null;
    this.waiting.clear();
    this.asked = null;
  }

  private ask(call: Omit<WorkerSaying<"ask">, "request"> & { readonly request: SentRequest }, signal: AbortSignal): Promise<ModelReply> {
    const message = call as WorkerSaying<"ask">;
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
      this.asked = { message, resolve };
      this.say(message).catch(reject);
    });
  }

  private say(message: WorkerMessage): Promise<void> {
    this.spokeAt = this.hooks.now();
    return this.hooks.send(message);
  }

  private async askVerdict(key: string): Promise<void> {
    if (this.assigned === null) return;
    const { trial, token } = this.assigned;
    await this.say({ say: "verdict", worker: this.hooks.worker, trial, token, key });
  }

  private async fail(error: unknown, trial: string, token: string): Promise<void> {
    const { code, hint } = error instanceof BakeoffError ? error : { code: "invariant", hint: "" };
    await this.hooks.send({ say: "failed", worker: this.hooks.worker, trial, token, code, message: messageOf(error), hint });
    this.drop("return");
    this.hooks.broken(error);
  }
}

const isMissingText = (error: unknown): boolean => error instanceof BakeoffError && error.code === "integrity";
