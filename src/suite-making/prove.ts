// Proves tasks by running them: every claim that a task makes is tried on the workbench.
import { invariant } from "../core/base/errors.ts";
import { matcher } from "../core/base/glob.ts";
import { brokenTree, mayEdit, type Task } from "../core/suite/suite.ts";
import { applyEdits, type Changes, type Edit } from "../core/text/edit.ts";
import { summariseVerdict } from "../core/verdict/summary.ts";
import type { ObservationCount } from "../core/verdict/observed/records.ts";
import type { TestId, Verdict } from "../core/verdict/verdict.ts";
import type { PreparedBase } from "../ports/workbench.ts";
import { type KeptVerdicts, type ProofRun, proofVerdict } from "./kept-verdicts.ts";

/** One claim of a task that did not hold. */
export interface TaskFlaw {
  readonly task: string;
  /** The key of the task file that made the claim. */
  readonly key: string;
  readonly message: string;
}

export interface TaskProof {
  readonly task: string;
  readonly flaws: readonly TaskFlaw[];
  /** Tests that did not end the same way each time. */
  readonly unsteady: readonly TestId[];
  /** What its held-out tests tell beside whether they pass. */
  readonly observations: ObservationCount;
  /** They tell so few values that a patch may guess them. */
  readonly isWeaklyHeldOut: boolean;
  /** Ways of deleting the broken lines that were tried; none may pass. */
  readonly deletions: number;
  readonly verifications: number;
  /** Those of them that an earlier call had run. */
  readonly known: number;
}

export interface ProveOptions extends KeptVerdicts {
  readonly tasks: readonly Task[];
  /** Times that the break and the solution are run; all must agree. */
  readonly repeats: number;
  /** Bounds how many tasks are under way at once, so that proofs come one by one. */
  readonly taskSlot: <T>(work: () => Promise<T>) => Promise<T>;
  readonly proved: (proof: TaskProof, done: number) => void;
}

export async function proveTasks(options: ProveOptions): Promise<readonly TaskProof[]> {
  const bases = new Map<string, PreparedBase>();
  for (const base of new Set(options.tasks.map((task) => task.base))) {
    bases.set(base.digest, await options.bench.prepare(base, options.signal, { whole: true }));
  }
  let done = 0;
  return Promise.all(
    options.tasks.map((task) =>
      options.taskSlot(async () => {
        const prepared = bases.get(task.base.digest);
        invariant(prepared, "a task began before its base was prepared");
        const proof = await proveTask(options, task, prepared);
        options.proved(proof, ++done);
        return proof;
      }),
    ),
  );
}

async function proveTask(options: ProveOptions, task: Task, base: PreparedBase): Promise<TaskProof> {
  const flaws: TaskFlaw[] = [];
  const flaw = (key: string, message: string) => void flaws.push({ task: task.id, key, message });
  let [verifications, known] = [0, 0];
  const verify = async (changes: Changes, run: number, as: Pick<ProofRun, "asPatch"> = {}): Promise<Verdict> => {
    const { verdict, isNew } = await proofVerdict(options, { task, prepared: base, changes, run, ...as });
    verifications += 1;
    known += isNew ? 0 : 1;
    return verdict;
  };
  const repeated = async (changes: Changes) => Promise.all(Array.from({ length: options.repeats }, (_, index) => verify(changes, index + 1)));
  checkLists(task, base, flaw);
  checkCompileTime(task, base, flaw);
  // A candidate that changes nothing leaves the broken tree: the break's own verdicts are nop's.
  const broken = await repeated(new Map());
  checkBreak(task, base, broken, flaw);
  const patched = async (edits: readonly Edit[]) => {
    const laid = applyEdits(brokenTree(task), edits);
    return laid.ok ? repeated(laid.changes) : [];
  };
  const repaired = await patched(task.solution);
  if (task.cheat === undefined) {
    checkSolution(repaired, flaw);
    const own = ownSolution(task);
    if (own !== null && repaired.every(({ status }) => status === "passed")) checkObserved(await verify(own, 1, { asPatch: true }), flaw);
  } else {
    checkInstructed(task, repaired, flaw);
    checkCheat(await patched(task.cheat), flaw);
  }
  const deletions = deletionProbes(task);
  for (const changes of deletions) {
    if ((await verify(changes, 1)).status === "passed") flaw("break", "deleting the broken lines passes: test what they are for");
  }
  const observations = observationsOf(task, base);
  return {
    task: task.id,
    flaws,
    observations,
    isWeaklyHeldOut: observations.values < FEWEST_VALUES,
    unsteady: [...new Set([...unsteadyTests(broken), ...unsteadyTests(repaired)])].toSorted(),
    deletions: deletions.length,
    verifications,
    known,
  };
}

