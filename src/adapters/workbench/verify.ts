// One tree verified: the loop's build, and for what passes it the confirmation.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../../core/base/errors.ts";
import type { Task } from "../../core/suite/suite.ts";
import { concluded } from "../../core/verdict/concluded.ts";
import { PRESENT_PROTOCOL, PROTOCOLS } from "../../core/verdict/protocol.ts";
import type { ObservedDifference, PatchNote, Verdict } from "../../core/verdict/verdict.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Verification, VerifyJob } from "../../ports/workbench.ts";
import { type JobStep, OUTPUT_BYTES } from "../sandbox/script.ts";
import { type Job, type JobOutput, SandboxFailure, type StageOutput } from "../sandbox/sandbox.ts";
import type { StoredBase } from "./base-cache.ts";
import { type BaseMeta, type BinaryMeta, jobTests } from "./base-meta.ts";
import { buildTests, type CargoFlags, cargoEnv } from "./cargo/cargo.ts";
import { observedBinaries, observedRuns, ordinaryRun, referenceDifferences } from "./observation.ts";
import { configOf } from "./base-key.ts";
import type { Preparation } from "./preparation.ts";
import { stepsFor, type VerifyStep, type VerifySteps } from "./steps.ts";
import { cutNotes, isAboutCompileTime, judgedBinaries, type VerdictTerms, type PreparedPatch, preparePatch, staleTargets, verdictOf } from "./verification.ts";

export interface WorkbenchOptions extends Preparation {
  readonly clock: Clock;
  readonly cargoSlots: number;
  /** `copy` where an overlay can't be mounted. */
  readonly layer: "overlay" | "copy";
}

const SCRATCH_BYTES = 2 * 1024 ** 3;

type Verified = Omit<Verification, "queueMs">;

/** A verification with what the observed tests told, by key; null where they were not run. */
type Looked = Verified & { readonly differences: readonly ObservedDifference[] | null };

/** One build and its tests. */
export async function verifyNow(at: WorkbenchOptions, base: StoredBase, job: VerifyJob, signal: AbortSignal): Promise<Verified> {
  const { differences: _, ...verified } = await look(at, base, { ...job, observe: false }, signal);
  return verified;
}

/**
 * The loop's build first: exactly what the model sees, with its patch. Only a patch that passes it goes on to the confirmation,
 * which alone can say that it passed, and whose output nobody is shown.
 */
export async function verifyTwice(
  at: WorkbenchOptions,
  bases: { readonly loop: StoredBase; readonly confirmation: StoredBase; readonly apart: StoredBase | null },
  job: VerifyJob,
  signal: AbortSignal,
): Promise<Verified> {
  // Where every test of a task is held out, the loop has nothing to go by.
  if (judgedBinaries(job.task, bases.loop.meta).length === 0) return verifyNow(at, bases.confirmation, job, signal);
  const first = await verifyNow(at, bases.loop, job, signal);
  if (first.verdict.status !== "passed") return first;
  // Code of the patch runs while this one compiles: held-out sources must not lie beside it.
  if (isAboutCompileTime(job.task, bases.confirmation.meta.compileTime)) return { ...first, notes: [...first.notes, UNCONFIRMED] };
  const asked = at.clock.now();
  // Before anything of this patch is handed an expected value.
  const apart = bases.apart === null ? null : await look(at, bases.apart, { ...job, observe: true }, signal);
  const ending = (verdict: Verdict) => ({ ...first, verdict, times: { ...first.times, confirmMs: at.clock.now() - asked } });
  if (apart !== null && apart.verdict.status !== "passed") return ending(concluded(first.verdict, apart.verdict, apart.differences));
  const { verdict, differences: found } = await look(at, bases.confirmation, { ...job, observe: true }, signal);
  return ending(concluded(first.verdict, verdict, apart?.differences?.length ? apart.differences : found));
}

const UNCONFIRMED: PatchNote = { rule: "not-confirmed", detail: "the task is about code that runs while other code compiles: no held-out test was run" };

export const judgingOf = ({ task, protocol }: VerifyJob, { meta }: StoredBase): VerdictTerms => ({
  task,
  meta,
  protocol: PROTOCOLS[protocol ?? PRESENT_PROTOCOL],
});

async function look(at: WorkbenchOptions, base: StoredBase, job: VerifyJob & { readonly observe: boolean }, signal: AbortSignal): Promise<Looked> {
  const start = at.clock.now();
  const texts = await attempt(() => instrumentedTexts(base, job));
  const judging = judgingOf(job, base);
  const laid = preparePatch(judging, job.changes, (path) => (typeof texts === "string" ? null : (texts.get(path) ?? null)));
  const applyMs = at.clock.now() - start;
  const binaries = judgedBinaries(job.task, base.meta);
  const steps = stepsFor(base.meta, laid, binaries);
  const ending = (verdict: Verdict, ran: JobOutput | null = null) => ({
    verdict,
    notes: [...laid.notes, ...(ran === null ? [] : cutNotes(steps, ran))] satisfies PatchNote[],
    times: timesFrom(applyMs, ran?.times ?? null, at.clock.now() - start),
    treeHash: laid.treeHash,
    differences: ran === null || !job.observe ? null : observedDifferences(base.meta, binaries, ran.tests.slice(binaries.length)),
  });
  if (laid.tampered.length > 0) return ending({ status: "tampered", seen: laid.tampered });
  if (typeof texts === "string") return ending({ status: "infrastructure", detail: texts });
  const ran = await attempt(() => at.sandbox.run(verifyJob(at, base, job, { laid, steps }), signal));
  if (typeof ran === "string") return ending({ status: "infrastructure", detail: ran });
  return ending(verdictOf(judging, steps, ran), ran);
}

