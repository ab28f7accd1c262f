// Turns a repair into a proved task, or tells why it is none: every list of the task comes from real runs.
import { z } from "zod";
import { canonicalJson, hashOf, type Sha256 } from "../core/base/canonical.ts";
import { BakeoffError, invariant, messageOf, WrittenFileError } from "../core/base/errors.ts";
import type { ParseRust } from "../core/rust/syntax.ts";
import { baseFaultReason } from "../core/suite/making/base-fault.ts";
import { draftTask } from "../core/suite/making/draft.ts";
import { DROP_REASONS, type DropReason } from "../core/suite/making/drop.ts";
import { instructionOf } from "../core/suite/making/instruction.ts";
import { isTelling, type LeakCheck, leakText } from "../core/suite/leak.ts";
import type { Drop, Repair, TaskDraft } from "../core/suite/making/repair.ts";
import { taskSchema, type WrittenTask } from "../core/suite/schema.ts";
import { type Base, baseDigest, brokenTree, resolveTask, type Task } from "../core/suite/suite.ts";
import { testKey } from "../core/suite/making/source-test.ts";
import { testIdentities } from "../core/suite/making/test-identity.ts";
import { type TaskLists, writtenTask } from "../core/suite/making/task-form.ts";
import { applyEdits } from "../core/text/edit.ts";
import { summariseVerdict } from "../core/verdict/summary.ts";
import type { Verdict } from "../core/verdict/verdict.ts";
import { checkLeaks } from "./leaks.ts";
import { MutantTrials } from "./mutant-trials.ts";
import type { PreparedBase, Verification, Workbench } from "../ports/workbench.ts";
import { isWeak, measureStrength, type Strength } from "./strength.ts";
import type { Shelf, WorkspaceSearch } from "../ports/repository.ts";
import { proveTasks } from "./prove.ts";

export interface Judging {
  readonly bench: Workbench;
  readonly shelf: Shelf;
  readonly search: WorkspaceSearch;
  /** Null: what the tests don't notice is not measured. */
  readonly strength: { readonly parse: ParseRust; readonly dropWeak: boolean } | null;
  /** Cargo features that bases are built with besides the default ones. */
  readonly features: readonly string[];
  /** Times that the break and the repair are run; all must agree. */
  readonly repeats: number;
  readonly defaults: { readonly compile_timeout_s: number; readonly test_timeout_s: number };
  readonly signal: AbortSignal;
  /** A signal that also ends when preparing one base has taken too long. */
  readonly prepareLimit: (signal: AbortSignal) => AbortSignal;
}

export interface JudgedTask {
  readonly draft: TaskDraft;
  readonly written: WrittenTask;
  /** Milliseconds of the repaired tree's own verification. */
  readonly compileMs: number;
  readonly testMs: number;
  readonly leaks: LeakCheck;
  readonly strength: Strength | null;
}

export type Judged = { readonly ok: true; readonly task: JudgedTask } | { readonly ok: false; readonly drop: Drop };

const JUDGE_FORMAT = 2;
const STRENGTH_SEED = 1;

/** Splits the tests blindly first; where only one side fails without the repair, once more by what was seen to fail. */
export async function judgeRepair(at: Judging, repair: Repair): Promise<Judged> {
  let failing: ReadonlySet<string> | null = null;
  for (;;) {
    const drafted = draftTask(repair, failing);
    if (!drafted.ok) return drafted;
    const outcome = await kept(at, drafted.draft);
    if (outcome.ok || outcome.failing === undefined || failing !== null || outcome.failing.length === 0) return finished(at, drafted.draft, outcome);
    failing = new Set(outcome.failing);
  }
}

async function finished(at: Judging, draft: TaskDraft, outcome: Outcome): Promise<Judged> {
  if (!outcome.ok) return { ok: false, drop: { reason: outcome.reason, detail: outcome.detail } };
  const { written, compileMs, testMs, leaks } = outcome;
  const strength = at.strength === null ? null : await strengthOf(at, at.strength.parse, { written, base: baseOf(at, draft) });
  if (strength !== null && at.strength?.dropWeak === true && isWeak(strength)) {
    return { ok: false, drop: { reason: "weak", detail: `${strength.survived} of ${strength.tried} changes of the repair survive` } };
  }
  return { ok: true, task: { draft, written, compileMs, testMs, leaks, strength } };
}

