// Runs one job (lay, build, test) in a fresh folder and hands back its outputs; the only starter of untrusted code.
import { access, chown, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Clock, SandboxTier } from "../../run/ports.ts";
import { type Layer, type Limits, jobScripts, type ScriptJob } from "./job-script.ts";
import { bindTable, bubblewrapArguments, buildView, fstab, type HostLayout, hostLayout, SKELETON, testView } from "./mounts.ts";
import { runProcess } from "./process.ts";
import { findProgram } from "./toolchain.ts";

export interface Job {
  readonly layer: Layer;
  /** Host folder of the base tree with its `target`. */
  readonly base: string;
  readonly sysroot: string;
  /** Host folder of vendored dependencies, if any. */
  readonly vendor: string | null;
  /** Workspace path → new content. */
  readonly write: ReadonlyMap<string, string | Uint8Array>;
  /** Workspace paths to remove before the build. */
  readonly remove: readonly string[];
  /** Workspace paths taken away before any test runs. */
  readonly hide: readonly string[];
  readonly build: ScriptJob["build"];
  /** Test binaries below `target`, each with its working folder; `cwd` null: only made available. */
  readonly tests: readonly { readonly exe: string; readonly cwd: string | null }[];
  /** Does a test binary need the toolchain's own libraries (proc-macro crates)? */
  readonly toolchainLibraries: boolean;
  readonly limits: Limits;
  /** Test binaries that run at the same time. */
  readonly parallelTests: number;
}

export interface StageOutput {
  readonly code: number | null;
  /** Wall seconds, to a hundredth: tells our own time limit from a signal that looks like it. */
  readonly seconds: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The output reached its cap. */
  readonly capped: boolean;
}

export interface JobOutput {
  readonly build: StageOutput | null;
  /** Same order as the job's tests; null where the binary was not there or not run. */
  readonly tests: readonly (StageOutput | null)[];
  readonly times: { readonly setupMs: number; readonly buildMs: number; readonly testMs: number; readonly totalMs: number };
}

/** Our own side failed; the text says how. Never the candidate's doing. */
export class SandboxFailure extends Error {
  override readonly name = "SandboxFailure";
}

/** The user that a root harness drops to: no account, no files, no privileges. */
const DROP_UID = 61_357;

export interface Sandbox {
  readonly tier: SandboxTier;
  /** The user that prepared files must belong to; null: whoever runs the harness. */
  readonly owner: number | null;
  run(job: Job, signal: AbortSignal): Promise<JobOutput>;
  /** Removes what this process left in the temporary folder. */
  close(): Promise<void>;
}

/** Without isolation, the workspace lies here, so that paths stay the same from job to job. */
export interface SandboxOptions {
  readonly tier: SandboxTier;
  readonly clock: Clock;
  readonly plainTree: string;
}

export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  const owner = options.tier !== "none" && process.getuid?.() === 0 ? DROP_UID : null;
  const home = await mkdtemp(join(tmpdir(), `bakeoff-${process.pid}-`));
  await handOver(home, owner);
  const layout = await hostLayout();
  await buildSkeleton(join(home, "skeleton"), layout);
  const context: Context = {
    ...options, owner, home, layout, setpriv: await program("setpriv"),
    wall: (await program(options.tier === "bubblewrap" ? "bwrap" : "unshare")) ?? "",
    readable: await existing(["/etc/alternatives", "/etc/ld.so.cache"]),
    path: process.env["PATH"] ?? "/usr/bin:/bin",
  };
  let count = 0;
  return {
    tier: options.tier,
    owner,
    run: async (job, signal) => runJob(context, join(home, `job-${++count}`), job, signal),
    close: () => rm(home, { recursive: true, force: true }),
  };
}

interface Context extends SandboxOptions {
  readonly owner: number | null;
  readonly home: string;
  readonly layout: HostLayout;
  readonly setpriv: string | null;
  readonly wall: string;
  readonly readable: readonly string[];
  readonly path: string;
}

