// Honest runs of every kind of candidate in the small world: runs it, in two sessions where asked, up to its seal.
import { embeddedProvider } from "../../../../src/adapters/providers/embedded/embedded.ts";
import { BudgetSpentError, runBakeoff } from "../../../../src/app/run/bakeoff.ts";
import type { BakeoffOptions } from "../../../../src/app/run/bakeoff-options.ts";
import type { KeptRun } from "../../../../src/app/run/kept-run.ts";
import type { EventLine, Header, Seal } from "../../../../src/core/capsule/line.ts";
import type { WrittenPolicy } from "../../../../src/core/policy/schema.ts";
import type { PolicySnapshot } from "../../../../src/core/policy/snapshot.ts";
import type { Suite, Task } from "../../../../src/core/suite/suite.ts";
import { EMBEDDED_PROVIDER } from "../../../../src/core/trial/command.ts";
import type { EventOf, TrialEvent } from "../../../../src/core/trial/event.ts";
import { POLICY_ROUTE } from "../../../../src/core/trial/plan.ts";
import { bench } from "../../core/replay/recorded.ts";
import {
  fakeProvider,
  goodScript,
  headerOf,
  keptOf,
  type MemoryJournal,
  memoryJournal,
  optionsFor,
  policyWith,
  type Script,
  snapshotBlob,
  suiteOf,
  taskNamed,
  oneByOne,
} from "../../run/fakes.ts";

/** A run as its capsule tells it. */
export interface HonestRun {
  readonly header: Header;
  readonly events: readonly EventLine[];
  readonly seal: Seal | null;
  readonly blobs: ReadonlyMap<string, string>;
  readonly suite: Suite;
}

export interface Sketch {
  readonly tasks?: readonly Task[];
  /** Tasks of the suite that this run leaves out, as a batch of `--until-decided` does. */
  readonly otherTasks?: readonly Task[];
  readonly candidates?: readonly string[];
  readonly policy?: (policy: WrittenPolicy) => void;
  readonly answerFormat?: "udiff" | "whole";
  readonly capability?: boolean;
  readonly epochs?: number;
  readonly script?: Script;
  readonly more?: Partial<BakeoffOptions>;
  readonly header?: (header: Header) => Header;
  /** Stops after so many trials, and goes on. */
  readonly stopAfter?: number;
}

export const tasksNamed = (count: number, facts: Readonly<Record<string, unknown>> = {}): readonly Task[] =>
  Array.from({ length: count }, (_, index) => taskNamed(["a", "b", "c", "d"][index % 4] ?? "a", { id: `task-${index}`, title: `Task ${index}`, ...facts }));

/** The candidate `policy`: nobody sits in the slot. */
export const ownRoute = (header: Header): Header => ({ ...header, candidates: [{ name: POLICY_ROUTE, provider: POLICY_ROUTE, model: "gpt-oss-20b" }] });

/** Every role is played by a program that comes with bakeoff. */
export const embedded =
  (...names: readonly string[]) =>
  (header: Header): Header => {
    const standIn = (role: keyof Header["bindings"], name: string) => ({ ...header.bindings[role], provider: EMBEDDED_PROVIDER, standIn: name });
    return {
      ...header,
      candidates: names.map((name) => ({ name, provider: EMBEDDED_PROVIDER, model: name })),
      bindings: {
        ...header.bindings,
        architect: standIn("architect", "oracle"),
        implementer: standIn("implementer", "oracle"),
        judge: standIn("judge", "test-verdict"),
        sidecarCritic: standIn("sidecarCritic", "clippy"),
      },
    };
  };

function snapshotOf({ policy, answerFormat, candidates = ["small"] }: Sketch): PolicySnapshot {
  const snapshot = policyWith(policy);
  const [first] = snapshot.candidates;
  if (answerFormat === undefined || first === undefined) return snapshot;
  return policyWith(policy, (written) => written.candidate.push(...candidates.map((name) => ({ ...first, name, answer_format: answerFormat }))));
}

/** Runs, in two sessions where the sketch says so, and gives what the capsule holds. */
export async function honestRun(sketch: Sketch): Promise<HonestRun> {
  const { tasks = tasksNamed(2), otherTasks = [], candidates = ["small"], capability = false, epochs = 1, script = goodScript } = sketch;
  const snapshot = snapshotOf(sketch);
  const suite = suiteOf([...tasks, ...otherTasks]);
  const planned = headerOf({ tasks, candidates, epochs, capability, snapshot });
  const header = (sketch.header ?? ((same) => same))({ ...planned, suite: { ...planned.suite, root: suite.root } });
  const workbench = bench();
  const optionsWith = (journal: MemoryJournal, more: Partial<BakeoffOptions>): BakeoffOptions => {
    const whole = optionsFor({ tasks, snapshot, script }, journal, { queue: oneByOne(), bench: workbench, ...sketch.more, ...more, header, suite });
    const names = ["local", "cloud", ...Object.keys(snapshot.policy.providers)];
    const providers = new Map([
      ...names.map((name) => [name, fakeProvider(name, script)] as const),
      [EMBEDDED_PROVIDER, embeddedProvider({ clock: whole.clock, workbench, maxAnswerChars: 200_000 })] as const,
    ]);
    return { ...whole, providers, ...(sketch.more?.providers === undefined ? {} : { providers: sketch.more.providers }) };
  };
  const journal = emptyJournal(header, snapshot);
  const first = sketch.stopAfter === undefined ? {} : stopping(sketch.stopAfter);
  const stopped = await runBakeoff(optionsWith(journal, first)).then(
    () => false,
    (error: unknown) => {
      if (error === ENOUGH || error instanceof BudgetSpentError) return true;
      throw error;
    },
  );
  if (!stopped) return capsuleOf(header, suite, journal);
  const { kept, again } = reopened(header, snapshot, journal);
  await runBakeoff(optionsWith(again, { kept, overrideBudget: snapshot.policy.budgets.allow_override }));
  return capsuleOf(header, suite, again);
}

const ENOUGH = new Error("enough");

function stopping(after: number): Partial<BakeoffOptions> {
  const stop = new AbortController();
  const trialDone = (_: unknown, __: unknown, done: number): void => void (done === after && stop.abort(ENOUGH));
  return { signal: stop.signal, watcher: { preparing: () => undefined, prepared: () => undefined, trialDone } };
}

function emptyJournal(header: Header, snapshot: PolicySnapshot): MemoryJournal {
  const journal = memoryJournal(header);
  const { sha256, text } = snapshotBlob(snapshot);
  journal.blobs.set(sha256, text);
  return journal;
}

function reopened(header: Header, snapshot: PolicySnapshot, journal: MemoryJournal): { readonly kept: KeptRun; readonly again: MemoryJournal } {
  const { kept, events } = keptOf(journal);
  const again = emptyJournal(header, snapshot);
  again.events.push(...events);
  for (const [hash, text] of journal.blobs) again.blobs.set(hash, text);
  return { kept, again };
}

function capsuleOf(header: Header, suite: Suite, { sealed, blobs }: MemoryJournal): HonestRun {
  const [end] = sealed;
  if (!end) throw new Error("the run did not come to its seal");
  return { header, suite, blobs, ...end };
}

export const eventsOf = <T extends TrialEvent["type"]>(run: HonestRun, type: T): readonly EventOf<T>[] =>
  run.events.flatMap(({ payload }) => (payload.type === type ? [payload as EventOf<T>] : []));
