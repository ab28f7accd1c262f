// A small world for whole runs: a suite in memory, a workbench that reads the verdict off the file, scripted models.
import { pricingOf } from "../../../src/core/trial/call-cost.ts";
import { readFileSync } from "node:fs";
import { deflateSync } from "node:zlib";
import { canonicalJson, merkleRoot, sha256 } from "../../../src/core/base/canonical.ts";
import { parseToml } from "../../../src/core/base/toml.ts";
import { type EventLine, eventLine, type Header, lineText, type Seal } from "../../../src/core/capsule/line.ts";
import { dataHash, openTextRoot } from "../../../src/core/capsule/proof/text-root.ts";
import { openRedactor } from "../../../src/core/capsule/redaction.ts";
import { candidatesSchema, policySchema, type WrittenCandidates, type WrittenPolicy } from "../../../src/core/policy/schema.ts";
import { compileSnapshot, type PolicySnapshot } from "../../../src/core/policy/snapshot.ts";
import type { Binding } from "../../../src/core/trial/command.ts";
import { taskSchema } from "../../../src/core/suite/schema.ts";
import { type Base, resolveTask, type Suite, type Task, treeDigest } from "../../../src/core/suite/suite.ts";
import type { Verdict } from "../../../src/core/verdict/verdict.ts";
import { foldRun, type RunRecord } from "../../../src/core/capsule/record.ts";
import { runBakeoff } from "../../../src/app/run/bakeoff.ts";
import type { BakeoffOptions } from "../../../src/app/run/bakeoff-options.ts";
import { keepRun, type KeptRun, nothingKept } from "../../../src/app/run/kept-run.ts";
import { planRun } from "../../../src/app/run/plan.ts";
import type { Clock } from "../../../src/ports/clock.ts";
import type { Journal, JournalEntry } from "../../../src/ports/journal.ts";
import type { ModelFailure, ModelProvider, ModelReply, ModelRequest, NetworkProvider } from "../../../src/ports/models.ts";
import type { TrialQueue } from "../../../src/ports/trial-queue.ts";
import type { KeptTree, KeptVerification, Workbench } from "../../../src/ports/workbench.ts";
import { inProcessQueue } from "../../../src/trial/in-process-queue.ts";
import { isWrittenAs, writtenLine } from "./written-line.ts";

const FILES = ["a", "b", "c", "d"] as const;

const tree = new Map<string, string>([
  ["Cargo.lock", "version = 4\n"],
  ["Cargo.toml", '[package]\nname = "tiny"\n'],
  ["src/lib.rs", FILES.map((name) => `pub mod ${name};\n`).join("")],
  ...FILES.map((name) => [`src/${name}.rs`, `// ${name}\npub fn ${name}() -> u32 {\n    1\n}\n`] as const),
]);

export const base: Base = { name: "main", tree, digest: treeDigest(tree), hidden: [], protected: [] };

export const writtenTask = (name: string, facts: Readonly<Record<string, unknown>> = {}) => ({
  format: 1,
  id: `fix-${name}`,
  title: `Fix ${name}`,
  kind: "test",
  risk: "low",
  area: "logic",
  instruction: "It should be 1.",
  editable: [`src/${name}.rs`],
  fail_to_pass: [`tiny/lib/${name}`],
  held_out: [`tiny/lib/heldout::${name}`],
  break: [{ path: `src/${name}.rs`, search: "    1\n", replace: "    2\n" }],
  ...facts,
});

export function taskNamed(name: string, facts: Readonly<Record<string, unknown>> = {}): Task {
  const { task, faults } = resolveTask(taskSchema.parse(writtenTask(name, facts)), base, { compile_timeout_s: 60, test_timeout_s: 20 });
  if (!task) throw new Error(JSON.stringify(faults));
  return task;
}

