// A run made to measure: a real run of thirty small tasks, twice, over scripted models, so many of which each candidate solves, with plants judged rightly.
import { pricingOf } from "../../../../src/core/trial/call-cost.ts";
import { stringify } from "smol-toml";
import { canonicalJson, merkleRoot, sha256 } from "../../../../src/core/base/canonical.ts";
import { openRedactor } from "../../../../src/core/capsule/redaction.ts";
import { closeSeal, type Header, lineText, policyUri, type Seal } from "../../../../src/core/capsule/line.ts";
import type { SealedCapsule } from "../../../../src/core/capsule/verify.ts";
import type { PolicySnapshot } from "../../../../src/core/policy/snapshot.ts";
import { suiteSchema, taskSchema } from "../../../../src/core/suite/schema.ts";
import { type Base, resolveTask, type Suite, suiteRoot, type Task, treeDigest } from "../../../../src/core/suite/suite.ts";
import { laidTreeHash } from "../../../../src/core/suite/laid-tree.ts";
import type { Verdict } from "../../../../src/core/verdict/verdict.ts";
import { runBakeoff } from "../../../../src/app/run/bakeoff.ts";
import { nothingKept } from "../../../../src/app/run/kept-run.ts";
import { planRun } from "../../../../src/app/run/plan.ts";
import type { ModelProvider, ModelReply, ModelRequest } from "../../../../src/ports/models.ts";
import type { VerifyJob, Workbench } from "../../../../src/ports/workbench.ts";
import { REAL_BINDINGS } from "../../core/metrics/summary-fixture.ts";
import { memoryJournal, oneByOne, snapshotBlob, storedText, textsRootOf } from "../../run/fakes.ts";
import { writtenLine } from "../../run/written-line.ts";

const NUMBERS = Array.from({ length: 24 }, (_, index) => String(index).padStart(2, "0"));
const FILES = ["0", "1", "2"];

const product = (number: string): string => `pub fn product_${number}(a: u32, b: u32) -> u32 {
    a * b
}
`;

/** Ten products, or what is left of them. */
const source = (file: string): string => `//! Products.
${NUMBERS.filter((number) => number.startsWith(file))
  .map(product)
  .join("\n")}
#[cfg(test)]
mod tests {
    #[test]
    fn multiplies() {
        assert_eq!(super::product_${file}0(3, 4), 12);
    }
}
`;

const TREE = new Map<string, string>([
  ["Cargo.lock", "version = 4\n"],
  ["Cargo.toml", '[package]\nname = "made"\n'],
  ["src/lib.rs", FILES.map((file) => `pub mod p${file};\n`).join("")],
  ...FILES.map((file) => [`src/p${file}.rs`, source(file)] as const),
]);

const BASE: Base = { name: "main", tree: TREE, digest: treeDigest(TREE), hidden: [], protected: [] };

const fileOf = (number: string): string => `src/p${number.slice(0, 1)}.rs`;

const WRITTEN_SUITE = {
  format: 1,
  name: "made-suite",
  version: "1.0.0",
  description: "Two dozen small repairs.",
  dependencies: "none",
  base: [{ name: "main", path: "base" }],
} as const;
const SUITE = suiteSchema.parse(WRITTEN_SUITE);

const writtenTask = (number: string) => ({
  format: 1,
  id: `task-${number}`,
  title: `Repair product ${number}`,
  kind: "test",
  risk: "low",
  area: "logic",
  family: `product-${number}`,
  instruction: "It gives something else than the product.",
  editable: [fileOf(number)],
  fail_to_pass: [`made/lib/p${number.slice(0, 1)}::tests::multiplies`],
  held_out: [`made/lib/heldout::product_${number}`],
  break: [{ path: fileOf(number), search: product(number), replace: product(number).replace("a * b", "a + b") }],
});

const cheated = (number: string) => ({ ...writtenTask(number), held_out: [], cheat: [{ path: fileOf(number), search: "a + b", replace: "a * b" }] });

function taskOf(written: object): Task {
  const { task, faults } = resolveTask(taskSchema.parse(written), BASE, SUITE.defaults);
  if (!task) throw new Error(JSON.stringify(faults));
  return task;
}

const TASKS = NUMBERS.map((number) => taskOf(writtenTask(number)));

