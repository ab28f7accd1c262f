// Turns a repair into a proved task, or tells why it is none: every list of the task comes from real runs.
import { canonicalJson, hashOf, type Sha256 } from "../core/base/canonical.ts";
import { BakeoffError, invariant, messageOf, WrittenFileError } from "../core/base/errors.ts";
import type { ParseRust } from "../core/rust/syntax.ts";
import { baseFaultReason } from "../core/suite/making/base-fault.ts";
import { draftTask } from "../core/suite/making/draft.ts";
import type { DropReason } from "../core/suite/making/drop.ts";
import { gatherRepair } from "../core/suite/making/gather-tests.ts";
import { keepingFlag } from "../core/suite/making/keeping-flag.ts";
import { instructionOf } from "../core/suite/making/instruction.ts";
import { setAside } from "../core/suite/making/set-aside.ts";
import { isDistinctive, type LeakCheck, leakText } from "../core/suite/leak.ts";
import type { Drop, Repair, TaskDraft } from "../core/suite/making/repair.ts";
import { taskSchema, type WrittenTask } from "../core/suite/schema.ts";
import { type Base, baseDigest, brokenTree, resolveTask, type Task } from "../core/suite/suite.ts";
import { testKey } from "../core/suite/making/source-test.ts";
import { type TaskLists, writtenTask } from "../core/suite/making/task-form.ts";
import { applyEdits } from "../core/text/edit.ts";
import { summariseVerdict } from "../core/verdict/summary.ts";
import type { Verdict } from "../core/verdict/verdict.ts";
import { checkLeaks } from "./leaks.ts";
import { dropped, type JudgedOutcome, readJudgedOutcome } from "./judged-outcome.ts";
import { MutantTrials } from "./mutant-trials.ts";
import type { PreparedBase, Verification, Workbench } from "../ports/workbench.ts";
import { isWeak, measureStrength, type Strength } from "./strength.ts";
import type { Shelf, WorkspaceSearch } from "../ports/repository.ts";
import { proveTasks } from "./prove.ts";
import { withFurtherTest } from "./further-tests.ts";
import { listsOf } from "./task-lists.ts";

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

export type JudgedRepair = { readonly ok: true; readonly task: JudgedTask } | { readonly ok: false; readonly drop: Drop };

const JUDGE_FORMAT = 4;
const STRENGTH_SEED = 1;

/** So often is a repair judged anew: without the tests that could not judge it, or split by what fails. */
const MAX_ROUNDS = 6;

interface Round {
  readonly repair: Repair;
  /** Keys of the tests that are known to fail without the repair; null before that is known. */
  readonly failing: ReadonlySet<string> | null;
  /** Was a test looked for that could be held out, as none of its own can? */
  readonly isFurthered: boolean;
  /** Why the round before came to nothing. */
  readonly last: Drop | null;
}

/**
 * Splits the tests blindly first; where only one side fails without the repair, once more by what was seen to fail. Tests that
 * can't judge it are set aside: they say nothing about the repair, so that it is not dropped for them.
 */
export async function judgeRepair(judging: Judging, repair: Repair): Promise<JudgedRepair> {
  let round: Round = { repair: gatherRepair(repair), failing: null, isFurthered: false, last: null };
  for (let count = 1; ; count += 1) {
    const drafted = draftTask(round.repair, round.failing);
    if (!drafted.ok) {
      const further = await furthered(judging, round, drafted.drop);
      if (further === null) return undrafted(round, drafted.drop);
      if ("reason" in further) return { ok: false, drop: further };
      round = further;
      continue;
    }
    const outcome = await kept(judging, drafted.draft);
    const next = outcome.ok || count === MAX_ROUNDS ? null : nextRound(round, outcome);
    if (next === null) return finished(judging, drafted.draft, outcome);
    round = next;
  }
}

/** The round once more with a held-out test made of a visible one; null where there is none, or it was tried before; a drop where it could not be tried. */
async function furthered(judging: Judging, round: Round, { reason }: Drop): Promise<Round | Drop | null> {
  if (reason !== "held-out" || round.isFurthered) return null;
  const { repair, failing } = round;
  const tests = repair.tests.filter((test) => failing === null || failing.has(testKey(test)));
  const further = await withFurtherTest({ ...judging, prepare: (base) => preparingFault(judging, base) }, { ...repair, tests });
  if (further === null || "reason" in further) return further;
  const derived = further.tests.filter(({ isDerived }) => isDerived);
  return { ...round, repair: { ...further, tests: [...repair.tests, ...derived] }, isFurthered: true };
}

