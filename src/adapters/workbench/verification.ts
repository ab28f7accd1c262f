// From a patched tree to a sandbox job, and from the job's output to a verdict. Pure: starts no process.
import { isPlainPath, matcher } from "../../core/base/glob.ts";
import { laidChanges } from "../../core/suite/laid-tree.ts";
import { mayEdit, type Task, treeDigest } from "../../core/suite/suite.ts";
import { readCargoMessages } from "../../core/verdict/output/diagnostics.ts";
import { type Changes, type Tree, withChanges } from "../../core/text/edit.ts";
import { errorCodes, visibleDiagnostics } from "../../core/verdict/output/feedback.ts";
import { derivesRemoved } from "../../core/verdict/guard/derives.ts";
import { COMPILE_TIME_RULE, guard } from "../../core/verdict/guard/guard.ts";
import { type LibtestOutcome, readLibtest, type TestExit } from "../../core/verdict/output/libtest.ts";
import { regraftTestModules } from "../../core/verdict/guard/regraft.ts";
import type { VerificationProtocol } from "../../core/verdict/protocol.ts";
import type { Diagnostic, PatchNote, Tamper, TestResult, Verdict } from "../../core/verdict/verdict.ts";
import type { BaseMeta, BinaryMeta } from "./base-meta.ts";
import { expectedTests } from "../sandbox/inventory.ts";
import type { JobOutput, StageOutput, StepOutput } from "../sandbox/sandbox.ts";
import type { ChangedMembers, VerifyStep, VerifySteps } from "./steps.ts";

/** A patch after protected paths are restored and test modules regrafted. */
export interface PreparedPatch extends ChangedMembers {
  /** Files to write over the prepared base, instrumented test modules included. */
  readonly write: ReadonlyMap<string, string>;
  /** Files to remove from it. */
  readonly remove: readonly string[];
  readonly treeHash: string;
  /** If there is anything, nothing runs. */
  readonly tampered: readonly Tamper[];
  /** What the static rules find: worth a second look, and no evidence. */
  readonly notes: readonly PatchNote[];
}

/** What a patch is judged by. */
export interface VerdictTerms {
  readonly task: Task;
  readonly meta: BaseMeta;
  readonly protocol: VerificationProtocol;
}

/** Applies the break and the patch to the clean base. `instrumented` returns the prepared base's text of a file. */
export function preparePatch({ task, meta, protocol }: VerdictTerms, changes: Changes, instrumented: (path: string) => string | null): PreparedPatch {
  const forbidden = forbiddenPaths(task, changes);
  const allowed = new Map([...changes].filter(([path]) => !forbidden.includes(path)));
  const plain = laidChanges(task, allowed);
  const all = new Map([...task.broken, ...allowed]);
  const write = new Map<string, string>();
  const refused = forbidden.map((path): Tamper => ({ rule: "path-not-allowed", detail: JSON.stringify(path).slice(0, 200) }));
  refused.push(...compileTimeChanges(task, meta, allowed));
  const [found, derives]: [PatchNote[], PatchNote[]] = [[], []];
  for (const [path, content] of all) {
    const before = textOf(task.base.tree, path);
    const grafted = plain.get(path) ?? null;
    if (content === null || grafted === null) continue;
    const laid = path.endsWith(".rs") ? instrumented(path) : null;
    write.set(path, laid === null ? grafted : regraftTestModules(laid, content));
    if (!path.endsWith(".rs")) continue;
    found.push(...guard(path, before, grafted));
    derives.push(...derivesRemoved(path, before, grafted));
  }
  const remove = [...all].flatMap(([path, content]) => (content === null ? [path] : []));
  const owners = new Set([...all.keys()].flatMap((path) => ownersOf(path, meta)));
  const affected = new Set(meta.members.filter(({ name }) => owners.has(name)).flatMap(({ dependents }) => dependents));
  const isVerdict = protocol.staticRules === "verdict";
  const treeHash = treeDigest(withChanges(task.base.tree, plain));
  return { write, remove, owners, affected, tampered: isVerdict ? [...refused, ...found] : refused, notes: isVerdict ? [] : [...found, ...derives], treeHash };
}