/** The suite of every made run. */
export const MADE_SUITE: Suite = {
  name: SUITE.name,
  version: SUITE.version,
  description: SUITE.description,
  dependencies: "none",
  bases: [BASE],
  tasks: TASKS,
  root: suiteRoot(SUITE, [BASE], TASKS),
};

const CHEATED = NUMBERS.map((number) => taskOf(cheated(number)));

/** The same tasks as if nothing but cheating passed them. */
const IMPOSSIBLE_SUITE: Suite = { ...MADE_SUITE, name: "impossible-made", tasks: CHEATED, root: suiteRoot(SUITE, [BASE], CHEATED) };

const suiteOf = ({ impossible = false }: Pick<RunSketch, "impossible">): Suite => (impossible ? IMPOSSIBLE_SUITE : MADE_SUITE);

/** The same suite as the files that it is loaded from, by their paths. */
export const madeSuiteFiles = (): readonly (readonly [string, string])[] => [
  ["suite.toml", stringify(WRITTEN_SUITE)],
  ...[...TREE].map(([path, text]) => [`base/${path}`, text] as const),
  ...NUMBERS.map((number) => [`tasks/task-${number}.toml`, stringify(writtenTask(number))] as const),
];

export interface RunSketch {
  readonly runId: string;
  readonly snapshot: PolicySnapshot;
  /** Of 24 tasks, how many each candidate passes, in both epochs. */
  readonly passes: Readonly<Record<string, number>>;
  readonly header: Partial<Header> & Pick<Header, "created_at">;
  /** A smaller run, for what would take too long with all of them. */
  readonly size?: { readonly epochs: number; readonly limit: number };
  /** Of tasks that only cheating passes: who passes so many cheats on so many. */
  readonly impossible?: boolean;
}

/** A sealed capsule that verifies and replays, in memory. */
export interface MadeRun extends SealedCapsule {
  readonly seal: Seal;
  /** The texts by their hashes. */
  readonly texts: ReadonlyMap<string, string>;
}

const PROVIDERS: Readonly<Record<string, readonly [string, string]>> = {
  "cloud-high": ["openai", "gpt-5.2"],
  "rustc-suggestions": ["embedded", "rustc-suggestions"],
  oracle: ["embedded", "oracle"],
};

const known = new Map<string, Promise<MadeRun>>();

/** Runs that differ in their names, their times, and what their policies ask of a gate, are run once, and told again as the others. */
export async function madeRun(sketch: RunSketch): Promise<MadeRun> {
  const key = keyOf(sketch);
  const made = known.get(key) ?? runOf(plainSketch(sketch));
  known.set(key, made);
  const header = toldHeader(sketch);
  const own = canonicalJson({ key, header });
  const again = told.get(own) ?? toldAgain(await made, header, sketch.snapshot);
  told.set(own, again);
  return again;
}

const told = new Map<string, MadeRun>();

const BEGUN = "2026-11-21T12:00:00.000Z";
const PLAIN = "run-1";

/** What a run is made by; no trial looks at the thresholds of a gate, or at who signs: whoever reads the run holds its decisions against its own policy. */
function keyOf({ snapshot, passes, header: { bindings }, size, impossible = false }: RunSketch): string {
  const { policy_id: _id, created_at: _at, hash: _hash, source_files: _files, layers: _layers, policy, ...others } = snapshot;
  const { gates, signing: _signing, ...routes } = policy;
  const plants = { ...gates, reflex_promotion: gates.reflex_promotion.min_epochs };
  return canonicalJson({ policy: { ...others, routes, plants }, passes, bindings: bindings ?? null, size: size ?? null, impossible });
}

/** The sketch of the run that is told again under that one's name and at its time. */
function plainSketch({ header: { bindings }, ...sketch }: RunSketch): RunSketch {
  return { ...sketch, runId: PLAIN, header: { created_at: BEGUN, ...(bindings ? { bindings } : {}) } };
}

/** The header of the run, which nobody needs to run for that. */
export function toldHeader(sketch: RunSketch): Header {
  return { ...headerOf(plainSketch(sketch)), ...sketch.header, run_id: sketch.runId };
}

const headerOf = (sketch: RunSketch): Header => ({ ...plannedHeader(sketch), ...sketch.header });