/** Where no test is left to judge the repair, what was wrong with its tests is the reason. */
const undrafted = ({ repair, last }: Round, drop: Drop): JudgedRepair => ({ ok: false, drop: repair.tests.length === 0 ? (last ?? drop) : drop });

/** What a round that came to nothing suggests to try; null: nothing. */
function nextRound(round: Round, { reason, detail, unfit = [], failing = [], lints = [] }: Extract<JudgedOutcome, { ok: false }>): Round | null {
  const without = setAside(round.repair, unfit);
  if (without !== null) return { ...round, repair: without, last: { reason, detail } };
  const warn = [...new Set([...(round.repair.warn ?? []), ...lints])].toSorted();
  if (warn.length > (round.repair.warn?.length ?? 0)) return { ...round, repair: { ...round.repair, warn } };
  return round.failing === null && failing.length > 0 ? { ...round, failing: new Set(failing) } : null;
}

async function finished(judging: Judging, draft: TaskDraft, outcome: JudgedOutcome): Promise<JudgedRepair> {
  if (!outcome.ok) return { ok: false, drop: { reason: outcome.reason, detail: outcome.detail } };
  const { written, compileMs, testMs, leaks } = outcome;
  const strength = judging.strength === null ? null : await strengthOf(judging, judging.strength.parse, { written, base: baseOf(judging, draft) });
  if (strength !== null && judging.strength?.dropWeak === true && isWeak(strength)) {
    return { ok: false, drop: { reason: "weak", detail: `${strength.survived} of ${strength.tried} changes of the repair survive` } };
  }
  return { ok: true, task: { draft, written, compileMs, testMs, leaks, strength } };
}

/** Each change of the repair lies on the shelf by itself: what was run before is not run again. */
async function strengthOf(judging: Judging, parse: ParseRust, { written, base }: { readonly written: WrittenTask; readonly base: Base }): Promise<Strength> {
  const { bench, shelf, signal, defaults } = judging;
  const prepared = await bench.prepare(base, signal, { whole: true });
  const task = resolved(judging, base, written);
  invariant(!("ok" in task), `${written.id} was proved and is not well formed`);
  return measureStrength(task, new MutantTrials({ bench, base, prepared, packages: [], shelf, limits: defaults, signal }), parse, STRENGTH_SEED);
}

const baseOf = ({ features }: Judging, { base, repair }: TaskDraft): Base => ({
  ...base,
  path: repair.origin,
  features,
  digest: baseDigest(base.tree, { ...base, features }),
});

/** What was found out before is not found out again; what the sandbox could not run is. */
async function kept(judging: Judging, draft: TaskDraft): Promise<JudgedOutcome> {
  const base = baseOf(judging, draft);
  const key = shelfKey(judging, draft, base);
  const known = readJudgedOutcome(await judging.shelf.find(key));
  if (known) return known;
  const outcome = await judgeDraft(judging, draft, base);
  judging.signal.throwIfAborted();
  if (outcome.ok || outcome.reason !== "sandbox") await judging.shelf.keep(key, canonicalJson(outcome));
  return outcome;
}

function shelfKey(judging: Judging, draft: TaskDraft, base: Base): Sha256 {
  const { id, title, message, tests } = draft.repair;
  const facts = { id, title, message, tests: tests.map(testKey), base: base.digest, hidden: base.hidden, breaks: draft.breaks };
  return hashOf({ format: JUDGE_FORMAT, ...facts, defaults: judging.defaults, repeats: judging.repeats, rustc: judging.bench.toolchain.rustc });
}

async function judgeDraft(judging: Judging, draft: TaskDraft, base: Base): Promise<JudgedOutcome> {
  const prepared = await prepare(judging, base);
  if ("ok" in prepared) return prepared;
  const everything = { kind: "test", errorCodes: [], failToPass: ["**"], heldOut: ["**"], instruction: "To be told." } as const;
  const probe = resolved(judging, base, writtenTask(draft, everything));
  if ("ok" in probe) return probe;
  const broken = await judging.bench.verify({ task: probe, changes: new Map(), whole: true }, judging.signal);
  const lists = listsOf(draft, prepared, broken.verdict);
  if ("ok" in lists) return lists;
  const task = resolved(judging, base, writtenTask(draft, { ...lists, instruction: instructionOf(draft.repair, broken.verdict) }));
  return "ok" in task ? task : proved(judging, draft, { task, prepared, lists: { ...lists, instruction: task.instruction } });
}