type Flaw = (key: string, message: string) => void;

/** Of a task that is not weakly held out. */
const FEWEST_VALUES = 2;

/** Of the held-out tests that a task names; none where it is about code that runs while other code compiles, since none of them is run then. */
function observationsOf(task: Task, { observations, compileTime }: PreparedBase): ObservationCount {
  if (isAboutCompileTime(task, compileTime)) return { values: 0, bits: 0 };
  const named = matcher(task.heldOut);
  const counts = [...observations].flatMap(([id, count]) => (named(id) ? [count] : []));
  return { values: counts.reduce((sum, { values }) => sum + values, 0), bits: counts.reduce((sum, { bits }) => sum + bits, 0) };
}

/** Every glob of a list names a test that exists, on the right side of the curtain. */
function checkLists(task: Task, base: PreparedBase, flaw: Flaw): void {
  const lists = [
    ["fail_to_pass", task.failToPass, base.visibleTests, "visible"],
    ["pass_to_pass", task.passToPass, base.visibleTests, "visible"],
    ["held_out", task.heldOut, base.heldOutTests, "held-out"],
  ] as const;
  for (const [key, globs, tests, side] of lists) {
    for (const glob of globs) {
      if (!tests.some(matcher([glob]))) flaw(key, `${glob} matches no ${side} test of the base: correct the name`);
    }
  }
}

function isAboutCompileTime(task: Task, compileTime: readonly string[]): boolean {
  const touched = new Set([...task.broken.keys(), ...task.solution.map(({ path }) => path)]);
  return compileTime.some((path) => touched.has(path));
}

/** A patch that may edit what runs while others compile is refused for it, unless the task is about that. */
function checkCompileTime(task: Task, { compileTime }: PreparedBase, flaw: Flaw): void {
  if (isAboutCompileTime(task, compileTime)) return;
  const open = compileTime.filter(mayEdit(task));
  if (open.length > 0) flaw("editable", `${open.join(", ")}: runs while other code compiles, so that no patch may change it: leave it out`);
}

function checkBreak(task: Task, base: PreparedBase, verdicts: readonly Verdict[], flaw: Flaw): void {
  if (!agree(verdicts)) flaw("break", "the broken tree does not fail the same way each time: remove what is random in it");
  const [first] = verdicts;
  if (!first) return;
  FAILS_AS_DECLARED[task.kind](task, first, flaw, base);
}

/** How the broken tree of each kind of task has to fail. */
const FAILS_AS_DECLARED: Readonly<Record<Task["kind"], (task: Task, verdict: Verdict, flaw: Flaw, base: PreparedBase) => void>> = {
  compile: checkCodes,
  test: checkFailures,
};

function checkCodes(task: Task, verdict: Verdict, flaw: Flaw): void {
  if (verdict.status !== "compile-error") return flaw("break", `the broken tree should not compile, but the verdict is ${describe(verdict)}`);
  const declared = task.errorCodes.join(", ");
  const seen = verdict.codes.join(", ");
  if (declared !== seen) flaw("error_codes", `declared ${declared}, but the compiler says ${seen}: declare those`);
}

function checkFailures(task: Task, verdict: Verdict, flaw: Flaw, base: PreparedBase): void {
  if (verdict.status !== "failed") return flaw("break", `the broken tree should compile and fail tests, but the verdict is ${describe(verdict)}`);
  const failed = (heldOut: boolean) => verdict.tests.filter((test) => test.status !== "passed" && test.heldOut === heldOut).map((test) => test.id);
  const sides = [
    ["fail_to_pass", task.failToPass, base.visibleTests, failed(false)],
    ["held_out", task.heldOut, base.heldOutTests, failed(true)],
  ] as const;
  for (const [key, globs, tests, seen] of sides) {
    const declared = tests.filter(matcher(globs));
    const unseen = declared.filter((id) => !seen.includes(id));
    const undeclared = seen.filter((id) => !declared.includes(id));
    if (unseen.length > 0) flaw(key, `declared to fail, but passing on the broken tree: ${unseen.join(", ")}`);
    if (undeclared.length > 0) flaw(key, `failing on the broken tree, but not declared: ${undeclared.join(", ")}`);
  }
}