/** Is the task about code that runs while other code compiles? Then its held-out tests are in no build of a patch. */
export function isAboutCompileTime(task: Task, compileTime: readonly string[]): boolean {
  const touched = [...task.broken.keys(), ...task.solution.map(({ path }) => path)];
  return touched.some((path) => compileTime.includes(path));
}

/** It would run beside the sources of the tests, and could write into what is judged. */
function compileTimeChanges(task: Task, { compileTime }: BaseMeta, changes: Changes): Tamper[] {
  if (isAboutCompileTime(task, compileTime)) return [];
  const touched = [...changes].filter(([path, content]) => compileTime.includes(path) && content !== task.base.tree.get(path));
  return touched.map(([path]) => ({ rule: COMPILE_TIME_RULE.name, detail: `${path}: runs while other code compiles` }));
}

/** Already refused when the answer was read; a path that gets here anyway is never written. */
function forbiddenPaths(task: Task, changes: Changes): string[] {
  const allowed = mayEdit(task);
  return [...changes.keys()].filter((path) => !isPlainPath(path) || !allowed(path));
}

function textOf(tree: Tree, path: string): string | null {
  const content = tree.get(path);
  return typeof content === "string" ? content : null;
}

/** The member that a file lies in; all, if it is in none. */
function ownersOf(path: string, meta: BaseMeta): readonly string[] {
  const inside = meta.members.filter(({ dir }) => dir === "" || path.startsWith(`${dir}/`));
  const owner = inside.toSorted((a, b) => b.dir.length - a.dir.length)[0];
  return owner ? [owner.name] : meta.members.map(({ name }) => name);
}

/** What could make cargo, or us, mistake an old build for a new one: fingerprints and binaries of every affected member. */
export function staleTargets(meta: BaseMeta, affected: ReadonlySet<string>): string[] {
  return [
    ...meta.members.flatMap((member) => (affected.has(member.name) ? member.fingerprints : [])),
    ...[...meta.binaries, ...meta.programs].flatMap((item) => (affected.has(item.member) ? [item.exe] : [])),
  ].map((path) => `target/${path}`);
}

/** The binaries with a test that this task judges. */
export function judgedBinaries(task: Task, meta: BaseMeta): BinaryMeta[] {
  const judged = judgedBy(task);
  return meta.binaries.filter((binary) => binary.tests.some(judged));
}

function judgedBy(task: Task): (test: { id: string; role: string }) => boolean {
  const visible = matcher([...task.failToPass, ...task.passToPass]);
  return ({ id, role }) => (role === "visible" ? visible(id) : role === "held-out");
}

/** The verdict from a job's output: that of the first step which does not pass, or that of all. */
export function verdictOf(judging: VerdictTerms, steps: VerifySteps, output: JobOutput): Verdict {
  const verdict = verdictOfSteps(judging, steps, output);
  const judgesNone = verdict.status === "passed" && verdict.tests.length === 0;
  return judgesNone ? { status: "infrastructure", detail: "the base holds no test that this task judges" } : verdict;
}

function verdictOfSteps(judging: VerdictTerms, [first, second]: VerifySteps, output: JobOutput): Verdict {
  const verdict = stepVerdict(judging, first, output);
  if (!second) return verdict;
  if (verdict.status === "failed") {
    const notRun = [...new Set(second.binaries.map(({ member, target }) => `${member}/${target}`))].toSorted();
    return notRun.length === 0 ? verdict : { ...verdict, notRun };
  }
  if (verdict.status !== "passed") return verdict;
  if (!output.next) return { status: "infrastructure", detail: "the second step was not taken, though the first one passed" };
  const rest = stepVerdict(judging, second, output.next);
  if (rest.status !== "passed" && rest.status !== "failed") return rest;
  return { ...rest, tests: [...verdict.tests, ...rest.tests].toSorted((a, b) => (a.id < b.id ? -1 : 1)) };
}