async function runJob(context: Context, folder: string, job: Job, signal: AbortSignal): Promise<JobOutput> {
  const start = context.clock.now();
  const marks = new Map<string, number>();
  try {
    await layFolder(context, folder, job);
    const end = await runProcess({
      command: context.tier !== "none" && context.owner !== null ? ["unshare", "-m", "sh", join(folder, "enter.sh")] : ["sh", join(folder, "enter.sh")],
      env: { PATH: `${context.path}:/usr/sbin:/sbin` }, cwd: "/", signal,
      timeoutMs: (job.limits.buildS + job.limits.testS * job.tests.length + 30) * 1000,
      onLine: (line) => marks.set(line, context.clock.now()),
    });
    if (end.code !== 0) throw new SandboxFailure(`the ${context.tier} sandbox ended with ${end.code ?? "a signal"}: ${end.stderr.trim().slice(0, 600)}`);
    return { ...(await readOutputs(folder, job)), times: timesOf(marks, start, context.clock.now()) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function timesOf(marks: ReadonlyMap<string, number>, start: number, end: number): JobOutput["times"] {
  const between = (from: string, to: string) => (marks.get(to) ?? 0) - (marks.get(from) ?? marks.get(to) ?? 0);
  const setupEnd = marks.get("build") ?? marks.get("test") ?? end;
  return { setupMs: setupEnd - start, buildMs: between("build", "built"), testMs: between("test", "tested"), totalMs: end - start };
}

/** Writes everything the scripts read. */
async function layFolder(context: Context, folder: string, job: Job): Promise<void> {
  await Promise.all(["t", "m", "base", "rust", "vendor", "r1", "r2", "out"].map((name) => mkdir(join(folder, name), { recursive: true })));
  const binds: [string, string][] = [[job.base, join(folder, "base")], [job.sysroot, join(folder, "rust")]];
  if (job.vendor) binds.push([job.vendor, join(folder, "vendor")]);
  const scripts = jobScripts({ ...scriptFacts(context, job), folder }, context.owner);
  const lists = { "remove.list": nulList(job.remove), "hide.list": nulList(job.hide), "fstab.enter": bindTable(binds) };
  const files = { ...scripts, ...lists, ...stageViews(context, folder, job) };
  await Promise.all([
    ...Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)),
    ...[...job.write].map(([path, content]) => writeBelow(join(folder, "changes"), path, content)),
  ]);
  if (context.tier === "none") await layPlain(context, folder, job);
  if (context.owner !== null) await Promise.all([folder, ...["t", "m", "out"].map((name) => join(folder, name))].map((path) => handOver(path, context.owner)));
}

function scriptFacts(context: Context, job: Job): Omit<ScriptJob, "folder"> {
  return {
    tier: context.tier, layer: job.layer, tests: job.tests, limits: job.limits, build: job.build, wall: context.wall, parallelTests: job.parallelTests,
    testEnv: { PATH: "/usr/bin", HOME: "/tmp", RUSTC_BOOTSTRAP: "1", ...(job.toolchainLibraries ? { LD_LIBRARY_PATH: "/rust/lib" } : {}) },
    has: { changes: job.write.size > 0, remove: job.remove.length > 0, hide: job.hide.length > 0 },
    testArgs: ["-Zunstable-options", "--format", "json"],
  };
}

function stageViews(context: Context, folder: string, job: Job): Record<string, string> {
  const paths = { job: folder, setpriv: context.setpriv, readable: context.readable };
  const build = buildView(paths, context.layout, job.layer === "direct");
  const test = testView(paths, context.layout, job.toolchainLibraries);
  const skeleton = join(context.home, "skeleton");
  if (context.tier === "util-linux") {
    return { "fstab.build": fstab(build, join(folder, "r1"), skeleton), "fstab.test": fstab(test, join(folder, "r2"), skeleton) };
  }
  if (context.tier === "none") return {};
  return { "bwrap.build": bubblewrapArguments(build, context.layout), "bwrap.test": bubblewrapArguments(test, context.layout) };
}

async function layPlain(context: Context, folder: string, job: Job): Promise<void> {
  await writeFile(join(folder, "tree.path"), context.plainTree);
  await rm(join(folder, "base"), { recursive: true });
  if (job.layer !== "direct") await symlink(job.base, join(folder, "base"));
}

async function writeBelow(root: string, path: string, content: string | Uint8Array): Promise<void> {
  const target = join(root, path);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, content);
}

async function readOutputs(folder: string, job: Job): Promise<Pick<JobOutput, "build" | "tests">> {
  const read = (name: string) => readStage(join(folder, "out"), name, job.limits.outputBytes);
  return {
    build: job.build ? await read("build") : null,
    tests: await Promise.all(job.tests.map((test, index) => (test.cwd === null ? null : read(String(index))))),
  };
}

async function readStage(out: string, name: string, cap: number): Promise<StageOutput | null> {
  const text = (suffix: string) => readFile(join(out, `${name}.${suffix}`), "utf8").catch(() => null);
  const [code, stdout, stderr] = await Promise.all([text("rc"), text("out"), text("err")]);
  if (code === null || stdout === null) return null;
  const [exit = Number.NaN, from = 0, to = 0] = code.trim().split(" ").map(Number);
  return { code: exit, seconds: to - from, stdout, stderr: stderr ?? "", capped: Buffer.byteLength(stdout) >= cap };
}

async function buildSkeleton(root: string, layout: HostLayout): Promise<void> {
  for (const folder of [...SKELETON.folders, ...layout.folders]) await mkdir(join(root, folder), { recursive: true });
  for (const file of SKELETON.files) await writeFile(join(root, file), "");
  for (const { path, target } of layout.links) await symlink(target, join(root, path));
}

async function handOver(path: string, owner: number | null): Promise<void> {
  if (owner !== null) await chown(path, owner, owner);
}

const nulList = (paths: readonly string[]): string => paths.map((path) => `${path}\u0000`).join("");

async function program(name: string): Promise<string | null> {
  const path = await findProgram(name, `${process.env["PATH"] ?? ""}:/usr/bin:/bin:/usr/sbin:/sbin`);
  return path && realpath(path);
}

async function existing(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(paths.map((path) => access(path).then(() => [path], () => [])));
  return found.flat();
}

