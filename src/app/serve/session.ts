// A candidate's own server for as long as it is wanted: started from its start line, waited for, ended with what needs it.
import { BakeoffError } from "../../core/base/errors.ts";
import { nearest } from "../../core/base/nearest.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import { pythonModule, startCommand } from "../../core/policy/start-line.ts";
import type { Clock } from "../../ports/clock.ts";
import type { LoadPolicy } from "../../ports/policies.ts";
import type { Environment, ServerJob, ServerProcess } from "../../ports/servers.ts";
import type { PolicyCandidate, Serving } from "../../ports/serving.ts";

export interface ServePorts {
  readonly clock: Clock;
  /** Resolves after so many milliseconds; rejects as soon as the signal aborts. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly loadPolicy: LoadPolicy;
  readonly serving: (snapshot: PolicySnapshot) => Pick<Serving, "readiness">;
  /** This process's own. */
  readonly environment: Environment;
  /** The path of a program: looked for in the search path or, where its name has a slash, from the folder. */
  readonly findProgram: (name: string, from: { readonly searchPath: string | undefined; readonly folder: string | null }) => Promise<string | null>;
  readonly hasPythonModule: (python: string, module: string, job: Pick<ServerJob, "env" | "folder">) => Promise<boolean>;
  readonly startServer: (job: ServerJob) => ServerProcess;
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
export type ServeEvent =
  | { readonly kind: "answers-already"; readonly name: string }
  | { readonly kind: "starting"; readonly name: string; readonly words: readonly string[] }
  | { readonly kind: "log"; readonly name: string; readonly line: string }
  | { readonly kind: "ready"; readonly name: string; readonly afterMs: number }
  | { readonly kind: "waiting" }
  | { readonly kind: "stopped"; readonly name: string };

const POLL_MS = 500;

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
  const { clock } = ports;
  const { tell } = request;
  const snapshot = await ports.loadPolicy(request.policyFile);
  const candidate = candidateNamed(snapshot, request.candidate);
  const { name } = candidate;
  const there = await ports.serving(snapshot).readiness(candidate);
  if (there.ready) {
    tell({ kind: "answers-already", name });
    return work(new Promise(() => undefined));
  }
  if (there.taken)
    throw new BakeoffError(
      "environment",
      `another server stands where that of ${name} belongs: ${there.reason}`,
      `stop it, or give ${name} a port of its own in candidates.toml, in endpoint and in start`,
    );
  const env = environmentFor(snapshot, candidate, ports.environment);
  const job = await runnable(ports, candidate, { checkpoint: request.checkpoint, env });
  tell({ kind: "starting", name, words: job.command });
  const hide = hiderOf(snapshot, ports.environment);
  const onLine = (line: string): void => tell({ kind: "log", name, line: hide(line) });
  const server = ports.startServer({ ...job, onLine });
  try {
    const started = clock.now();
    await untilReady(ports, request, { snapshot, candidate, ended: server.ended }, signal);
    tell({ kind: "ready", name, afterMs: clock.now() - started });
    return await work(server.ended);
  } finally {
    await server.stop();
    tell({ kind: "stopped", name });
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

type CheckedJob = Omit<ServerJob, "onLine">;

/** What to start, checked for what is missing here. */
async function runnable(
  { findProgram, hasPythonModule }: ServePorts,
  candidate: PolicyCandidate,
  { checkpoint, env: inherited }: { readonly checkpoint: string | null; readonly env: Environment },
): Promise<CheckedJob> {
  const { name, start } = candidate;
  if (start === undefined)
    throw new BakeoffError("usage", `${name} has no start line`, "write start into its entry in candidates.toml, or start its server where it runs");
  const line = startCommand(start, checkpoint);
  if (!line.ok) throw new BakeoffError("usage", `the start line of ${name} can't be run as it is: ${line.detail}`, LINE_HINTS[line.why]);
  const env = { ...inherited, ...candidate.start_env, ...line.env };
  const folder = candidate.start_dir === undefined ? null : atHome(candidate.start_dir, env);
  const [program, ...rest] = line.words;
  const install = `install it where the GPU is, or start it there yourself: ${start}`;
  const path = await findProgram(atHome(program, env), { searchPath: env["PATH"], folder });
  if (path === null) throw new BakeoffError("environment", `${program} is not there`, install);
  const module = pythonModule(line.words)?.split(".")[0];
  if (module !== undefined && !(await hasPythonModule(path, module, { env, folder })))
    throw new BakeoffError("environment", `${program} has no ${module}`, `${program} -m pip install ${module}; or ${install}`);
  return { command: [path, ...rest], env, folder };
}

const LINE_HINTS = {
  placeholder: "name it with --checkpoint, or write it into candidates.toml",
  quote: "close or leave out the quote in candidates.toml",
  empty: "write a program into candidates.toml",
} as const;

/** No shell reads the line: `~` is the one thing that people expect of it all the same. */
const atHome = (path: string, env: Environment): string => (path.startsWith("~/") ? `${env["HOME"] ?? "~"}${path.slice(1)}` : path);

interface Starting {
  readonly snapshot: PolicySnapshot;
  readonly candidate: PolicyCandidate;
  readonly ended: Promise<string>;
}

async function untilReady(ports: ServePorts, request: ServeRequest, { snapshot, candidate, ended }: Starting, signal: AbortSignal): Promise<void> {
  const until = ports.clock.now() + request.readyTimeoutMs;
  let gone: string | null = null;
  void ended.then((how) => (gone = how));
  for (;;) {
    const now = await ports.serving(snapshot).readiness(candidate);
    if (now.ready) return;
    if (gone !== null) throw new BakeoffError("environment", `the server of ${candidate.name} ${String(gone)} before it was ready`, "its log above says why");
    if (ports.clock.now() > until)
      throw new BakeoffError(
        "environment",
        `the server of ${candidate.name} is not ready after ${request.readyTimeoutMs / 1000} s: ${now.reason}`,
        "its log above says more; --ready-timeout gives it longer",
      );
    await ports.wait(POLL_MS, signal);
  }
}

/** This process's environment without the keys of other providers: a local server needs none of them. */
function environmentFor({ policy }: PolicySnapshot, candidate: PolicyCandidate, environment: Environment): Environment {
  const strangers = Object.entries(policy.providers).flatMap(([name, { key_env: key }]) => (key === undefined || name === candidate.provider ? [] : [key]));
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !strangers.includes(name)));
}

/** Takes the values of the policy's keys out of a line. */
function hiderOf({ policy }: PolicySnapshot, environment: Environment): (line: string) => string {
  const values = Object.values(policy.providers).flatMap(({ key_env: key }) => (key === undefined ? [] : [environment[key]?.trim() ?? ""]));
  return (line) => values.filter((value) => value !== "").reduce((text, value) => text.replaceAll(value, "[key]"), line);
}
