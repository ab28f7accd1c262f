// The workbench: prepares bases, verifies patches and lints trees, with a bounded number of cargo jobs.
import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pLimit from "p-limit";
import { canonicalJson, hashOf } from "../../core/base/canonical.ts";
import { messageOf } from "../../core/base/errors.ts";
import type { Base, Task } from "../../core/suite/suite.ts";
import { readCargoMessages } from "../../core/verdict/output/diagnostics.ts";
import type { Verdict } from "../../core/verdict/verdict.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Lint, PreparedBase, Verification, VerifyJob, Workbench } from "../../ports/workbench.ts";
import type { StoredBase } from "./base-cache.ts";
import { type BinaryMeta, jobTests } from "./base-meta.ts";
import { type CargoFlags, cargoEnv, buildTests, runClippy } from "./cargo.ts";
import { baseKey, type Preparation, prepareBase } from "./prepare.ts";
import { type Job, type JobOutput, SandboxFailure } from "../sandbox/sandbox.ts";
import { judgedBinaries, type LaidPatch, layPatch, showable, staleTargets, verdictOf } from "./verification.ts";

export interface WorkbenchOptions extends Preparation {
  readonly clock: Clock;
  readonly cargoSlots: number;
  /** `copy` where an overlay can't be mounted. */
  readonly layer: "overlay" | "copy";
}

const OUTPUT_BYTES = 8_000_000;
const SCRATCH_BYTES = 2 * 1024 ** 3;

const isLasting = ({ status }: Verdict): boolean => status !== "infrastructure";

const NO_CLIPPY: Lint = { outcome: "unavailable", diagnostics: [], detail: "clippy is not installed", totalMs: 0 };

export function openWorkbench(at: WorkbenchOptions): Workbench {
  const slots = pLimit(at.cargoSlots);
  const bases = new Map<string, Promise<{ stored: StoredBase; prepared: PreparedBase }>>();
  const lints = new Map<string, Promise<Lint>>();
  const starts = new Map<string, Promise<Verdict>>();

  const stored = (base: Base, signal: AbortSignal) => {
    const key = baseKey(base, at.toolchain, at.root);
    return once(
      bases,
      key,
      () => open(at, base, key, signal),
      () => true,
    );
  };
  /** Waits for a cargo slot; returns how long that took. */
  const inSlot = async <T>(work: () => Promise<T>): Promise<readonly [T, number]> => {
    const asked = at.clock.now();
    return slots(async () => {
      const queueMs = at.clock.now() - asked;
      return [await work(), queueMs] as const;
    });
  };

  const verify = async (job: VerifyJob, signal: AbortSignal): Promise<Verification> => {
    const base = (await stored(job.task.base, signal)).stored;
    const [verification, queueMs] = await inSlot(() => verifyNow(at, base, job, signal));
    return { ...verification, queueMs };
  };

  return {
    tier: at.sandbox.tier,
    toolchain: { rustc: at.toolchain.rustc, cargo: at.toolchain.cargo, host: at.toolchain.host },
    prepare: async (base, signal) => (await stored(base, signal)).prepared,
    verify,
    startState: async (task, signal) => {
      const base = (await stored(task.base, signal)).stored;
      // Trials of several candidates request the same task at once: it is computed for the first of them.
      const work = async () => (await verify({ task, changes: new Map() }, signal)).verdict;
      return once(starts, task.digest, () => rememberedStart(base, task, work), isLasting);
    },
    lint: async (job, signal) => {
      const base = (await stored(job.task.base, signal)).stored;
      if (!base.meta.linted) return NO_CLIPPY;
      // Many trials end with the same tree; clippy's output for it does not change.
      const key = `${base.meta.key} ${patchedTree(job)}`;
      const work = async () => (await inSlot(() => lintNow(at, base, job, signal)))[0];
      return once(lints, key, work, ({ outcome }) => outcome === "linted");
    },
  };
}

/** Computes a value for the first request. A failure (an abort, a full disk) is not kept: the next request tries again. */
function once<T>(known: Map<string, Promise<T>>, key: string, work: () => Promise<T>, isKept: (result: T) => boolean): Promise<T> {
  const found = known.get(key);
  if (found) return found;
  const begun = work();
  known.set(key, begun);
  const forget = (): void => void known.delete(key);
  begun.then((result) => (isKept(result) ? undefined : forget()), forget);
  return begun;
}

async function open(at: WorkbenchOptions, base: Base, key: string, signal: AbortSignal): Promise<{ stored: StoredBase; prepared: PreparedBase }> {
  const start = at.clock.now();
  const found = await at.cache.find(key);
  const stored = found ?? (await prepareBase(at, base, key, signal));
  const tests = stored.meta.binaries.flatMap((binary) => binary.tests);
  const idsOf = (role: string) =>
    tests
      .filter((test) => test.role === role)
      .map((test) => test.id)
      .toSorted();
  const prepared = {
    base,
    key,
    visibleTests: idsOf("visible"),
    heldOutTests: idsOf("held-out"),
    sentinels: idsOf("sentinel").length,
    preparedMs: found ? 0 : at.clock.now() - start,
  };
  return { stored, prepared };
}

