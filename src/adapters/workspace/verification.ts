// From a patched tree to what the sandbox must do, and from what the sandbox saw to a verdict. Pure: no process is started here.
import { matcher } from "../../core/base/glob.ts";
import { type Task, treeDigest } from "../../core/suite/suite.ts";
import { readCargoMessages } from "../../core/verdict/diagnostics.ts";
import { type Changes, type Tree, withChanges } from "../../core/verdict/edit.ts";
import { errorCodes, visibleDiagnostics } from "../../core/verdict/feedback.ts";
import { guard } from "../../core/verdict/guard.ts";
import { readLibtest, type TestExit } from "../../core/verdict/libtest.ts";
import { regraftTestModules } from "../../core/verdict/regraft.ts";
import type { Diagnostic, Tamper, TestResult, Verdict } from "../../core/verdict/verdict.ts";
import type { BaseMeta, BinaryMeta } from "./base-meta.ts";
import { expectedTests } from "./inventory.ts";
import type { JobOutput, StageOutput } from "./sandbox.ts";

/** What a patch comes to once protected paths are restored and test modules regrafted. */
export interface LaidPatch {
  /** Files to write over the prepared base, instrumented test modules included. */
  readonly write: ReadonlyMap<string, string>;
  /** Files to remove from it. */
  readonly remove: readonly string[];
  /** Members that must be built anew. */
  readonly affected: ReadonlySet<string>;
  readonly treeHash: string;
  /** Static findings: if there are any, nothing is run. */
  readonly tampered: readonly Tamper[];
}

/** Lays the break and the patch over the clean base. `instrumented` gives the prepared base's text of a file. */
export function layPatch(task: Task, changes: Changes, meta: BaseMeta, instrumented: (path: string) => string | null): LaidPatch {
  const all = new Map([...task.broken, ...changes]);
  const plain = new Map<string, string | null>();
  const write = new Map<string, string>();
  const tampered: Tamper[] = [];
  for (const [path, content] of all) {
    const before = textOf(task.base.tree, path);
    plain.set(path, content === null || before === null || !path.endsWith(".rs") ? content : regraftTestModules(before, content));
    if (content === null) continue;
    const laid = instrumented(path);
    write.set(path, laid === null || !path.endsWith(".rs") ? content : regraftTestModules(laid, content));
    if (path.endsWith(".rs")) tampered.push(...guard(path, before, plain.get(path) ?? content));
  }
  const remove = [...all].flatMap(([path, content]) => (content === null ? [path] : []));
  const affected = new Set([...all.keys()].flatMap((path) => ownerOf(path, meta)?.dependents ?? []));
  return { write, remove, affected, tampered, treeHash: treeDigest(withChanges(task.base.tree, plain)) };
}

function textOf(tree: Tree, path: string): string | null {
  const content = tree.get(path);
  return typeof content === "string" ? content : null;
}

function ownerOf(path: string, meta: BaseMeta): BaseMeta["members"][number] | undefined {
  const inside = meta.members.filter(({ dir }) => dir === "" || path.startsWith(`${dir}/`));
  return inside.toSorted((a, b) => b.dir.length - a.dir.length)[0];
}

/** What would let cargo, or us, take an old build for a new one: fingerprints and binaries of every affected member. */
export function staleTargets(meta: BaseMeta, affected: ReadonlySet<string>): string[] {
  return [
    ...meta.members.flatMap((member) => (affected.has(member.name) ? member.fingerprints : [])),
    ...[...meta.binaries, ...meta.programs].flatMap((item) => (affected.has(item.member) ? [item.exe] : [])),
  ].map((path) => `target/${path}`);
}

/** The binaries that hold a test which this task judges. */
export function judgedBinaries(task: Task, meta: BaseMeta): BinaryMeta[] {
  const judged = judgedBy(task);
  return meta.binaries.filter((binary) => binary.tests.some(judged));
}

function judgedBy(task: Task): (test: { id: string; role: string }) => boolean {
  const visible = matcher([...task.failToPass, ...task.passToPass]);
  return ({ id, role }) => (role === "visible" ? visible(id) : role === "held-out");
}