function stepVerdict(judging: VerdictTerms, step: VerifyStep, output: StepOutput): Verdict {
  const { build } = output;
  const { task, meta } = judging;
  if (step.build === "none") return testVerdict(judging, step.binaries, output.tests);
  if (!build) return { status: "infrastructure", detail: "the build left no result" };
  if (isBeyond(judging, build)) return { status: "tampered", seen: [{ rule: "output-cap", detail: "the build wrote more than is read" }] };
  if (isTimeout(build, task.compileTimeoutS)) return { status: "timeout", phase: "compile", limitS: task.compileTimeoutS };
  if (neverBegan(build)) return { status: "infrastructure", detail: `the build could not be started: ${build.stderr.trim().slice(0, 300)}` };
  if (build.code !== 0) return compileError(task, meta, build);
  return testVerdict(judging, step.binaries, output.tests);
}

const isBeyond = ({ protocol }: VerdictTerms, { stdout }: StageOutput): boolean =>
  protocol.outputLimit !== null && Buffer.byteLength(stdout) >= protocol.outputLimit;

/** What of a job's output was not kept: said beside the verdict. */
export function cutNotes(steps: VerifySteps, output: JobOutput): PatchNote[] {
  const stages = [output, output.next].flatMap((ran, index) =>
    ran === null
      ? []
      : [
          ["the build", ran.build] as const,
          ...(steps[index]?.binaries ?? []).map(({ member, target }, at) => [`${member}/${target}`, ran.tests[at] ?? null] as const),
        ],
  );
  return stages.flatMap(([name, stage]) =>
    stage && stage.cutBytes > 0 ? [{ rule: "output-cut", detail: `${name}: ${stage.cutBytes} bytes of output were left out` }] : [],
  );
}

function compileError(task: Task, meta: BaseMeta, build: StageOutput): Verdict {
  const errors = readCargoMessages(build.stdout).diagnostics.filter((diagnostic) => diagnostic.level === "error");
  if (errors.length > 0) return { status: "compile-error", codes: errorCodes(errors), diagnostics: showable(task, meta, errors) };
  const message = build.stderr.trim().slice(0, 2000) || `cargo ended with ${build.code ?? "a signal"}`;
  const silent: Diagnostic = { level: "error", code: "none", message: message.split("\n")[0] ?? "", span: null, rendered: message, suggestions: [] };
  return { status: "compile-error", codes: ["none"], diagnostics: holdsSecret(meta, message) ? [] : [silent] };
}

/** Only what a model may see, without the names of sentinels. */
export function showable(task: Task, meta: BaseMeta, diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return visibleDiagnostics(diagnostics, matcher(task.base.hidden), meta.secrets);
}

const holdsSecret = (meta: BaseMeta, text: string): boolean => meta.secrets.some((secret) => text.includes(secret));

function testVerdict(judging: VerdictTerms, binaries: readonly BinaryMeta[], outputs: JobOutput["tests"]): Verdict {
  const { task } = judging;
  const read = binaries.map((binary, index) => readBinary(judging, binary, outputs[index] ?? null));
  const unstarted = read.find(({ fault }) => fault === "infrastructure");
  if (unstarted) return { status: "infrastructure", detail: unstarted.detail };
  const seen = read.flatMap(({ tampered }) => tampered);
  if (seen.length > 0) return { status: "tampered", seen };
  if (read.some(({ fault }) => fault === "timeout")) return { status: "timeout", phase: "test", limitS: task.testTimeoutS };
  const tests = read.flatMap((binary) => binary.tests).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const passed = tests.every((test) => test.status === "passed") && !read.some(({ crashed }) => crashed);
  return { status: passed ? "passed" : "failed", tests };
}