/** Each change of the repair lies on the shelf by itself: what was run before is not run again. */
async function strengthOf(at: Judging, parse: ParseRust, { written, base }: { readonly written: WrittenTask; readonly base: Base }): Promise<Strength> {
  const { bench, shelf, signal, defaults } = at;
  const prepared = await bench.prepare(base, signal);
  const task = resolved(at, base, written);
  invariant(!("ok" in task), `${written.id} was proved and is not well formed`);
  return measureStrength(task, new MutantTrials({ bench, base, prepared, packages: [], shelf, limits: defaults, signal }), parse, STRENGTH_SEED);
}

const leakSchema = z.strictObject({
  task: z.string(),
  where: z.string(),
  kind: z.enum(["code", "comment", "document", "artefact", "git-object", "file"]),
  line: z.string(),
});
const leakCheckSchema = z.strictObject({ lines: z.number(), leaks: z.array(leakSchema).readonly() });

/** `failing`: keys of the tests that fail without the repair, where all of them are on one side. */
const outcomeSchema = z.discriminatedUnion("ok", [
  z.strictObject({ ok: z.literal(true), written: taskSchema, compileMs: z.number(), testMs: z.number(), leaks: leakCheckSchema }),
  z.strictObject({
    ok: z.literal(false),
    reason: z.string().transform((name, context): DropReason => {
      const reason = (Object.keys(DROP_REASONS) as DropReason[]).find((known) => known === name);
      if (reason !== undefined) return reason;
      context.addIssue({ code: "custom", message: "no such reason" });
      return z.NEVER;
    }),
    detail: z.string(),
    failing: z.array(z.string()).optional(),
  }),
]);
type Outcome = z.infer<typeof outcomeSchema>;

const drop = (reason: DropReason, detail: string, failing?: string[]): Outcome => ({
  ok: false,
  reason,
  detail: detail.slice(0, 600),
  ...(failing ? { failing } : {}),
});

const baseOf = ({ features }: Judging, { base, repair }: TaskDraft): Base => ({
  ...base,
  path: repair.origin,
  features,
  digest: baseDigest(base.tree, features),
});

/** What was found out before is not found out again; what the sandbox could not run is. */
async function kept(at: Judging, draft: TaskDraft): Promise<Outcome> {
  const base = baseOf(at, draft);
  const key = shelfKey(at, draft, base);
  const known = readOutcome(await at.shelf.find(key));
  if (known) return known;
  const outcome = await judgeDraft(at, draft, base);
  at.signal.throwIfAborted();
  if (outcome.ok || outcome.reason !== "sandbox") await at.shelf.keep(key, canonicalJson(outcome));
  return outcome;
}

function shelfKey(at: Judging, draft: TaskDraft, base: Base): Sha256 {
  const { id, title, message, tests } = draft.repair;
  const facts = { id, title, message, tests: tests.map(testKey), base: base.digest, hidden: base.hidden, breaks: draft.breaks };
  return hashOf({ format: JUDGE_FORMAT, ...facts, defaults: at.defaults, repeats: at.repeats, rustc: at.bench.toolchain.rustc });
}

function readOutcome(text: string | null): Outcome | null {
  try {
    return text === null ? null : (outcomeSchema.safeParse(JSON.parse(text)).data ?? null);
  } catch {
    // A torn file is as good as none.
    return null;
  }
}

async function judgeDraft(at: Judging, draft: TaskDraft, base: Base): Promise<Outcome> {
  const prepared = await prepare(at, base);
  if ("ok" in prepared) return prepared;
  const everything = { kind: "test", errorCodes: [], failToPass: ["**"], heldOut: ["**"], instruction: "To be told." } as const;
  const probe = resolved(at, base, writtenTask(draft, everything));
  if ("ok" in probe) return probe;
  const broken = await at.bench.verify({ task: probe, changes: new Map() }, at.signal);
  const lists = listsOf(draft, prepared, broken.verdict);
  if ("ok" in lists) return lists;
  const task = resolved(at, base, writtenTask(draft, { ...lists, instruction: instructionOf(draft.repair, broken.verdict) }));
  return "ok" in task ? task : proved(at, draft, { task, prepared, lists: { ...lists, instruction: task.instruction } });
}

async function prepare(at: Judging, base: Base): Promise<PreparedBase | Outcome> {
  const limited = at.prepareLimit(at.signal);
  try {
    return await at.bench.prepare(base, limited);
  } catch (error) {
    at.signal.throwIfAborted();
    if (limited.aborted) return drop("slow", "preparing its base takes too long");
    if (error instanceof WrittenFileError) return faultOf(error.issues.map(({ message }) => message));
    if (error instanceof BakeoffError && (error.code !== "environment" || baseFaultReason(error.message) !== "networked")) throw error;
    if (error instanceof BakeoffError) return drop("networked", error.message);
    return drop("sandbox", messageOf(error));
  }
}

