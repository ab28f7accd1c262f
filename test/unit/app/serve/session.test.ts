// A server that is looked after: started, waited for, kept for a command or until it is stopped, and always ended.
import { describe, expect, it } from "vitest";
import { BakeoffError } from "../../../../src/core/base/errors.ts";
import { serveCandidate, type ServeEvent, type ServePorts, type ServeRequest } from "../../../../src/app/serve/session.ts";
import type { Readiness, ServerJob } from "../../../../src/ports/servers.ts";
import { fakeClock, policyWith } from "../../run/fakes.ts";

const snapshot = policyWith();
const READY: Readiness = { ready: true, latencyMs: 1, contextTokens: null };
const ABSENT: Readiness = { ready: false, reason: "refused", taken: false };
const TAKEN: Readiness = { ready: false, reason: "small is not served: the server has other", taken: true };
const forever = new Promise<string>(() => undefined);

interface Facts {
  /** What each look at the server finds; the last stands for all that follow. */
  readonly readiness?: readonly Readiness[];
  readonly ended?: Promise<string>;
  readonly ports?: Partial<ServePorts>;
}

function worldWith({ readiness = [ABSENT, READY], ended = forever, ports = {} }: Facts = {}) {
  const jobs: ServerJob[] = [];
  const stopped: string[] = [];
  const ran: (readonly string[])[] = [];
  let looks = 0;
  const world: ServePorts = {
    clock: fakeClock(),
    wait: async (_, signal) => signal.throwIfAborted(),
    loadPolicy: async () => snapshot,
    serving: () => ({ readiness: async () => readiness[looks++] ?? readiness.at(-1) ?? ABSENT }),
    environment: { PATH: "/bin", OPENAI_API_KEY: "sk-0123", HOME: "/home/me" },
    findProgram: async (name) => `/usr/bin/${name}`,
    hasPythonModule: async () => true,
    startServer: (job) => {
      jobs.push(job);
      return { ended, stop: async () => void stopped.push("stopped") };
    },
    runOurselves: async (words) => (ran.push(words), 7),
    ...ports,
  };
  return { world, jobs, stopped, ran };
}

function requestFor(facts: Partial<ServeRequest> = {}): ServeRequest & { readonly told: ServeEvent[] } {
  const told: ServeEvent[] = [];
  return {
    candidate: "gpt-oss-20b",
    policyFile: "p",
    checkpoint: null,
    readyTimeoutMs: 10_000,
    command: ["run", "--limit", "1"],
    tell: (event) => void told.push(event),
    told,
    ...facts,
  };
}

const kinds = ({ told }: { readonly told: readonly ServeEvent[] }) => told.map(({ kind }) => kind);
const { signal } = new AbortController();

describe("a candidate's server", () => {
  it("is started by its start line, waited for, kept for the command and ended after it; the exit code is the command's", async () => {
    const { world, jobs, stopped, ran } = worldWith({ readiness: [ABSENT, ABSENT, ABSENT, READY] });
    const request = requestFor();
    expect(await serveCandidate(world, request, signal)).toBe(7);
    expect(jobs[0]?.command.slice(0, 3)).toEqual(["/usr/bin/python", "-m", "sglang.launch_server"]);
    expect(ran).toEqual([["run", "--limit", "1"]]);
    expect(stopped).toEqual(["stopped"]);
    expect(kinds(request)).toEqual(["starting", "ready", "stopped"]);
  });

  it("is left as it is where it answers already", async () => {
    const { world, jobs, stopped } = worldWith({ readiness: [READY] });
    const request = requestFor();
    expect(await serveCandidate(world, request, signal)).toBe(7);
    expect([jobs, stopped, kinds(request)]).toEqual([[], [], ["answers-already"]]);
  });

  it("is not started where another stands at its address", async () => {
    const { world, jobs } = worldWith({ readiness: [TAKEN] });
    await expect(serveCandidate(world, requestFor(), signal)).rejects.toMatchObject({ code: "environment" });
    expect(jobs).toEqual([]);
  });

  it("is ended where the command fails", async () => {
    const { world, stopped } = worldWith({ ports: { runOurselves: () => Promise.reject(new Error("no")) } });
    await expect(serveCandidate(world, requestFor(), signal)).rejects.toThrow("no");
    expect(stopped).toEqual(["stopped"]);
  });

  it("that does not get ready in its time is ended, with why it is not", async () => {
    const { world, stopped } = worldWith({ readiness: [ABSENT] });
    const failed = serveCandidate(world, requestFor({ readyTimeoutMs: 20 }), signal);
    await expect(failed).rejects.toMatchObject({ code: "environment", message: expect.stringContaining("refused") as string });
    expect(stopped).toEqual(["stopped"]);
  });

  it("that ends before it is ready is not waited for", async () => {
    const { world } = worldWith({ readiness: [ABSENT], ended: Promise.resolve("ended with 1") });
    await expect(serveCandidate(world, requestFor(), signal)).rejects.toMatchObject({ message: expect.stringContaining("ended with 1") as string });
  });
});

