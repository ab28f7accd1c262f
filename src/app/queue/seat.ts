// One trial in the coordinator's hands: who holds it by which lease, and the step that its holder is asked for.
import type { Sha256 } from "../../core/base/canonical.ts";
import type { ModelCallCommand } from "../../core/trial/command.ts";
import type { TrialEvent } from "../../core/trial/event.ts";
import { textsOf } from "../../core/trial/event-texts.ts";
import type { MemoVerdict, PerformedStep, QueuedTrial, StepPerformer } from "../../ports/trial-queue.ts";
import type { CoordinatorSaying, WorkerSaying } from "./messages.ts";
import { type GivenVerdict, LOST_VERDICT, markedBy, stepFault, verdictIn } from "./step-check.ts";

/** The right to write a trial's next step. Its token is never given twice: who comes with an old one is refused. */
export interface Lease {
  readonly worker: string;
  readonly token: string;
  readonly job: string;
}

interface AskedFor {
  readonly command: ModelCallCommand | null;
  readonly history: readonly TrialEvent[];
  readonly resolve: (step: PerformedStep) => void;
}

/** A call that came back before its step was whole. */
export interface MadeCall {
  readonly entry: string;
  readonly worker: string;
  readonly index: number;
  readonly call: number;
  readonly reply: WorkerSaying<"called">["reply"];
}

/** A step makes no more calls: each is tried ten times at most, and in each form that an answer may have. */
const MOST_CALLS = 200;

interface ReplyKnown {
  readonly reply: MadeCall["reply"] | null;
}

/** What the seat does to the world around it. */
export interface SeatHooks {
  /** Tells the holder what is asked for: news only. */
  readonly ask: (seat: Seat) => void;
  /** The steps of these entries are journalled. */
  readonly journalled: (entries: readonly string[]) => void;
  /** A step that was finished before this coordinator began; null where there is none. */
  readonly leftOver: (seat: Seat, history: readonly TrialEvent[]) => TakenStep | null;
}

/** A step with the entry of the inbox that it came in. */
export interface TakenStep {
  readonly entry: string;
  readonly step: PerformedStep;
}

export class Seat implements StepPerformer {
  readonly trial: QueuedTrial;
  lease: Lease | null = null;
  begun = false;
  private readonly hooks: SeatHooks;
  private asked: AskedFor | null = null;
  private taken: string[] = [];
  private calls: readonly MadeCall[] = [];
  private readonly workingOut = new Map<string, (found: MemoVerdict) => void>();
  private readonly asking = new Set<string>();
  private given: readonly GivenVerdict[] = [];
  /** What its holder has by now: so many events of the history, and these texts. */
  private told: { readonly holder: Lease; events: number; readonly texts: Set<Sha256> } | null = null;

  constructor(trial: QueuedTrial, hooks: SeatHooks) {
    this.trial = trial;
    this.hooks = hooks;
  }

  step(command: ModelCallCommand, history: readonly TrialEvent[]): Promise<PerformedStep> {
    return this.askFor(command, history);
  }

  plant(): Promise<PerformedStep> {
    return this.askFor(null, []);
  }

  /** All that was taken so far is in the journal. */
  settle(): void {
    if (this.taken.length > 0) this.hooks.journalled(this.taken);
    this.taken = [];
  }

  /** Keeps a call for whoever may have to go on with its step. False where it is known already, or out of place. */
  remember(made: MadeCall): boolean {
    const ofStep = this.calls.filter(({ index }) => index === made.index);
    if (made.call !== ofStep.length || (this.asked !== null && made.index !== this.asked.history.length)) return false;
    this.calls = [...this.calls, made];
    return true;
  }

  /** The holder asks for a call of its step: the reply that is known, null where it is to be made; `late`: of another step than the one at hand. */
  replyTo({ index, call, provider }: Pick<WorkerSaying<"ask">, "index" | "call" | "provider">): ReplyKnown | { readonly fault: string } | "late" {
    const { asked } = this;
    if (asked === null || index !== asked.history.length) return "late";
    if (asked.command !== null && asked.command.routing.provider !== provider) return { fault: "it is not the one that the step makes" };
    const known = this.callsAt(index);
    if (call > known.length || call >= MOST_CALLS) return { fault: `it would be the ${call + 1}th, and ${known.length} were made` };
    return { reply: known[call]?.reply ?? null };
  }