/** A verdict from what the sandbox brought back. */
export function verdictOf(task: Task, meta: BaseMeta, binaries: readonly BinaryMeta[], output: JobOutput): Verdict {
  const { build } = output;
  if (!build) return { status: "infrastructure", detail: "the build left no result" };
  if (build.capped) return { status: "tampered", seen: [{ rule: "output-cap", detail: "the build wrote more than is read" }] };
  if (isTimeout(build, task.compileTimeoutS)) return { status: "timeout", phase: "compile", limitS: task.compileTimeoutS };
  if (build.code !== 0) return compileError(task, meta, build);
  return testVerdict(task, meta, binaries, output.tests);
}

function compileError(task: Task, meta: BaseMeta, build: StageOutput): Verdict {
  const errors = readCargoMessages(build.stdout).diagnostics.filter((diagnostic) => diagnostic.level === "error");
  if (errors.length > 0) return { status: "compile-error", codes: errorCodes(errors), diagnostics: showable(task, meta, errors) };
  const message = build.stderr.trim().slice(0, 2000) || `cargo ended with ${build.code ?? "a signal"}`;
  const silent: Diagnostic = { level: "error", code: "none", message: message.split("\n")[0] ?? "", span: null, rendered: message, suggestions: [] };
  return { status: "compile-error", codes: ["none"], diagnostics: holdsSecret(meta, message) ? [] : [silent] };
}

/** Only what a model may see, and nothing that names a sentinel. */
export function showable(task: Task, meta: BaseMeta, diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return visibleDiagnostics(diagnostics, matcher(task.base.hidden), meta.secrets);
}

const holdsSecret = (meta: BaseMeta, text: string): boolean => meta.secrets.some((secret) => text.includes(secret));

function testVerdict(task: Task, meta: BaseMeta, binaries: readonly BinaryMeta[], outputs: JobOutput["tests"]): Verdict {
  const judged = judgedBy(task);
  const tests: TestResult[] = [];
  const seen: Tamper[] = [];
  for (const [index, binary] of binaries.entries()) {
    const output = outputs[index];
    const name = `${binary.member}/${binary.target}`;
    if (!output || Number.isNaN(output.code)) seen.push({ rule: "binary-missing", detail: `${name}: the build made no test binary` });
    else if (output.capped) seen.push({ rule: "output-cap", detail: `${name}: the tests wrote more than is read` });
    else if (isTimeout(output, task.testTimeoutS)) return { status: "timeout", phase: "test", limitS: task.testTimeoutS };
    else {
      const outcome = readLibtest(output.stdout, exitOf(output), expectedTests(binary.tests, judged));
      tests.push(...outcome.tests.map((test) => withStderr(test, output)));
      seen.push(...outcome.tampered.map(({ rule, detail }) => ({ rule, detail: `${name}: ${unsecret(meta, detail)}` })));
    }
  }
  if (seen.length > 0) return { status: "tampered", seen };
  const status = tests.every((test) => test.status === "passed") ? "passed" : "failed";
  return { status, tests: tests.toSorted((a, b) => (a.id < b.id ? -1 : 1)) };
}

/** A test that took its process down has no captured output of its own: what the process said last is shown. */
function withStderr(test: TestResult, output: StageOutput): TestResult {
  if (test.status !== "failed" || test.heldOut) return test;
  return { ...test, output: withoutThreadIds(test.output === "" ? output.stderr.slice(0, 2000) : test.output) };
}

/** A panic names its thread's number, which differs from run to run: `thread 'name' (17) panicked`. */
const withoutThreadIds = (text: string): string => text.replace(/^(thread '[^'\n]*') \(\d+\) /gm, "$1 ");

/** Killed, and not before its time was up: a process can also kill itself, or be killed for its memory. */
const isTimeout = (output: StageOutput, limitS: number): boolean => output.code === 137 && output.seconds >= limitS - 0.1;

/** Shells tell a signal as 128 + its number. */
function exitOf(output: StageOutput): TestExit {
  const code = output.code;
  return code !== null && code > 128 && code < 160 ? { code: null, signal: `signal ${code - 128}` } : { code, signal: null };
}

function unsecret(meta: BaseMeta, detail: string): string {
  return meta.secrets.reduce((text, secret) => text.replaceAll(secret, "(a secret test)"), detail);
}