export function suiteOf(tasks: readonly Task[]): Suite {
  return {
    name: "tiny",
    version: "1.0.0",
    description: "Tiny.",
    dependencies: "none",
    bases: [base],
    tasks,
    root: merkleRoot(tasks.map(({ digest }) => digest)),
  };
}

const read = (name: string): string => readFileSync(new URL(`../../../policy/${name}`, import.meta.url), "utf8");

const writtenPolicy = parseToml("policy", read("model_policy.toml"), policySchema);
const writtenCandidates = parseToml("candidates", read("candidates.toml"), candidatesSchema);

/** The project's own policy, as it was when these tests were written, with changes. */
export function policyWith(
  change: (policy: WrittenPolicy) => void = () => undefined,
  line: (candidates: WrittenCandidates) => void = () => undefined,
): PolicySnapshot {
  if (!writtenPolicy.ok || !writtenCandidates.ok) throw new Error("the policy of this repository is not valid");
  const copy = structuredClone(writtenPolicy.value);
  Object.assign(copy.reflex, { enabled: true, max_attempts: 2 });
  copy.roles.implementer.max_attempts = 2;
  copy.tier2.enabled = false;
  copy.capture.mode = "full_io";
  copy.gates.calibration_plants = 0;
  change(copy);
  const candidates = structuredClone(writtenCandidates.value);
  line(candidates);
  return compileSnapshot(copy, candidates, { createdAt: "2026-11-22T00:00:00.000Z", files: [] });
}

/** So many plants, in a run of one epoch already. */
export const planting =
  (plants: number) =>
  ({ gates }: WrittenPolicy): void => {
    gates.calibration_plants = plants;
    gates.reflex_promotion.min_epochs = 1;
  };

/** Each look at the clock is a little later. */
export function fakeClock(): Clock {
  let ticks = 0;
  return { now: () => (ticks += 1.5), wall: () => new Date(1_800_000_000_000 + (ticks += 1)).toISOString() };
}

/** What an answer's file says its verdict shall be. */
export const VERDICTS: Readonly<Record<string, Verdict>> = {
  failed: {
    status: "failed",
    tests: [
      { id: "tiny/lib/a", status: "failed", heldOut: false, output: "left: 2\nright: 1" },
      { id: "tiny/lib/heldout::a", status: "failed", heldOut: true, output: "" },
    ],
  },
  "held-out": {
    status: "failed",
    tests: [
      { id: "tiny/lib/a", status: "passed", heldOut: false, output: "" },
      { id: "tiny/lib/heldout::a", status: "failed", heldOut: true, output: "" },
    ],
  },
  passed: { status: "passed", tests: [{ id: "tiny/lib/a", status: "passed", heldOut: false, output: "" }] },
  "compile-error": {
    status: "compile-error",
    codes: ["E0308"],
    diagnostics: [{ level: "error", code: "E0308", message: "mismatched types", span: null, rendered: "error[E0308]: mismatched types\n", suggestions: [] }],
  },
  timeout: { status: "timeout", phase: "test", limitS: 20 },
  tampered: { status: "tampered", seen: [{ rule: "exit", detail: "the process ended by itself" }] },
  infrastructure: { status: "infrastructure", detail: "no space left in the sandbox" },
};