describe("a server without a command", () => {
  it("stays until whoever started it stops it, and that is no error", async () => {
    const { world, stopped } = worldWith();
    const stop = new AbortController();
    const request = requestFor({ command: [] });
    const ended = serveCandidate(world, { ...request, tell: (event) => (request.tell(event), event.kind === "waiting" && stop.abort()) }, stop.signal);
    expect(await ended).toBe(0);
    expect([stopped, kinds(request)]).toEqual([["stopped"], ["starting", "ready", "waiting", "stopped"]]);
  });

  it("that goes away meanwhile is an error", async () => {
    let end: (how: string) => void = () => undefined;
    const { world, stopped } = worldWith({ ended: new Promise((resolve) => (end = resolve)) });
    const request = requestFor({ command: [] });
    const failed = serveCandidate(world, { ...request, tell: (event) => event.kind === "waiting" && end("was ended by SIGKILL") }, signal);
    await expect(failed).rejects.toMatchObject({ code: "environment", message: expect.stringContaining("SIGKILL") as string });
    expect(stopped).toEqual(["stopped"]);
  });

  it("is ended where it is stopped while it loads", async () => {
    const { world, stopped } = worldWith({ readiness: [ABSENT] });
    const stop = new AbortController();
    const request = requestFor({ command: [], tell: (event) => event.kind === "starting" && stop.abort(new BakeoffError("interrupted", "interrupted")) });
    await expect(serveCandidate(world, request, stop.signal)).rejects.toMatchObject({ code: "interrupted" });
    expect(stopped).toEqual(["stopped"]);
  });
});

describe("what a server is started with", () => {
  it("is this process's environment without the keys of other providers", async () => {
    const { world, jobs } = worldWith();
    await serveCandidate(world, requestFor(), signal);
    expect(jobs[0]?.env).toEqual({ PATH: "/bin", HOME: "/home/me" });
  });

  it("is passed on in its log without the values of keys", async () => {
    const { world, jobs } = worldWith();
    const request = requestFor();
    await serveCandidate(world, request, signal);
    jobs[0]?.onLine("calling with sk-0123");
    expect(request.told.at(-1)).toEqual({ kind: "log", name: "gpt-oss-20b", line: "calling with [key]" });
  });

  it.each([
    ["an unknown candidate", requestFor({ candidate: "gpt-oss-20" }), {}, { code: "usage", hint: /gpt-oss-20b/ }],
    ["a checkpoint that the start line leaves open", requestFor({ candidate: "qwen3-coder-30b-a3b-awq" }), {}, { code: "usage", hint: /--checkpoint/ }],
    ["a program that is not there", requestFor(), { findProgram: async () => null }, { code: "environment", hint: /where the GPU is/ }],
    ["a module that Python does not have", requestFor(), { hasPythonModule: async () => false }, { code: "environment", hint: /pip install sglang/ }],
  ] as const)("is refused for %s", async (_, request, ports, { code, hint }) => {
    const { world, jobs } = worldWith({ ports });
    await expect(serveCandidate(world, request, signal)).rejects.toMatchObject({ code, hint: expect.stringMatching(hint) as string });
    expect(jobs).toEqual([]);
  });
});
