// A candidate's own server for as long as it is wanted: on its own, or around another command.
import { BakeoffError } from "../../core/base/errors.ts";
import { nearest } from "../../core/base/nearest.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import type { LoadPolicy } from "../../ports/policies.ts";
import type { PolicyCandidate } from "../../ports/serving.ts";
import { openServer, type ServerEvent, type ServerPorts } from "./server.ts";

export interface ServePorts extends ServerPorts {
  readonly loadPolicy: LoadPolicy;
  /** Runs one of our own command lines on this terminal; gives its exit code. */
  readonly runOurselves: (words: readonly string[], signal: AbortSignal) => Promise<number>;
}

export interface ServeRequest {
  readonly candidate: string;
  readonly policyFile: string;
  readonly checkpoint: string | null;
  readonly readyTimeoutMs: number;
  /** What runs while the server is there, a command line of our own; empty: whatever others do until the signal aborts. */
  readonly command: readonly string[];
  readonly tell: (event: ServeEvent) => void;
}

/** What there is to tell while a server is looked after. */
export type ServeEvent = ServerEvent | { readonly kind: "waiting" };

/** Gives the command's exit code, or 0 once whoever waits is stopped. Throws `environment` where the server can't be started, does not get ready, or goes away. */
export function serveCandidate(ports: ServePorts, request: ServeRequest, signal: AbortSignal): Promise<number> {
  return withServer(ports, request, signal, async (gone) => {
    if (request.command.length > 0) return ports.runOurselves(request.command, signal);
    request.tell({ kind: "waiting" });
    const how = await Promise.race([gone, aborted(signal)]);
    if (how === null) return 0;
    throw new BakeoffError("environment", `the server of ${request.candidate} ${how}`, "its log above says why");
  });
}

const aborted = (signal: AbortSignal): Promise<null> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    else signal.addEventListener("abort", () => resolve(null), { once: true });
  });

/** Runs `work` while the server is there. */
async function withServer<T>(ports: ServePorts, request: ServeRequest, signal: AbortSignal, work: (gone: Promise<string>) => Promise<T>): Promise<T> {
  const snapshot = await ports.loadPolicy(request.policyFile);
  const candidate = candidateNamed(snapshot, request.candidate);
  const server = await openServer(ports, { ...request, snapshot, candidate }, signal);
  try {
    return await work(server.gone);
  } finally {
    await server.stop();
  }
}

function candidateNamed({ candidates }: PolicySnapshot, name: string): PolicyCandidate {
  const found = candidates.find((candidate) => candidate.name === name);
  if (found) return found;
  const known = candidates.map((candidate) => candidate.name);
  throw new BakeoffError(
    "usage",
    `no candidate ${name} with a server`,
    known.length === 0 ? "add one to candidates.toml" : `did you mean ${nearest(name, known).join(" or ")}?`,
  );
}
