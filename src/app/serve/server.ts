// A candidate's own server while it is wanted: started from its start line, waited for, and stopped with what it holds given back.
import { BakeoffError } from "../../core/base/errors.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Environment, ServerJob, ServerProcess } from "../../ports/servers.ts";
import type { PolicyCandidate, Serving } from "../../ports/serving.ts";
import { environmentFor, hiderOf, jobOf, type StartPorts } from "./start-job.ts";

export interface ServerPorts extends StartPorts {
  readonly clock: Clock;
  /** Resolves after so many milliseconds; rejects as soon as the signal aborts. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly serving: (snapshot: PolicySnapshot) => Pick<Serving, "readiness">;
  /** This process's own. */
  readonly environment: Environment;
  readonly startServer: (job: ServerJob) => ServerProcess;
}

export interface ServerRequest {
  readonly snapshot: PolicySnapshot;
  readonly candidate: PolicyCandidate;
  /** What stands where the start line leaves something open; null: nothing is named. */
  readonly checkpoint: string | null;
  readonly readyTimeoutMs: number;
  readonly tell: (event: ServerEvent) => void;
}

/** What there is to tell of a server. */
export type ServerEvent =
  | { readonly kind: "answers-already"; readonly name: string }
  | { readonly kind: "starting"; readonly name: string; readonly words: readonly string[] }
  | { readonly kind: "log"; readonly name: string; readonly line: string }
  | { readonly kind: "ready"; readonly name: string; readonly afterMs: number; readonly contextTokens: number | null }
  | { readonly kind: "stopped"; readonly name: string };

const POLL_MS = 500;

export interface OpenServer {
  /** Says how it ended; of somebody else's server nothing is known. */
  readonly gone: Promise<string>;
  stop(): Promise<void>;
}

/** Resolves once the server answers. Throws `environment` where it can't be started or does not get ready; nothing is left behind then. */
export async function openServer(ports: ServerPorts, request: ServerRequest, signal: AbortSignal): Promise<OpenServer> {
  const { snapshot, candidate, tell } = request;
  const { name } = candidate;
  const there = await ports.serving(snapshot).readiness(candidate);
  if (there.ready) {
    tell({ kind: "answers-already", name });
    return { gone: new Promise(() => undefined), stop: async () => undefined };
  }
  if (there.taken)
    throw new BakeoffError(
      "environment",
      `another server stands where that of ${name} belongs: ${there.reason}`,
      `stop it, or give ${name} a port of its own in candidates.toml, in endpoint and in start`,
    );
  return started(ports, request, signal);
}

async function started(ports: ServerPorts, request: ServerRequest, signal: AbortSignal): Promise<OpenServer> {
  const { snapshot, candidate, checkpoint, tell } = request;
  const { name } = candidate;
  const job = await jobOf(ports, candidate, { checkpoint, env: environmentFor(snapshot, candidate, ports.environment) });
  tell({ kind: "starting", name, words: job.command });
  const hide = hiderOf(snapshot, ports.environment);
  const server = ports.startServer({ ...job, onLine: (line) => tell({ kind: "log", name, line: hide(line) }) });
  const stop = async (): Promise<void> => {
    await server.stop();
    tell({ kind: "stopped", name });
  };
  try {
    const began = ports.clock.now();
    const contextTokens = await untilReady(ports, request, server.ended, signal);
    tell({ kind: "ready", name, afterMs: ports.clock.now() - began, contextTokens });
    return { gone: server.ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Gives the length of its context, as far as it tells. */
async function untilReady(
  ports: ServerPorts,
  { snapshot, candidate, readyTimeoutMs }: ServerRequest,
  ended: Promise<string>,
  signal: AbortSignal,
): Promise<number | null> {
  const until = ports.clock.now() + readyTimeoutMs;
  let gone: string | null = null;
  void ended.then((how) => (gone = how));
  for (;;) {
    const now = await ports.serving(snapshot).readiness(candidate);
    if (now.ready) return now.contextTokens;
    if (gone !== null) throw new BakeoffError("environment", `the server of ${candidate.name} ${String(gone)} before it was ready`, "its log above says why");
    if (ports.clock.now() > until)
      throw new BakeoffError(
        "environment",
        `the server of ${candidate.name} is not ready after ${readyTimeoutMs / 1000} s: ${now.reason}`,
        "its log above says more; --ready-timeout gives it longer",
      );
    await ports.wait(POLL_MS, signal);
  }
}