async function prepare(judging: Judging, base: Base): Promise<PreparedBase | JudgedOutcome> {
  const limited = judging.prepareLimit(judging.signal);
  try {
    return await judging.bench.prepare(base, limited, { whole: true });
  } catch (error) {
    judging.signal.throwIfAborted();
    if (limited.aborted) return dropped("slow", "preparing its base takes too long");
    if (error instanceof WrittenFileError) return faultOf(error, base);
    if (error instanceof BakeoffError && (error.code !== "environment" || baseFaultReason(error.message) !== "networked")) throw error;
    if (error instanceof BakeoffError) return dropped("networked", error.message);
    return dropped("sandbox", messageOf(error));
  }
}

async function preparingFault(judging: Judging, base: Base): Promise<Drop | null> {
  const prepared = await prepare(judging, base);
  return !("ok" in prepared) || prepared.ok ? null : { reason: prepared.reason, detail: prepared.detail };
}

function faultOf({ issues, failingTests, failingLints }: WrittenFileError, base: Base): JudgedOutcome {
  const complaint = issues.map(({ path, line, message }) => (path.endsWith(".rs") ? `${path}:${line}: ${message}` : message)).join("; ");
  const reason = baseFaultReason(complaint);
  const first = issues.find(({ path }) => path.endsWith(".rs"));
  const flag = reason !== "base-broken" || first === undefined ? null : keepingFlag(base.tree, { ...first, path: pathIn(base, first.path) });
  const told = complaint.replaceAll(": repair the base tree", "");
  return dropped(reason, flag === null ? told : `${flag}; ${told}`, { unfit: [...failingTests], lints: [...failingLints] });
}

/** As the base has it: faults name where it was read from. */
const pathIn = ({ path, name }: Base, shown: string): string => shown.slice((path ?? name).length + 1);

/** The task as the rest of the program would read it from its file. */
function resolved(judging: Judging, base: Base, written: WrittenTask): Task | JudgedOutcome {
  const read = taskSchema.safeParse(written);
  if (!read.success) return dropped("format", read.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; "));
  const { task, faults } = resolveTask(read.data, base, judging.defaults);
  return task ?? dropped("format", faults.map(({ message }) => message).join("; "));
}

interface Claim {
  readonly task: Task;
  readonly prepared: PreparedBase;
  readonly lists: TaskLists;
}

async function proved(judging: Judging, draft: TaskDraft, { task, prepared, lists }: Claim): Promise<JudgedOutcome> {
  const leaks = (await checkLeaks([task], prepared, judging.search, judging.signal))(task);
  const telling = leaks.leaks.find(isDistinctive);
  if (telling) return dropped("leak", leakText(telling));
  const solution = applyEdits(brokenTree(task), task.solution);
  if (!solution.ok) return dropped("format", solution.detail);
  const solved: Verification = await judging.bench.verify({ task, changes: solution.changes, whole: true }, judging.signal);
  if (solved.verdict.status !== "passed") return unsolved(solved.verdict);
  const [proof] = await proveTasks({
    tasks: [task],
    bench: judging.bench,
    // What a draft comes to is kept as a whole.
    shelf: null,
    repeats: judging.repeats,
    signal: judging.signal,
    taskSlot: (work) => work(),
    proved: () => undefined,
  });
  const flaw = proof?.flaws[0];
  if (proof && flaw) return dropped(flawReason(flaw), flaw.message, proof.unsteady.length > 0 ? { unfit: [...proof.unsteady] } : {});
  const { checkMs, testMs } = solved.times;
  return { ok: true, written: writtenTask(draft, lists), compileMs: Math.round(checkMs), testMs: Math.round(testMs), leaks };
}

/** The same tests passed a moment ago, while the base was prepared: those that fail now are not the same each time. */
function unsolved(verdict: Verdict): JudgedOutcome {
  const { detail } = summariseVerdict(verdict);
  if (verdict.status !== "failed") return dropped(verdict.status === "timeout" ? "slow" : "unsolved", detail);
  return dropped("flaky", detail, { unfit: verdict.tests.filter(({ status }) => status !== "passed").map(({ id }) => id) });
}

/** Break and repair were both run once before: what does not come out as it did a moment ago is flaky. */
const flawReason = ({ message }: { readonly message: string }): DropReason => (message.startsWith("deleting") ? "unsolved" : "flaky");