function verifyJob(
  at: WorkbenchOptions,
  base: StoredBase,
  { task, observe }: VerifyJob & { readonly observe: boolean },
  { laid, steps: [first, second] }: { laid: PreparedPatch; steps: VerifySteps },
): Job {
  const flags = flagsOf(at, base, task);
  // Crates wait for each other, and a share of the cores stands idle meanwhile. A confirmation's time is in no latency: it takes one job more.
  const jobs = observe ? Math.min(flags.jobs + 1, at.prepareJobs) : flags.jobs;
  const stepOf = (step: VerifyStep): JobStep => jobStep(base.meta, step, { ...flags, jobs }, observe);
  return {
    ...places(at, base),
    write: laid.write,
    remove: [...laid.remove, ...staleTargets(base.meta, laid.affected)],
    hide: base.meta.hide,
    ...stepOf(first),
    next: second ? stepOf(second) : null,
    toolchainLibraries: base.meta.members.some((member) => member.procMacro),
    limits: limitsOf(task),
    parallelTests: jobs,
  };
}

function jobStep(meta: BaseMeta, { build, binaries }: VerifyStep, flags: CargoFlags, observe: boolean): JobStep {
  const all = jobTests(meta, binaries, flags.root);
  const [tests, programs] = [all.slice(0, binaries.length), all.slice(binaries.length)];
  const { observed: names } = meta;
  const seen = observe && names ? observedBinaries(tests, names).flatMap((test) => observedRuns(test, names)) : [];
  return {
    build: build === "none" ? null : { argv: buildTests(flags, build === "workspace" ? null : build), env: cargoEnv(flags) },
    tests: [...tests.map((test) => ordinaryRun(test, names)), ...seen, ...programs],
  };
}

/** Where the observed tests of these binaries saw other values than on the clean base; null where nothing was observed there. */
function observedDifferences(meta: BaseMeta, binaries: readonly BinaryMeta[], outputs: readonly (StageOutput | null)[]): readonly ObservedDifference[] | null {
  const { observed: names } = meta;
  if (names === null) return null;
  return Object.keys(names.reference).length === 0 ? null : referenceDifferences(observedBinaries(binaries, names), outputs, names);
}

export function flagsOf(at: WorkbenchOptions, { meta }: StoredBase, task: Task): CargoFlags {
  const { features = [], packages = [], warn = [] } = task.base;
  return at.flags({
    forbidUnsafe: meta.forbidUnsafe,
    vendored: meta.vendor !== null,
    features,
    packages,
    warn,
    members: meta.members,
    config: configOf(at, task.base),
  });
}

export function places(at: WorkbenchOptions, base: StoredBase): Pick<Job, "layer" | "base" | "sysroot" | "vendor"> {
  return { layer: at.layer, base: join(base.folder, "tree"), sysroot: at.toolchain.sysroot, vendor: base.meta.vendor };
}

export function limitsOf(task: Task): Job["limits"] {
  return { buildS: task.compileTimeoutS, testS: task.testTimeoutS, outputBytes: OUTPUT_BYTES, scratchBytes: SCRATCH_BYTES };
}

/** The prepared base's own text of each file that the job changes, where it holds tests. */
export async function instrumentedTexts(base: StoredBase, job: VerifyJob): Promise<ReadonlyMap<string, string>> {
  const paths = [...new Set([...job.task.broken.keys(), ...job.changes.keys()])].filter((path) => base.meta.hide.includes(path));
  const texts = await Promise.all(paths.map(async (path) => [path, await readFile(join(base.folder, "tree", path), "utf8")] as const));
  return new Map(texts);
}

/** The outcome, or what went wrong on our side. An abort is thrown on. */
export async function attempt<T>(work: () => Promise<T>): Promise<T | string> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SandboxFailure || isSystemError(error)) return messageOf(error);
    throw error;
  }
}

/** The disk is full, a folder is gone, no process can be started: whatever a system call refused. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && "syscall" in error && "errno" in error;
}

function timesFrom(applyMs: number, ran: JobOutput["times"] | null, totalMs: number): Verification["times"] {
  const [checkMs, testMs] = [ran?.buildMs ?? 0, ran?.testMs ?? 0];
  return { applyMs, checkMs, testMs, overheadMs: Math.max(0, totalMs - applyMs - checkMs - testMs), totalMs };
}
