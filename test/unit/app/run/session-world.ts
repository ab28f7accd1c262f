// A world for whole sessions: suites, policies, servers and capsules in memory; a capsule is read back as it was written.
import { generateKeyPairSync } from "node:crypto";
import { readSigningKey, type SigningKey } from "../../../../src/core/base/dsse.ts";
import { BakeoffError } from "../../../../src/core/base/errors.ts";
import type { Header } from "../../../../src/core/capsule/line.ts";
import { openRedactor, type Secret } from "../../../../src/core/capsule/redaction.ts";
import { foldRun, type RunRecord } from "../../../../src/core/capsule/record.ts";
import type { ReportedRun } from "../../../../src/core/report/model.ts";
import type { PolicySnapshot } from "../../../../src/core/policy/snapshot.ts";
import type { Suite } from "../../../../src/core/suite/suite.ts";
import type { RunPorts } from "../../../../src/app/run/ports.ts";
import type { SessionRequest, SessionResult, SessionWatcher } from "../../../../src/app/run/session.ts";
import type { CapsuleStore, JournalEntry } from "../../../../src/ports/journal.ts";
import type { KeptAnswers } from "../../../../src/ports/kept-answers.ts";
import type { LoadedPolicy } from "../../../../src/ports/policies.ts";
import type { Serving } from "../../../../src/ports/serving.ts";
import type { Workbench } from "../../../../src/ports/workbench.ts";
import { memoryLog, memoryTexts } from "../fakes.ts";
import { openMemoryCapsule } from "../gate/memory-capsule.ts";
import { fakeBench, fakeClock, fakeProvider, goodScript, type MemoryJournal, memoryJournal, policyWith, type Script, suiteOf, TASKS } from "../../run/fakes.ts";

interface StoredFile {
  readonly header: Header;
  readonly journal: MemoryJournal;
}

export interface MemoryCapsules extends CapsuleStore {
  readonly files: Map<string, StoredFile>;
  readonly signed: string[];
}

/** `refuse`: an error that writing an entry meets, or null. */
export function memoryCapsules(refuse: (entry: JournalEntry) => Error | null = () => null): MemoryCapsules {
  const files = new Map<string, StoredFile>();
  const signed: string[] = [];
  const pathOf = (word: string): string => (word.endsWith(".jsonl") ? word : `capsules/${word}.capsule.jsonl`);
  const fileAt = (path: string): StoredFile => {
    const file = files.get(path);
    if (!file) throw new BakeoffError("usage", `${path} can't be read`, "");
    return file;
  };
  const open = (path: string, header: Header): MemoryJournal => {
    const journal = Object.assign(memoryJournal(header, refuse), { path });
    files.set(path, { header, journal });
    return journal;
  };
  return {
    files,
    signed,
    pathOf,
    create: async (header, blobs) => {
      const journal = open(pathOf(header.run_id), header);
      for (const { sha256, text } of blobs) journal.blobs.set(sha256, text);
      return journal;
    },
    read: async (path) => {
      const { header, journal } = fileAt(path);
      const [end] = journal.sealed;
      const blobs = [...journal.blobs].map(([sha256, text]) => ({ sha256, text }));
      return { header, events: end?.events ?? journal.events, seal: end?.seal ?? null, blobs, blob: (hash) => journal.blobs.get(hash) ?? null };
    },
    peek: async (path) => {
      const { header, journal } = fileAt(path);
      return { header, sealed: journal.sealed.length > 0 };
    },
    reopen: async (path, begin) => {
      const { header, journal } = fileAt(path);
      const next = open(path, header);
      for (const [hash, text] of journal.blobs) next.blobs.set(hash, text);
      const reader = begin({ holds: (hash) => next.blobs.has(hash), text: (hash) => next.blobs.get(hash) ?? null });
      for (const line of journal.events) reader.take(line);
      const { kept, dropped } = reader.end();
      const gone = new Set<unknown>(dropped);
      next.events.push(...journal.events.filter((line) => !gone.has(line)));
      return { journal: next, kept };
    },
    open: async (path) => {
      const { header, journal } = fileAt(path);
      const [end] = journal.sealed;
      const blobs = [...journal.blobs].map(([sha256, text]) => ({ sha256, text }));
      return openMemoryCapsule({ header, events: end?.events ?? [], seal: end?.seal ?? null, blobs });
    },
    sign: async (path) => {
      if (fileAt(path).journal.sealed.length === 0) throw new BakeoffError("integrity", `${path} has no seal`, "");
      signed.push(path);
      return `${path}.sig`;
    },
  };
}

/** Answers that are kept in memory, as JSON. */
export function memoryAnswers(): KeptAnswers & { readonly entries: Map<string, unknown> } {
  const entries = new Map<string, unknown>();
  return { entries, find: async (key) => entries.get(key) ?? null, keep: async (key, entry) => void entries.set(key, structuredClone(entry)) };
}

export interface SessionWorld extends RunPorts {
  readonly capsules: MemoryCapsules;
  /** What was opened and closed, in order. */
  readonly opened: string[];
  readonly reports: { readonly record: ReportedRun; readonly folder: string | null }[];
}

/** What the capsule of a result holds. */
export async function withRecord<R extends Pick<SessionResult, "capsule">>(
  world: SessionWorld,
  result: Promise<R>,
): Promise<R & { readonly record: RunRecord }> {
  const ended = await result;
  const { header, events } = await world.capsules.read(ended.capsule);
  return { ...ended, record: foldRun(header, events) };
}

