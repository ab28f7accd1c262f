// The workers of a run under way: what each does, and what the record has of it so far.
import type { EventLine } from "../../capsule/line.ts";
import { type EventReaders, readEvent } from "../../trial/event.ts";
import { EMBEDDED_PROVIDER } from "../../trial/command.ts";

export interface LiveWorker {
  readonly name: string;
  /** As it said itself: `model calls`, `cargo`, or both. */
  readonly does: string;
  /** Model calls to servers. */
  readonly calls: number;
  /** Verdicts that it worked out. */
  readonly verdicts: number;
  /** When the last of these was recorded; null: none yet. */
  readonly lastAt: string | null;
}

const DOES: Readonly<Record<string, string>> = { model: "model calls", verify: "cargo" };
const ALL = "model calls, cargo";

type Part = "calls" | "verdicts";

/** Who did what: nothing of it for what took nobody's time. */
const DONE: EventReaders<{ readonly worker: string; readonly part: Part } | null> = {
  ModelCallEnvelope: ({ worker, provider }) => (worker === undefined || provider === EMBEDDED_PROVIDER ? null : { worker, part: "calls" }),
  ToolResult: ({ worker, reused }) => (worker === undefined || reused ? null : { worker, part: "verdicts" }),
};

/** Those that joined, in the order in which they did; none in a run of one process. `events`: in the order of the record. */
export function liveWorkers(events: readonly EventLine[]): readonly LiveWorker[] {
  const workers = new Map<string, LiveWorker>();
  const known = (name: string): LiveWorker => workers.get(name) ?? { name, does: ALL, calls: 0, verdicts: 0, lastAt: null };
  for (const line of events) {
    const { payload, timestamp } = line;
    // What the coordinator counts under its own name is no worker's.
    if (payload.type === "ServerIdentity" && payload.worker !== undefined && payload.facts !== null && !("rechecked" in payload.facts))
      workers.set(payload.worker, { ...known(payload.worker), does: DOES[String(payload.facts["steps"])] ?? ALL });
    const done = readEvent(DONE, payload) ?? null;
    if (done !== null) workers.set(done.worker, { ...known(done.worker), [done.part]: known(done.worker)[done.part] + 1, lastAt: timestamp });
  }
  return [...workers.values()];
}