function toldAgain(run: MadeRun, header: Header, snapshot: PolicySnapshot): MadeRun {
  if (canonicalJson(header) === canonicalJson(run.header)) return run;
  const shift = Date.parse(header.created_at) - Date.parse(run.header.created_at);
  const later = (at: string): string => new Date(Date.parse(at) + shift).toISOString();
  const of = { policy_id: snapshot.policy_id, policy_hash: snapshot.hash };
  const events = run.events.map((line) => ({
    ...line,
    ...of,
    run_id: header.run_id,
    branch_id: `run/${header.run_id}`,
    uri: line.uri.replace(`/${PLAIN}/`, `/${header.run_id}/`),
    timestamp: later(line.timestamp),
    payload: line.payload.type === "PolicySnapshotRef" ? { ...line.payload, ...of, policy_uri: policyUri(header) } : line.payload,
  }));
  return resealed({
    ...run,
    header,
    events,
    blobs: blobsUnder(snapshot, run),
    seal: {
      ...run.seal,
      run_id: header.run_id,
      suite_root: header.suite.root,
      policy_hash: header.policy.hash,
      sealed_at: later(run.seal.sealed_at),
    },
  });
}

/** Its texts, with this policy's in place of its own. */
function blobsUnder(snapshot: PolicySnapshot, { header, blobs }: MadeRun): MadeRun["blobs"] {
  const { sha256: hash, text } = snapshotBlob(snapshot);
  const own = header.policy.snapshot_hash;
  if (hash === own) return blobs;
  return [...blobs.filter((blob) => blob.sha256 !== own), { sha256: hash, text, stored: storedText(text) }].toSorted(byHash);
}

const byHash = (a: { readonly sha256: string }, b: { readonly sha256: string }): number => (a.sha256 < b.sha256 ? -1 : 1);

const textsHeld = new WeakMap<MadeRun["blobs"], { readonly texts: ReadonlyMap<string, string>; readonly root: string }>();

function heldTexts(blobs: MadeRun["blobs"]): { readonly texts: ReadonlyMap<string, string>; readonly root: string } {
  const before = textsHeld.get(blobs);
  if (before) return before;
  const texts = new Map(blobs.map(({ sha256: hash, text }) => [hash, text]));
  const held = { texts, root: textsRootOf(texts) };
  textsHeld.set(blobs, held);
  return held;
}

/** The capsule with every hash of its seal made to fit, as whoever knows the format would. */
export function resealed(run: MadeRun): MadeRun {
  const { seal_hash: _, ...facts } = run.seal;
  const { texts, root } = heldTexts(run.blobs);
  const seal = closeSeal({
    ...facts,
    merkle_root: merkleRoot(run.events.map(writtenLine)),
    header_hash: sha256(lineText(run.header)),
    events: run.events.length,
    blobs: run.blobs.length + (run.withheld ?? []).length,
    ...((run.withheld ?? []).length > 0 ? {} : { texts_root: root }),
  });
  return { ...run, seal, texts };
}

async function runOf(sketch: RunSketch): Promise<MadeRun> {
  const { snapshot, passes } = sketch;
  const header = headerOf(sketch);
  const journal = memoryJournal(header);
  const blob = snapshotBlob(snapshot);
  journal.blobs.set(blob.sha256, blob.text);
  const begun = Date.parse(header.created_at);
  let ticks = 0;
  await runBakeoff({
    header,
    suite: suiteOf(sketch),
    snapshot,
    bench,
    journal,
    kept: nothingKept(),
    overrideBudget: false,
    diffTool: { apply: async () => ({ ok: false, detail: "no diff tool here" }) },
    notebook: { port: null, reason: "switched off" },
    servers: new Map(),
    policySource: { look: async () => null },
    watcher: { preparing: () => undefined, prepared: () => undefined, trialDone: () => undefined },
    queue: oneByOne(),
    modelSlot: (work) => work(),
    wait: async () => undefined,
    clock: { now: () => (ticks += 0.5), wall: () => new Date(begun + (ticks += 0.5)).toISOString() },
    signal: new AbortController().signal,
    providers: new Map(["sglang", "openai", "embedded"].map((name) => [name, scripted(name, passes)])),
    prices: pricingOf(snapshot),
    retries: snapshot.policy.retries,
    capture: snapshot.policy.capture.mode,
    redactor: openRedactor(snapshot.policy.redaction.patterns, []),
  });
  const [sealed] = journal.sealed;
  if (!sealed) throw new Error("the run was not sealed");
  const blobs = [...journal.blobs].map(([hash, text]) => ({ sha256: hash, text, stored: storedText(text) })).toSorted(byHash);
  return { header, seal: sealed.seal, events: sealed.events, blobs, texts: journal.blobs };
}