  /**
   * What the holder is to do now; null where the trial is between two steps. Of history and texts it is told what it was not told before,
   * unless it asks again: then it may have missed something, and is told all.
   */
  request(again: boolean): Omit<CoordinatorSaying<"perform">, "job" | "trial" | "token" | "say"> | null {
    const { asked, lease } = this;
    if (asked === null || lease === null) return null;
    const { command, history } = asked;
    if (again || this.told?.holder !== lease) this.told = { holder: lease, events: 0, texts: new Set() };
    const { events: from, texts: known } = this.told;
    const news = history.slice(from);
    const hashes = new Set(news.flatMap(textsOf).map(({ sha256 }) => sha256));
    const texts = [...hashes].filter((hash) => !known.has(hash)).map((hash) => this.trial.text(hash));
    for (const hash of hashes) known.add(hash);
    this.told.events = history.length;
    return {
      kind: this.trial.kind,
      command: command as CoordinatorSaying<"perform">["command"],
      from,
      history: news,
      texts: texts.filter((text) => text !== null),
      calls: this.callsAt(history.length).map(({ reply }) => reply),
    };
  }

  /** `null`: taken. `late`: nobody asks for it any more. Else why it can't be what was asked for. */
  take(entry: string, index: number, step: PerformedStep): { readonly fault: string } | "late" | null {
    const { asked, lease } = this;
    if (asked === null || lease === null || index !== asked.history.length) return "late";
    const fault = stepFault({ trial: this.trial.id, command: asked.command, text: (hash) => this.trial.text(hash), given: this.given }, step);
    if (fault !== null) return { fault };
    if (this.told?.holder === lease) for (const { sha256: hash } of step.events.flatMap(textsOf)) this.told.texts.add(hash);
    this.accept({
      entry,
      step: {
        events: markedBy(
          lease.worker,
          step.events,
          this.callsAt(index).map(({ worker }) => worker),
        ),
        bodies: step.bodies,
      },
    });
    return null;
  }

  /** Asks the run for the verdict on a tree, on behalf of the holder; `tell` is told, unless the lease has changed hands meanwhile. */
  async verdict(key: string, tell: (found: MemoVerdict | null) => void): Promise<void> {
    const { lease, trial } = this;
    if (this.workingOut.has(key)) return tell(null);
    if (this.asking.has(key)) return;
    this.asking.add(key);
    const isMine = () => this.lease === lease;
    const workOut = (): Promise<MemoVerdict> => {
      if (!isMine()) return Promise.resolve(LOST_VERDICT);
      tell(null);
      return new Promise((resolve) => this.workingOut.set(key, resolve));
    };
    try {
      const found = await trial.verdicts.ofKey(key, workOut);
      if (found.origin === "worked-out" || !isMine()) return;
      this.given = [...this.given, { key, found }];
      tell({ verification: found.verification, retries: found.retries });
    } finally {
      if (isMine()) this.asking.delete(key);
    }
  }

  /** Nobody holds it any more. What was asked for is asked of the next one. */
  revoke(): void {
    this.lease = null;
    this.asking.clear();
    this.workedOut(LOST_VERDICT);
  }

  private askFor(command: ModelCallCommand | null, history: readonly TrialEvent[]): Promise<PerformedStep> {
    this.settle();
    return new Promise((resolve) => {
      this.asked = { command, history: [...history], resolve };
      const left = this.hooks.leftOver(this, history);
      if (left === null) this.hooks.ask(this);
      else this.accept(left);
    });
  }

  private accept({ entry, step }: TakenStep): void {
    const { asked } = this;
    this.asked = null;
    this.taken.push(entry, ...this.calls.map((made) => made.entry));
    this.calls = [];
    if (this.workingOut.size > 0) this.workedOut(verdictIn(step, (hash) => this.trial.text(hash)) ?? LOST_VERDICT);
    asked?.resolve(step);
  }

  private callsAt(history: number): readonly MadeCall[] {
    return this.calls.filter(({ index }) => index === history);
  }

  private workedOut(found: MemoVerdict): void {
    for (const resolve of this.workingOut.values()) resolve(found);
    this.workingOut.clear();
  }
}