export interface WorldSketch {
  readonly suite?: Suite;
  /** What the policy's files hold, or what loading them throws. */
  readonly policy?: PolicySnapshot | Error;
  readonly lastGood?: PolicySnapshot;
  readonly script?: Script;
  readonly secrets?: readonly Secret[];
  readonly bench?: Workbench;
  readonly key?: SigningKey | null;
  readonly capsules?: MemoryCapsules;
  readonly serving?: Partial<Serving>;
  readonly ports?: Partial<RunPorts>;
}

export function sessionWorld(sketch: WorldSketch = {}): SessionWorld {
  const { suite = suiteOf(TASKS), policy = policyWith(), script = goodScript, secrets = [], bench = fakeBench(), key = null } = sketch;
  const opened: string[] = [];
  const reports: SessionWorld["reports"] = [];
  let runs = 0;
  return {
    clock: fakeClock(),
    wait: async (_, signal) => signal.throwIfAborted(),
    reachQueue: async () => {
      throw new Error("no queue here");
    },
    newRunId: () => `run-${(runs += 1)}`,
    version: "0.1.0",
    keepHeapSmall: () => undefined,
    cores: 2,
    slots: () => (work) => work(),
    loadSuite: async (name) => {
      if (name !== suite.name) throw new BakeoffError("usage", `no suite ${name}`, "");
      return suite;
    },
    policies: {
      load: async () => {
        if (policy instanceof Error) throw policy;
        return loaded(policy);
      },
      keepLastGood: async () => undefined,
      lastGood: async () => (sketch.lastGood ? { snapshot: sketch.lastGood, signature: { status: "absent" }, signatureText: null } : null),
      watch: () => ({ look: async () => null }),
    },
    serving: (snapshot) => ({ ...servingWith(snapshot, script, secrets), ...sketch.serving }),
    servers: {
      clock: fakeClock(),
      wait: async (_, signal) => signal.throwIfAborted(),
      serving: () => ({ readiness: async () => ({ ready: false, reason: "refused", taken: false }) }),
      environment: { PATH: "/bin" },
      findProgram: async (name) => `/bin/${name}`,
      hasPythonModule: async () => true,
      startServer: () => ({ ended: Promise.resolve("could not be started"), stop: async () => undefined }),
      gpuMemoryMib: async () => null,
    },
    openBench: async (slots) => {
      opened.push(`bench ${slots}`);
      return { bench, close: async () => void opened.push("closed") };
    },
    diffTool: () => ({ apply: async () => ({ ok: false, detail: "no diff tool here" }) }),
    openKeptAnswers: async () => memoryAnswers(),
    keys: { load: async () => key },
    registrations: { texts: memoryTexts(), log: memoryLog(memoryTexts()) },
    decisionRegister: async () => "# Decisions",
    sendTelemetry: async (endpoint, { traces }) => void opened.push(`telemetry ${endpoint} ${traces.length}`),
    writeReport: async ({ record }, folder) => {
      reports.push({ record, folder });
      return folder ?? `reports/${record.header.run_id}`;
    },
    opened,
    reports,
    ...sketch.ports,
    capsules: sketch.capsules ?? memoryCapsules(),
  };
}

export const loaded = (snapshot: PolicySnapshot): LoadedPolicy => ({
  snapshot,
  warnings: [],
  signature: { status: "absent" },
  files: ["policy/model_policy.toml"],
  signatureFile: "policy/model_policy.sig.json",
  signatureText: null,
});

/** Nobody has a key, no candidate's server answers: the stand-ins play. */
export function servingWith(snapshot: PolicySnapshot, script: Script = goodScript, secrets: readonly Secret[] = []): Serving {
  return {
    reachable: () => false,
    readiness: async () => ({ ready: false, reason: "no server", taken: false }),
    modelReadiness: async () => ({ ready: false, reason: "no server", taken: false }),
    providers: () => new Map(["embedded", "sglang", "openai"].map((name) => [name, fakeProvider(name, script)])),
    networkProviders: () => new Map([["sglang", fakeProvider("sglang", script)]]),
    control: () => ({ flush: async () => true, cacheCounters: async () => null }),
    inspectors: () => new Map(),
    notebook: async () => ({ port: null, reason: "switched off" }),
    redactor: openRedactor(snapshot.policy.redaction.patterns, secrets),
  };
}

export const sessionRequest = (facts: Partial<SessionRequest> = {}): SessionRequest => ({
  suite: "tiny",
  policySources: { policyFile: "policy/model_policy.toml", specFile: null, overrides: [] },
  candidates: ["rustc-suggestions", "nop"],
  requiredSandbox: null,
  epochs: 1,
  limit: null,
  tasks: null,
  registration: null,
  concurrency: null,
  capability: false,
  diagnosisOf: null,
  seed: 1,
  resume: null,
  overrideBudget: false,
  keyFile: null,
  reportFolder: null,
  otlp: null,
  ...facts,
});

/** Keeps what it is told, in order. */
export function listener(): SessionWatcher & { readonly heard: string[] } {
  const heard: string[] = [];
  return {
    heard,
    planned: (header, capsule) => void heard.push(`planned ${header.run_id} ${capsule}`),
    // Told of nearly every small run; whoever tests it listens for it.
    unreachable: () => undefined,
    finished: (header) => void heard.push(`finished ${header.run_id}`),
    sealed: (capsule) => void heard.push(`sealed ${capsule}`),
    telemetryLost: (why) => void heard.push(`telemetry lost: ${why}`),
    preparing: (base) => void heard.push(`preparing ${base}`),
    prepared: ({ base }) => void heard.push(`prepared ${base.name}`),
    trialDone: ({ id }, _, done, total) => void heard.push(`${done}/${total} ${id}`),
  };
}

export const someKey = (): SigningKey => readSigningKey(generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString());
