// What the run's model servers say of themselves, recorded at the start and whenever it is no longer the same.
import type { EventOf, TrialEvent } from "../core/trial/event.ts";
import type { Clock } from "../ports/clock.ts";
import type { ServerFacts, ServerInspector } from "../ports/servers.ts";
import type { Recorder } from "./recorder.ts";

/** How often a server is asked while trials go on; it is asked at the run's start and end besides. */
const EVERY_MS = 30_000;

type Identity = EventOf<"ServerIdentity">;

export interface ServerWatch {
  /** Asks every server now, and records what is new. */
  look(): Promise<void>;
  /** The same, unless that was done lately. */
  glance(): Promise<void>;
}

export interface WatchedRun {
  readonly servers: ReadonlyMap<string, ServerInspector>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** `events`: those of a run that goes on, which know what its servers said before. */
export function openServerWatch(run: WatchedRun, recorder: Pick<Recorder, "run">, events: readonly TrialEvent[]): ServerWatch {
  const known = new Map<string, Identity>();
  for (const event of events) if (event.type === "ServerIdentity") known.set(event.provider, event);
  let askedAt = Number.NEGATIVE_INFINITY;
  const ask = async ([provider, inspector]: [string, ServerInspector]): Promise<void> => {
    const before = known.get(provider) ?? null;
    const said = await inspector.inspect(run.signal);
    if (run.signal.aborted) return;
    const event = identityEvent(provider, said.ok ? said.facts : null, { before, error: said.ok ? null : said.detail });
    if (event === null) return;
    // What was known last stays what a server is compared with, also after it could not be asked.
    known.set(provider, { ...event, facts: event.facts ?? before?.facts ?? null });
    await recorder.run([event]);
  };
  const look = async () => {
    askedAt = run.clock.now();
    await Promise.all([...run.servers].map(ask));
  };
  return { look, glance: async () => (run.clock.now() - askedAt < EVERY_MS ? undefined : look()) };
}

interface Before {
  readonly before: Identity | null;
  readonly error: string | null;
}

/** Null where there is nothing new. */
function identityEvent(provider: string, facts: ServerFacts | null, { before, error }: Before): Identity | null {
  const changed = facts && before?.facts ? differences(before.facts, facts) : [];
  const sameState = before !== null && (before.error === null) === (error === null);
  if (sameState && changed.length === 0) return null;
  return { type: "ServerIdentity", provider, facts: facts && { ...facts }, changed, error: error?.toWellFormed() ?? null };
}

function differences(before: ServerFacts, now: ServerFacts): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...names].filter((name) => before[name] !== now[name]).toSorted();
}