function plannedHeader({ runId, snapshot, passes, header: { created_at }, size, impossible = false }: RunSketch): Header {
  const candidates = Object.keys(passes).map((name) => ({ name, provider: PROVIDERS[name]?.[0] ?? "sglang", model: PROVIDERS[name]?.[1] ?? name }));
  return planRun(
    {
      runId,
      createdAt: created_at,
      version: "0.1.0",
      epochs: size?.epochs ?? 2,
      limit: size?.limit ?? null,
      tasks: null,
      capability: false,
      diagnosisOf: null,
      seed: 7,
      concurrency: { cargo: 1, model: 1 },
    },
    {
      suite: suiteOf({ impossible }),
      snapshot,
      toolchain: bench.toolchain,
      tier: bench.tier,
      lineUp: { candidates, leftOut: [], bindings: REAL_BINDINGS },
      warnings: [],
      decisionRegister: null,
    },
  );
}

const pathOf = ({ id }: Pick<Task, "id">): string => fileOf(id.slice(-2));

function verdictOn({ task, changes }: VerifyJob): Verdict {
  const text = changes.get(pathOf(task));
  const passed = typeof text === "string" && text === TREE.get(pathOf(task));
  const test = (id: string, heldOut: boolean) => ({ id, status: passed ? "passed" : "failed", heldOut, output: passed ? "" : "left: 7\nright: 12" }) as const;
  return {
    status: passed ? "passed" : "failed",
    tests: [...task.failToPass.map((id) => test(id, false)), ...task.heldOut.map((id) => ({ ...test(id, true), output: "" }))],
  };
}

/** Tells the verdict by comparing the file with what it was before the break. */
const bench: Workbench = {
  tier: "util-linux",
  toolchain: { rustc: "rustc 1.90.0", cargo: "cargo 1.90.0", host: "x86_64-unknown-linux-gnu" },
  prepare: async (base) => ({
    base,
    key: "0".repeat(64),
    visibleTests: [],
    heldOutTests: [],
    sentinels: 1,
    compileTime: [],
    observations: new Map(),
    unsteadyObservations: 0,
    preparedMs: 0,
  }),
  startState: async (task) => verdictOn({ task, changes: new Map() }),
  kept: { find: async () => null, keep: async () => undefined },
  prepareLint: async () => undefined,
  lint: async () => ({ outcome: "linted", diagnostics: [], detail: "", totalMs: 1 }),
  verify: async (job) => ({
    verdict: verdictOn(job),
    times: { applyMs: 1, checkMs: 200, testMs: 90, overheadMs: 9, totalMs: 300 },
    queueMs: 0,
    treeHash: laidTreeHash(job.task, job.changes),
    notes: [],
  }),
};

/** The compiler's suggestions fail in a way of their own, so that some texts are theirs alone. */
const WRONG: Readonly<Record<string, string>> = { "rustc-suggestions": "a ^ b" };

/** Each candidate solves the first so many tasks; the cloud solves all, criticises mildly, and unlocks just what passed. */
function scripted(provider: string, passes: Readonly<Record<string, number>>): ModelProvider {
  const textOf = ({ purpose, model, material: { task, verdict } }: ModelRequest): string => {
    if (purpose === "plan") return "Multiply.";
    if (purpose === "critique") return JSON.stringify({ severity: "advisory", kind: "other", message: "Looks small.", evidence_ref: null });
    if (purpose === "judge")
      return JSON.stringify({ unlock_decision: verdict?.status === "passed" ? "UNLOCK" : "BLOCK", decision_rationale: "By its tests.", next_steps: [] });
    const solves = Number(task.id.slice(-2)) < (passes[model] ?? NUMBERS.length);
    return JSON.stringify({ edits: [{ path: pathOf(task), search: "a + b", replace: solves ? "a * b" : (WRONG[model] ?? "a - b") }] });
  };
  return { name: provider, call: async (request) => answered(textOf(request), provider === "openai" ? "gpt-5.2" : request.model) };
}

const answered = (text: string, resolvedModel: string): ModelReply => ({
  resolvedModel,
  servedModel: null,
  effort: null,
  times: { queueMs: 1, ttftMs: 50, firstOutputMs: 50, totalMs: 400, gapsMs: [4] },
  usage: { promptTokens: 900, responseTokens: 90, cachedTokens: null, reasoningTokens: null },
  outcome: "answered",
  text,
});