/** Gives the verdict that the changed file asks for in `// verdict: NAME`; `infrastructure-once` only the first time. */
export function fakeBench(pause: () => Promise<void> = async () => undefined): Workbench & { readonly verified: string[]; readonly prepared: string[] } {
  const verified: string[] = [];
  const prepared: string[] = [];
  const seen = new Set<string>();
  const kept = new Map<string, KeptVerification>();
  const keptKey = ({ task, changes }: KeptTree): string => `${task.id} ${JSON.stringify([...changes])}`;
  return {
    tier: "util-linux",
    toolchain: { rustc: "rustc 1.95.0", cargo: "cargo 1.95.0", host: "x86_64-unknown-linux-gnu" },
    verified,
    prepared,
    prepare: async (one) => {
      prepared.push(one.name);
      return {
        base: one,
        key: "0".repeat(64),
        visibleTests: ["tiny/lib/a"],
        heldOutTests: ["tiny/lib/heldout::a"],
        sentinels: 1,
        compileTime: [],
        observations: new Map(),
        unsteadyObservations: 0,
        preparedMs: 0,
      };
    },
    startState: async () => VERDICTS["failed"] as Verdict,
    kept: { find: async (one) => kept.get(keptKey(one)) ?? null, keep: async (one, verification) => void kept.set(keptKey(one), verification) },
    prepareLint: async () => undefined,
    lint: async () => ({ outcome: "linted", diagnostics: [], detail: "", totalMs: 1 }),
    verify: async ({ task, changes }, signal) => {
      await pause();
      signal.throwIfAborted();
      const text = [...changes.values()].join("\n");
      const key = `${task.id} ${sha256(text)}`;
      verified.push(task.id);
      const asked = /verdict: ([a-z-]+)/.exec(text)?.[1] ?? (text.includes("    1\n") ? "passed" : "failed");
      const name = asked === "infrastructure-once" ? (seen.has(key) ? "passed" : "infrastructure") : asked;
      seen.add(key);
      return {
        verdict: VERDICTS[name] as Verdict,
        notes: [],
        times: { applyMs: 1, checkMs: 2, testMs: 3, overheadMs: 4, totalMs: 10 },
        queueMs: 0.5,
        treeHash: sha256(key),
      };
    },
  };
}

export const answered = (text: string): ModelReply => ({
  resolvedModel: "fake-1",
  servedModel: null,
  effort: null,
  times: { queueMs: 1, ttftMs: 2, firstOutputMs: 2, totalMs: 3, gapsMs: [1] },
  usage: { promptTokens: 100, responseTokens: 10, cachedTokens: 40, reasoningTokens: null },
  outcome: "answered",
  text,
});

export const failedCall = (failure: ModelFailure, detail = "no"): ModelReply => ({
  resolvedModel: "fake-1",
  servedModel: null,
  effort: null,
  times: { queueMs: 1, ttftMs: null, firstOutputMs: null, totalMs: 3, gapsMs: [] },
  usage: { promptTokens: null, responseTokens: null, cachedTokens: null, reasoningTokens: null },
  outcome: "failed",
  failure,
  detail,
});

/** An answer whose edit asks the fake workbench for a verdict; `note` makes it one of a kind. */
export function editFor(task: Task, verdict: string, note = ""): string {
  const path = [...task.broken.keys()][0] ?? "";
  return JSON.stringify({ edits: [{ path, search: "    2\n", replace: `    1 // ${note} verdict: ${verdict}\n` }] });
}

export const unlock = (decision: "UNLOCK" | "BLOCK"): string =>
  JSON.stringify({ unlock_decision: decision, decision_rationale: `it is ${decision}\u2028by my word 😀`, next_steps: [] });
export const critic = (severity: "advisory" | "block"): string => JSON.stringify({ severity, kind: "other", message: `said ${severity}`, evidence_ref: null });

export type Script = (request: ModelRequest, provider: string) => ModelReply | Promise<ModelReply>;

export function fakeProvider(name: string, script: Script, calls: ModelRequest[] | null = null): ModelProvider {
  return {
    name,
    call: async (request, signal) => {
      calls?.push(request);
      const reply = await script(request, name);
      signal.throwIfAborted();
      return reply;
    },
  };
}