function checkSolution(verdicts: readonly Verdict[], flaw: Flaw): void {
  const wrong = verdicts.find((verdict) => verdict.status !== "passed");
  if (wrong) flaw("solution", `the reference solution does not pass: ${describe(wrong)}`);
  if (!agree(verdicts)) flaw("solution", "the reference solution does not come out the same each time");
}

/** The reference solution's changes, where it is another tree than the clean base, of which the observations were recorded; null where it is that. */
function ownSolution(task: Task): Changes | null {
  const laid = applyEdits(brokenTree(task), task.solution);
  if (!laid.ok) return null;
  const solved = new Map([...task.broken, ...laid.changes]);
  return [...solved].every(([path, content]) => (task.base.tree.get(path) ?? null) === content) ? null : laid.changes;
}

/** A right solution of which a held-out test observes something else is the test's fault: it looks at what the instruction leaves open. */
function checkObserved(verdict: Verdict, flaw: Flaw): void {
  if (verdict.status === "disputed")
    flaw("held_out", `a held-out test observes what the instruction leaves open, so that the reference solution is disputed: ${describe(verdict)}`);
  else if (verdict.status !== "passed") flaw("solution", `judged as a patch, the reference solution does not pass: ${describe(verdict)}`);
}

/** What the instruction of an impossible task asks for: it fails visible tests, and no others than those that contradict it. */
function checkInstructed(task: Task, verdicts: readonly Verdict[], flaw: Flaw): void {
  const [first] = verdicts;
  if (!agree(verdicts)) flaw("solution", "what the instruction asks for does not come out the same each time");
  if (first?.status === "passed") return flaw("solution", "what the instruction asks for passes the visible tests: the task is possible");
  if (first?.status !== "failed")
    return flaw("solution", `what the instruction asks for should compile and fail tests, but the verdict is ${first ? describe(first) : "missing"}`);
  const contradictory = matcher(task.base.contradictory ?? []);
  const others = first.tests.filter(({ id, status }) => status !== "passed" && !contradictory(id)).map(({ id }) => id);
  if (others.length > 0) flaw("solution", `what the instruction asks for also fails tests that don't contradict it: ${others.join(", ")}`);
}

function checkCheat(verdicts: readonly Verdict[], flaw: Flaw): void {
  const wrong = verdicts.find((verdict) => verdict.status !== "passed");
  if (wrong) flaw("cheat", `the recorded cheat does not pass the visible tests: ${describe(wrong)}`);
}

/** Trees in which what the break wrote is simply deleted: all its lines together. */
function deletionProbes(task: Task): Changes[] {
  const allowed = mayEdit(task);
  const perFile = [...task.broken].flatMap(([path, content]) => {
    const original = task.base.tree.get(path);
    if (!allowed(path) || content === null || typeof original !== "string") return [];
    const kept = new Set(original.split("\n"));
    const lines = content.split("\n");
    const left = lines.filter((line) => kept.has(line));
    return left.length === lines.length ? [] : [[path, left.join("\n")] as const];
  });
  return perFile.length === 0 ? [] : [new Map(perFile)];
}

function agree(verdicts: readonly Verdict[]): boolean {
  const facts = verdicts.map((verdict) =>
    JSON.stringify([summariseVerdict(verdict), verdict.status === "failed" ? verdict.tests.map(({ id, status }) => [id, status]) : []]),
  );
  return new Set(facts).size <= 1;
}

/** Tests that ended one way in one verdict and another way in another. A verdict that passed has no failures to list. */
function unsteadyTests(verdicts: readonly Verdict[]): TestId[] {
  const ran = verdicts.filter((verdict) => verdict.status === "failed" || verdict.status === "passed");
  const failures = ran.map((verdict) => new Set(verdict.tests.filter(({ status }) => status !== "passed").map(({ id }) => id)));
  return [...new Set(failures.flatMap((ids) => [...ids]))].filter((id) => failures.some((ids) => !ids.has(id)));
}

const describe = (verdict: Verdict): string => {
  const { status, detail } = summariseVerdict(verdict);
  return detail === "" ? status : `${status} (${detail})`;
};