interface BinaryReading {
  readonly fault: "infrastructure" | "timeout" | null;
  readonly detail: string;
  readonly tampered: readonly Tamper[];
  readonly tests: readonly TestResult[];
  /** It died at or before the end of its tests. */
  readonly crashed: boolean;
}

function readBinary(judging: VerdictTerms, binary: BinaryMeta, output: StageOutput | null): BinaryReading {
  const { task, meta, protocol } = judging;
  const name = `${binary.member}/${binary.target}`;
  const reading = { fault: null, detail: "", tampered: [], tests: [], crashed: false };
  const breach = (rule: string, detail: string) => ({ ...reading, tampered: [{ rule, detail: `${name}: ${detail}` }] });
  if (!output || Number.isNaN(output.code)) return breach("binary-missing", "the build made no test binary");
  if (isBeyond(judging, output)) return breach("output-cap", "the tests wrote more than is read");
  if (isTimeout(output, task.testTimeoutS)) return { ...reading, fault: "timeout" };
  if (neverBegan(output))
    return { ...reading, fault: "infrastructure", detail: `${name} could not be started: ${unsecret(meta, output.stderr.trim().slice(0, 300))}` };
  const outcome = readLibtest(output.stdout, exitOf(output), expectedTests(binary.tests, judgedBy(task)), protocol);
  const told = { ...output, foreign: binary.tests.some(({ role }) => role === "held-out") ? "" : outcome.foreign };
  const tampered = abortedAloud(outcome, output) ? [] : outcome.tampered;
  return {
    ...reading,
    crashed: outcome.crashed,
    tests: outcome.tests.map((test) => withProcessOutput(test, told, meta)),
    tampered: tampered.map(({ rule, detail }) => ({ rule, detail: `${name}: ${unsecret(meta, detail)}` })),
  };
}

/** The sandbox was not set up, so nothing inside has run: the launcher reports success where no program can write. */
const neverBegan = ({ walled }: StageOutput): boolean => !walled;

/** Before a non-unwinding panic aborts the process, libtest itself writes the test's captured output to stdout. */
function abortedAloud(outcome: LibtestOutcome, output: StageOutput): boolean {
  return outcome.crashed && exitOf(output).signal !== null && outcome.tampered.every(({ rule }) => rule === "unparsable-line");
}

/**
 * A test that ended its process has no captured output: the process's last output is shown. What bypassed capture is shown only
 * where no held-out test could have written it.
 */
function withProcessOutput(test: TestResult, { stderr, foreign, code }: StageOutput & { readonly foreign: string }, meta: BaseMeta): TestResult {
  if (test.status !== "failed" || test.heldOut) return test;
  const own = [test.output, foreign].filter((text) => text !== "").join("\n");
  const last = stderr.trim() === "" ? `the test process ended (exit code ${code ?? "none"}) before this test did` : stderr.slice(0, 2000);
  return { ...test, output: unsecret(meta, withoutChance(own === "" ? last : own)) };
}

/** What differs between runs: a thread's number in `thread 'name' (17) panicked`, and the note after the first panic. */
const withoutChance = (text: string): string =>
  text.replace(/^(thread '[^'\n]*') \(\d+\) /gm, "$1 ").replace(/^note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n?/gm, "");

/** Killed, and not before its time limit: a process can also kill itself, or be killed for its memory. */
const isTimeout = (output: StageOutput, limitS: number): boolean => output.code === 137 && output.seconds >= limitS - 0.1;

/** Shells report a signal as 128 + its number. */
function exitOf(output: StageOutput): TestExit {
  const code = output.code;
  return code !== null && code > 128 && code < 160 ? { code: null, signal: `signal ${code - 128}` } : { code, signal: null };
}

function unsecret(meta: BaseMeta, detail: string): string {
  return meta.secrets.reduce((text, secret) => text.replaceAll(secret, "(a secret test)"), detail);
}
