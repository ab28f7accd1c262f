// A candidate's own server for as long as it is wanted: started from its start line, waited for, ended with what needs it.
import { BakeoffError } from "../../core/base/errors.ts";
import { nearest } from "../../core/base/nearest.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import { startCommand } from "../../core/policy/start-line.ts";
import { clock, wait, world } from "../compose.ts";

export interface ServeRequest {
  readonly candidate: string;
  readonly policyFile: string;
  readonly checkpoint: string | null;
  readonly readyTimeoutMs: number;
  /** Called with what there is to tell, and with each line of the server's log. */
  readonly say: (line: string) => void;
}

type Candidate = PolicySnapshot["candidates"][number];

const POLL_MS = 500;

/** Runs `work` while the server is there. Throws `environment` where it can't be started or does not get ready. */
export async function withServer<T>(request: ServeRequest, signal: AbortSignal, work: (gone: Promise<string>) => Promise<T>): Promise<T> {
  const snapshot = await world.loadPolicy(request.policyFile, clock.wall());
  const candidate = candidateNamed(snapshot, request.candidate);
  const there = await world.readiness(snapshot)(candidate);
  if (there.ready) {
    request.say(`${candidate.name}: its server answers already; it is left as it is`);
    return work(new Promise(() => undefined));
  }
  if (there.taken)
    throw new BakeoffError(
      "environment",
      `another server stands where that of ${candidate.name} belongs: ${there.reason}`,
      `stop it, or give ${candidate.name} a port of its own in candidates.toml, in endpoint and in start`,
    );
  const words = await runnable(candidate, request.checkpoint);
  request.say(`${candidate.name}: starting ${words.join(" ")}`);
  const hide = secretsOf(snapshot);
  const server = world.startServer({
    command: words,
    env: environmentFor(snapshot, candidate),
    onLine: (line) => request.say(hide(`[${candidate.name}] ${line}`)),
  });
  try {
    const started = clock.now();
    await untilReady(request, { snapshot, candidate, ended: server.ended }, signal);
    request.say(`${candidate.name}: ready after ${((clock.now() - started) / 1000).toFixed(1)} s`);
    return await work(server.ended);
  } finally {
    await server.stop();
    request.say(`${candidate.name}: its server is stopped`);
  }
}

function candidateNamed({ candidates }: PolicySnapshot, name: string): Candidate {
  const found = candidates.find((candidate) => candidate.name === name);
  if (found) return found;
  const known = candidates.map((candidate) => candidate.name);
  throw new BakeoffError(
    "usage",
    `no candidate ${name} with a server`,
    known.length === 0 ? "add one to candidates.toml" : `did you mean ${nearest(name, known).join(" or ")}?`,
  );
}

/** The words to start, checked for what is missing here. */
async function runnable(candidate: Candidate, checkpoint: string | null): Promise<readonly [string, ...string[]]> {
  const line = startCommand(candidate.start, checkpoint);
  if (!line.ok) {
    const hints = {
      placeholder: "name it with --checkpoint, or write it into candidates.toml",
      quote: "close or leave out the quote in candidates.toml",
      empty: "write one into candidates.toml",
    };
    throw new BakeoffError("usage", `the start line of ${candidate.name} can't be run as it is: ${line.detail}`, hints[line.why]);
  }
  const [program, flag, module = ""] = line.words;
  const install = `install it where the GPU is, or start it there yourself: ${candidate.start}`;
  const path = await world.findProgram(program);
  if (path === null) throw new BakeoffError("environment", `${program} is not there`, install);
  const [package_ = ""] = module.split(".");
  if (flag === "-m" && !(await world.hasPythonModule(path, package_)))
    throw new BakeoffError("environment", `${program} has no ${package_}`, `pip install ${package_}; or ${install}`);
  return line.words;
}

interface Starting {
  readonly snapshot: PolicySnapshot;
  readonly candidate: Candidate;
  readonly ended: Promise<string>;
}

async function untilReady(request: ServeRequest, { snapshot, candidate, ended }: Starting, signal: AbortSignal): Promise<void> {
  const until = clock.now() + request.readyTimeoutMs;
  let gone: string | null = null;
  void ended.then((how) => (gone = how));
  for (;;) {
    const why = await world.unready(snapshot)(candidate);
    if (why === null) return;
    if (gone !== null) throw new BakeoffError("environment", `the server of ${candidate.name} ${String(gone)} before it was ready`, "its log above says why");
    if (clock.now() > until)
      throw new BakeoffError(
        "environment",
        `the server of ${candidate.name} is not ready after ${request.readyTimeoutMs / 1000} s: ${why}`,
        "its log above says more; --ready-timeout gives it longer",
      );
    await wait(POLL_MS, signal);
  }
}

/** This process's environment without the keys of other providers: a local server needs none of them. */
function environmentFor({ policy }: PolicySnapshot, candidate: Candidate): NodeJS.ProcessEnv {
  const strangers = Object.entries(policy.providers).flatMap(([name, { key_env: key }]) => (key === undefined || name === candidate.provider ? [] : [key]));
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !strangers.includes(name)));
}

/** Takes the values of the policy's keys out of a line. */
function secretsOf({ policy }: PolicySnapshot): (line: string) => string {
  const values = Object.values(policy.providers).flatMap(({ key_env: key }) => (key === undefined ? [] : [process.env[key]?.trim() ?? ""]));
  return (line) => values.filter((value) => value !== "").reduce((text, value) => text.replaceAll(value, "[key]"), line);
}