async function verifyNow(at: WorkbenchOptions, base: StoredBase, job: VerifyJob, signal: AbortSignal): Promise<Omit<Verification, "queueMs">> {
  const start = at.clock.now();
  const texts = await attempt(() => instrumentedTexts(base, job));
  const laid = layPatch(job.task, job.changes, base.meta, (path) => (typeof texts === "string" ? null : (texts.get(path) ?? null)));
  const applyMs = at.clock.now() - start;
  const ending = (verdict: Verdict, ran: JobOutput["times"] | null = null) => ({
    verdict,
    times: timesFrom(applyMs, ran, at.clock.now() - start),
    treeHash: laid.treeHash,
  });
  if (laid.tampered.length > 0) return ending({ status: "tampered", seen: laid.tampered });
  if (typeof texts === "string") return ending({ status: "infrastructure", detail: texts });
  const binaries = judgedBinaries(job.task, base.meta);
  const ran = await attempt(() => at.sandbox.run(verifyJob(at, base, job.task, { laid, binaries }), signal));
  if (typeof ran === "string") return ending({ status: "infrastructure", detail: ran });
  return ending(verdictOf(job.task, base.meta, binaries, ran), ran.times);
}

function verifyJob(at: WorkbenchOptions, base: StoredBase, task: Task, { laid, binaries }: { laid: LaidPatch; binaries: readonly BinaryMeta[] }): Job {
  const flags = flagsOf(at, base, task);
  return {
    ...places(at, base),
    write: laid.write,
    remove: [...laid.remove, ...staleTargets(base.meta, laid.affected)],
    hide: base.meta.hide,
    build: { argv: buildTests(flags), env: cargoEnv(flags) },
    tests: jobTests(base.meta, binaries, flags.root),
    toolchainLibraries: base.meta.members.some((member) => member.procMacro),
    limits: limitsOf(task),
    parallelTests: flags.jobs,
  };
}

function flagsOf(at: WorkbenchOptions, { meta }: StoredBase, task: Task): CargoFlags {
  return at.flags({ forbidUnsafe: meta.forbidUnsafe, vendored: meta.vendor !== null, features: task.base.features ?? [] });
}

/** Identifies the tree that a job makes of its base, without creating it. */
function patchedTree({ task, changes }: VerifyJob): string {
  return hashOf([...new Map([...task.broken, ...changes])].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

async function lintNow(at: WorkbenchOptions, base: StoredBase, job: VerifyJob, signal: AbortSignal): Promise<Lint> {
  const start = at.clock.now();
  const instrumented = await instrumentedTexts(base, job);
  const laid = layPatch(job.task, job.changes, base.meta, (path) => instrumented.get(path) ?? null);
  const flags = flagsOf(at, base, job.task);
  const job2 = {
    ...places(at, base),
    write: laid.write,
    remove: [...laid.remove, ...staleTargets(base.meta, laid.affected)],
    hide: [],
    tests: [],
    build: { argv: runClippy(flags), env: cargoEnv(flags) },
    toolchainLibraries: false,
    limits: limitsOf(job.task),
    parallelTests: 1,
  };
  const ran = await attempt(() => at.sandbox.run(job2, signal));
  const totalMs = at.clock.now() - start;
  if (typeof ran === "string") return { outcome: "unavailable", diagnostics: [], detail: ran, totalMs };
  const { diagnostics } = readCargoMessages(ran.build?.stdout ?? "");
  const changed = showable(job.task, base.meta, diagnostics).filter(({ span }) => span !== null && laid.write.has(span.path));
  return { outcome: "linted", diagnostics: changed, detail: "", totalMs };
}

function places(at: WorkbenchOptions, base: StoredBase): Pick<Job, "layer" | "base" | "sysroot" | "vendor"> {
  return { layer: at.layer, base: join(base.folder, "tree"), sysroot: at.toolchain.sysroot, vendor: base.meta.vendor };
}

function limitsOf(task: Task): Job["limits"] {
  return { buildS: task.compileTimeoutS, testS: task.testTimeoutS, outputBytes: OUTPUT_BYTES, scratchBytes: SCRATCH_BYTES };
}

/** The prepared base's text of each file that the job changes, if it holds tests. */
async function instrumentedTexts(base: StoredBase, job: VerifyJob): Promise<ReadonlyMap<string, string>> {
  const paths = [...new Set([...job.task.broken.keys(), ...job.changes.keys()])].filter((path) => base.meta.hide.includes(path));
  const texts = await Promise.all(paths.map(async (path) => [path, await readFile(join(base.folder, "tree", path), "utf8")] as const));
  return new Map(texts);
}

/** The outcome, or the harness's failure. An abort is rethrown. */
async function attempt<T>(work: () => Promise<T>): Promise<T | string> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SandboxFailure || isSystemError(error)) return messageOf(error);
    throw error;
  }
}

/** The disk is full, a folder is gone, no process can be started: any failed system call. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && "syscall" in error && "errno" in error;
}

function timesFrom(applyMs: number, ran: JobOutput["times"] | null, totalMs: number): Verification["times"] {
  const [checkMs, testMs] = [ran?.buildMs ?? 0, ran?.testMs ?? 0];
  return { applyMs, checkMs, testMs, overheadMs: Math.max(0, totalMs - applyMs - checkMs - testMs), totalMs };
}

/** The broken tree's own verdict, from the cache or computed now. */
async function rememberedStart(base: StoredBase, task: Task, work: () => Promise<Verdict>): Promise<Verdict> {
  const file = join(base.folder, "starts", `${task.digest}.json`);
  const text = await readFile(file, "utf8").catch(() => null);
  const known = text === null ? null : readVerdict(text);
  if (known) return known;
  const verdict = await work();
  if (verdict.status === "infrastructure") return verdict;
  await mkdir(join(base.folder, "starts"), { recursive: true });
  // Written beside and renamed: another process may be reading it.
  const fresh = `${file}.${randomBytes(6).toString("hex")}`;
  await writeFile(fresh, canonicalJson(verdict));
  await rename(fresh, file);
  return verdict;
}

/** A verdict written by this program; null if the file is damaged. */
function readVerdict(text: string): Verdict | null {
  try {
    return JSON.parse(text) as Verdict;
  } catch {
    return null;
  }
}