function faultOf(messages: readonly string[]): Outcome {
  const complaint = messages.join("; ");
  return drop(baseFaultReason(complaint), complaint.replaceAll(": repair the base tree", ""));
}

/** The task as the rest of the program would read it from its file. */
function resolved(at: Judging, base: Base, written: WrittenTask): Task | Outcome {
  const read = taskSchema.safeParse(written);
  if (!read.success) return drop("format", read.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; "));
  const { task, faults } = resolveTask(read.data, base, at.defaults);
  return task ?? drop("format", faults.map(({ message }) => message).join("; "));
}

type Lists = Omit<TaskLists, "instruction">;

function listsOf(draft: TaskDraft, prepared: PreparedBase, verdict: Verdict): Lists | Outcome {
  switch (verdict.status) {
    case "passed":
      return drop("not-broken", "");
    case "compile-error":
      return compileLists(draft, prepared, verdict.codes);
    case "failed":
      return testLists(draft, verdict);
    case "timeout":
      return drop("slow", summariseVerdict(verdict).detail);
    case "infrastructure":
      return drop("sandbox", verdict.detail);
    case "tampered":
    case "patch-rejected":
      return drop("protocol", summariseVerdict(verdict).detail);
  }
}

/** Where nothing compiles, the repair's own tests are those that exercise it. */
function compileLists(draft: TaskDraft, prepared: PreparedBase, errorCodes: readonly string[]): Lists | Outcome {
  const identify = testIdentities(draft.repair.clean);
  const failToPass = prepared.visibleTests.filter((id) => draft.visible.some((test) => identify(test, false)(id)));
  const heldOut = prepared.heldOutTests.filter((id) => draft.heldOut.some((test) => identify(test, true)(id)));
  if (failToPass.length === 0 || heldOut.length === 0) return drop("held-out", "its tests are not among those that the binaries run");
  return { kind: "compile", errorCodes, failToPass, heldOut };
}

function testLists(draft: TaskDraft, verdict: Extract<Verdict, { status: "failed" }>): Lists | Outcome {
  const failed = verdict.tests.filter(({ status }) => status !== "passed");
  const idsOf = (side: boolean): string[] => failed.filter(({ heldOut }) => heldOut === side).map(({ id }) => id);
  const [failToPass, heldOut] = [idsOf(false), idsOf(true)];
  if (failToPass.length > 0 && heldOut.length > 0) return { kind: "test", errorCodes: [], failToPass, heldOut };
  const identify = testIdentities(draft.repair.clean);
  const seen = [
    ...draft.visible.filter((test) => failToPass.some(identify(test, false))),
    ...draft.heldOut.filter((test) => heldOut.some(identify(test, true))),
  ];
  return drop("one-sided", `${failToPass.length} visible and ${heldOut.length} held-out tests fail`, [...new Set(seen.map(testKey))]);
}

interface Claim {
  readonly task: Task;
  readonly prepared: PreparedBase;
  readonly lists: TaskLists;
}

async function proved(at: Judging, draft: TaskDraft, { task, prepared, lists }: Claim): Promise<Outcome> {
  const leaks = (await checkLeaks([task], prepared, at.search, at.signal))(task);
  const telling = leaks.leaks.find(isTelling);
  if (telling) return drop("leak", leakText(telling));
  const solution = applyEdits(brokenTree(task), task.solution);
  if (!solution.ok) return drop("format", solution.detail);
  const solved: Verification = await at.bench.verify({ task, changes: solution.changes }, at.signal);
  if (solved.verdict.status !== "passed") return drop(solved.verdict.status === "timeout" ? "slow" : "unsolved", summariseVerdict(solved.verdict).detail);
  const [proof] = await proveTasks({
    tasks: [task],
    bench: at.bench,
    repeats: at.repeats,
    signal: at.signal,
    taskSlot: (work) => work(),
    proved: () => undefined,
  });
  const flaw = proof?.flaws[0];
  if (flaw) return drop(flawReason(flaw), flaw.message);
  const { checkMs, testMs } = solved.times;
  return { ok: true, written: writtenTask(draft, lists), compileMs: Math.round(checkMs), testMs: Math.round(testMs), leaks };
}

/** Break and repair were both run once before: what does not come out as it did a moment ago is flaky. */
const flawReason = ({ message }: { readonly message: string }): DropReason => (message.startsWith("deleting") ? "unsolved" : "flaky");