/** A provider that goes by what is sent alone, as one behind a network does: what else its script looks at is read out of the prompt. */
export function sentProvider(name: string, script: Script, tasks: readonly Task[]): NetworkProvider {
  return {
    name,
    call: async (request, signal) => {
      const [, path = ""] = /You may change: `([^`]+)`/.exec(request.messages.map(({ content }) => content).join("\n")) ?? [];
      const task = tasks.find(({ broken }) => broken.has(path));
      if (task === undefined) throw new Error(`no task changes ${path}`);
      const verdict = request.messages.length > 2 || request.purpose === "judge" ? (VERDICTS["failed"] as Verdict) : null;
      const reply = await script({ ...request, material: { task, tree: task.base.tree, diagnostics: [], lastChanges: null, verdict } }, name);
      signal.throwIfAborted();
      return reply;
    },
  };
}

/** A good model: solves at once, advises, unlocks. */
export const goodScript: Script = ({ purpose, material }) => {
  if (purpose === "patch") return answered(editFor(material.task, "passed"));
  if (purpose === "critique") return answered(critic("advisory"));
  return answered(purpose === "judge" ? unlock("UNLOCK") : "Plan: put it right.");
};

export const bindings = (provider = "cloud") => {
  const bind = (model: string): Binding => ({ provider, model, standIn: null });
  return { architect: bind("big"), implementer: bind("high"), judge: bind("big"), sidecarCritic: bind("mini"), notebook: bind("book") };
};

export interface RunSketch {
  readonly tasks?: readonly Task[];
  readonly candidates?: readonly string[];
  readonly epochs?: number;
  readonly capability?: boolean;
  readonly snapshot?: PolicySnapshot;
}

export function headerOf({ tasks = TASKS, candidates = ["small", "other"], epochs = 1, capability = false, snapshot = policyWith() }: RunSketch): Header {
  return planRun(
    {
      runId: "run-1",
      createdAt: "2026-11-22T00:00:00.000Z",
      version: "0.1.0",
      epochs,
      limit: null,
      tasks: null,
      capability,
      diagnosisOf: null,
      seed: 1,
      concurrency: { cargo: 2, model: 2 },
    },
    {
      suite: suiteOf(tasks),
      snapshot,
      toolchain: { rustc: "rustc 1.95.0", cargo: "cargo 1.95.0", host: "x86_64-unknown-linux-gnu" },
      tier: "util-linux",
      lineUp: { candidates: candidates.map((name) => ({ name, provider: "local", model: name })), leftOut: [], bindings: bindings() },
      warnings: [],
      decisionRegister: null,
    },
  );
}

export const TASKS: readonly Task[] = [taskNamed("a"), taskNamed("b", { risk: "high" }), taskNamed("c")];

export const snapshotBlob = (snapshot: PolicySnapshot) => ({ sha256: sha256(canonicalJson(snapshot)), text: canonicalJson(snapshot) });

/** Everything that a run needs, from a sketch and one script for all models. */
export function optionsFor(sketch: RunSketch & { readonly script?: Script }, journal: Journal, more: Partial<BakeoffOptions> = {}): BakeoffOptions {
  const snapshot = sketch.snapshot ?? policyWith();
  const script = sketch.script ?? goodScript;
  return {
    header: headerOf({ ...sketch, snapshot }),
    suite: suiteOf(sketch.tasks ?? TASKS),
    snapshot,
    bench: fakeBench(),
    journal,
    kept: nothingKept(),
    overrideBudget: false,
    diffTool: { apply: async () => ({ ok: false, detail: "no diff tool here" }) },
    notebook: { port: null, reason: "switched off" },
    servers: new Map(),
    policySource: { look: async () => null },
    watcher: { preparing: () => undefined, prepared: () => undefined, trialDone: () => undefined },
    queue: atOnce,
    modelSlot: (work) => work(),
    wait: async (_, signal) => signal.throwIfAborted(),
    clock: fakeClock(),
    signal: new AbortController().signal,
    providers: new Map(["local", "cloud"].map((name) => [name, fakeProvider(name, script)])),
    prices: pricingOf(snapshot),
    retries: snapshot.policy.retries,
    capture: snapshot.policy.capture.mode,
    redactor: openRedactor(snapshot.policy.redaction.patterns, []),
    ...more,
  };
}

/** How a text is stored: as a journal on disk would write it. */
export function storedText(text: string): { readonly bytes: number; readonly data: string } {
  const stored = storedTexts.get(text) ?? Object.freeze({ bytes: Buffer.byteLength(text), data: deflateSync(text).toString("base64") });
  storedTexts.set(text, stored);
  return stored;
}

/** Runs of one process hold the same prompts and answers. */
const storedTexts = new Map<string, { readonly bytes: number; readonly data: string }>();

export function textsRootOf(blobs: ReadonlyMap<string, string>): string {
  const root = openTextRoot();
  for (const [hash, text] of [...blobs].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const { bytes, data } = storedText(text);
    root.add(hash, bytes, dataHash(data));
  }
  return root.root();
}

export interface MemoryJournal extends Journal {
  readonly entries: JournalEntry[];
  readonly blobs: Map<string, string>;
  readonly events: EventLine[];
  readonly sealed: { seal: Seal; events: readonly EventLine[] }[];
}

/** As it is read from the line that the run wrote; a seal is over what was written. */
function eventOf(text: string): EventLine {
  const line = eventLine.parse(JSON.parse(text));
  isWrittenAs(line, text);
  return line;
}

export function memoryJournal(header: Header, refuse: (entry: JournalEntry) => Error | null = () => null): MemoryJournal {
  const journal: MemoryJournal = {
    path: "memory",
    entries: [],
    blobs: new Map(),
    events: [],
    sealed: [],
    append: async (entry) => {
      const refused = refuse(entry);
      if (refused) throw refused;
      journal.entries.push(entry);
      for (const blob of entry.blobs) journal.blobs.set(blob.sha256, blob.text);
      journal.events.push(...entry.lines.map(eventOf));
    },
    sync: async () => undefined,
    seal: async (order, sealLine) => {
      const events = journal.events.toSorted(order);
      const seal = sealLine({
        merkleRoot: merkleRoot(events.map(writtenLine)),
        headerHash: sha256(lineText(header)),
        events: events.length,
        blobs: journal.blobs.size,
        textsRoot: textsRootOf(journal.blobs),
        lastTimestamp: events.map(({ timestamp }) => timestamp).reduce((last, one) => (one > last ? one : last), ""),
      });
      journal.sealed.push({ seal, events });
    },
    close: async () => undefined,
  };
  return journal;
}

/** What a run keeps of a journal that it goes on with, and the events that stay in it. */
export function keptOf({ events, blobs }: { readonly events: readonly EventLine[]; readonly blobs: ReadonlyMap<string, string> }): {
  readonly kept: KeptRun;
  readonly events: readonly EventLine[];
} {
  const reader = keepRun({ holds: (hash) => blobs.has(hash), text: (hash) => blobs.get(hash) ?? null });
  for (const line of events) reader.take(line);
  const { kept, dropped } = reader.end();
  const gone = new Set<unknown>(dropped);
  return { kept, events: events.filter((line) => !gone.has(line)) };
}

/** Carries a run out on a journal in memory, and folds what that holds then. */
export async function ranIn(journal: MemoryJournal, options: BakeoffOptions): Promise<RunRecord> {
  await runBakeoff({ ...options, journal });
  return foldRun(options.header, journal.events);
}

/** Events without what differs from one run of the same thing to the next: times, and which trial verified a tree first. */
export function timeless(events: readonly EventLine[]): unknown[] {
  return events.map(
    (line) =>
      JSON.parse(
        JSON.stringify(line, (key, value: unknown) => (key === "timestamp" || key === "reused" || key.endsWith("_ms") ? undefined : value)),
      ) as unknown,
  );
}

/** All trials at once. */
export const atOnce: TrialQueue = inProcessQueue(Number.POSITIVE_INFINITY);

/** One trial after the other. */
export const oneByOne = (): TrialQueue => inProcessQueue(1);
