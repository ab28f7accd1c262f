// The servers of a session: those that it starts itself, where its run was planned with turns, and all that it may call.
import { BakeoffError } from "../../core/base/errors.ts";
import type { Header } from "../../core/capsule/line.ts";
import { type ServedTurns, servedTurns, type TurnEvent, type TurnPorts } from "./served-turns.ts";
import { type RoomFacts, roomWarnings } from "./warnings.ts";

/** What of a session its turns need. */
export interface TurnsSession {
  readonly ports: { readonly servers: TurnPorts };
  readonly request: { readonly serve?: { readonly readyTimeoutMs: number } | undefined };
  readonly watcher: { served?(event: TurnEvent): void };
  readonly signal: AbortSignal;
}

/** The servers that the run starts itself. A run that was begun with them goes on with them. */
export function sessionTurns(
  { run_id: run, turns = [], tasks }: Header,
  { ports, request: { serve }, watcher, signal }: TurnsSession,
  { snapshot, suite }: RoomFacts,
): ServedTurns {
  if (turns.length > 0 && serve === undefined) throw new BakeoffError("usage", `run ${run} starts servers itself`, "add --serve, as it was begun with");
  const ids = tasks.map(({ id }) => id);
  const warned = new Set<string>();
  const told = (event: TurnEvent): void => {
    watcher.served?.(event);
    if (event.kind !== "ready" || event.contextTokens === null || warned.has(event.name)) return;
    warned.add(event.name);
    // Its server tells how long its context is only now that it stands.
    for (const warning of roomWarnings({ snapshot, suite }, ids, new Map([[event.name, event.contextTokens]])))
      watcher.served?.({ kind: "short-context", name: event.name, warning });
  };
  return servedTurns(ports.servers, { snapshot, order: turns, readyTimeoutMs: serve?.readyTimeoutMs ?? 0, tell: told }, signal);
}

/** The providers that this run may call. */
export function playingProviders({ candidates, bindings }: Header): readonly string[] {
  return [...new Set([...candidates, ...Object.values(bindings)].map(({ provider }) => provider))];
}
