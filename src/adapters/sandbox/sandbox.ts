// Runs one job (lay, build, test) in a fresh folder and hands back its outputs; the only starter of untrusted code.
import { access, chown, mkdir, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Clock } from "../../ports/clock.ts";
import type { SandboxTier } from "../../core/trial/sandbox-tier.ts";
import { type Chamber, type ChamberHost, openChamber } from "./chamber.ts";
import { StandingChambers } from "./standing-chambers.ts";
import { WALL_IS_UP } from "./launcher/launcher.ts";
import type { JobStep, Layer, Limits, PlacedStep, ScriptJob } from "./script.ts";
import { ownFolder, removeLeftovers } from "../workbench/leftovers.ts";
import { type HostLayout, hostLayout, OWN_PROGRAM, SKELETON } from "./mounts.ts";
import { TIERS } from "./tiers/tiers.ts";
import { findProgram } from "../workbench/cargo/toolchain.ts";
import { watched } from "./watch.ts";

export interface Job extends JobStep {
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
  /** Taken if every test ended with exit code 0; none where it is missing. */
  readonly next?: JobStep | null;
  /** Does a test binary need the toolchain's own libraries (proc-macro crates)? */
  readonly toolchainLibraries: boolean;
  readonly limits: Limits;
  /** Test binaries that run at the same time. */
  readonly parallelTests: number;
  /** Told now and then what the first build has printed so far. */
  readonly watch?: (stdout: string) => void;
}

export interface StageOutput {
  /** Did the wall stand? Then whatever else is told here is the doing of what ran behind it. */
  readonly walled: boolean;
  readonly code: number | null;
  /** Wall seconds, to a hundredth: tells our own time limit from a signal that looks like it. */
  readonly seconds: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Bytes of stdout that were not kept. */
  readonly cutBytes: number;
  /** The file that the test was to bring back; null where there is none. */
  readonly record: string | null;
}

export interface StepOutput {
  readonly build: StageOutput | null;
  /** Same order as the step's tests; null where the binary was not there or not run. */
  readonly tests: readonly (StageOutput | null)[];
}

export interface JobOutput extends StepOutput {
  /** Null where there was no second step, or it was not taken. */
  readonly next: StepOutput | null;
  readonly times: { readonly setupMs: number; readonly buildMs: number; readonly testMs: number; readonly totalMs: number };
}

/** Our own side failed; the text says how. Never the candidate's doing. */
export class SandboxFailure extends Error {
  override readonly name = "SandboxFailure";
}

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
  /** Host path of the launcher that every stage starts through. */
  readonly launcher: string;
}

export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  const tier = TIERS[options.tier];
  const owner = process.getuid?.() === 0 ? tier.dropTo : null;
  await removeLeftovers();
  const home = await ownFolder("sandbox");
  await handOver(home, owner);
  const layout = await hostLayout();
  await buildSkeleton(join(home, "skeleton"), layout);
  const passwd = join(home, "skeleton", "etc", "passwd");
  await writeFile(passwd, "root:x:0:0:the only user:/tmp:/usr/sbin/nologin\n");
  const host: Host = {
    ...options,
    owner,
    home,
    layout,
    passwd,
    setpriv: await program("setpriv"),
    wall: (tier.wall && (await program(tier.wall))) ?? "",
    readable: await existing(["/etc/alternatives", "/etc/ld.so.cache"]),
    path: process.env["PATH"] ?? "/usr/bin:/bin",
  };
  return new ChamberedSandbox(host);
}

interface Host extends ChamberHost {
  readonly wall: string;
}

class ChamberedSandbox implements Sandbox {
  readonly tier: SandboxTier;
  readonly owner: number | null;
  private readonly host: Host;
  private readonly standing = new StandingChambers(
    (needs) => openChamber(this.host, needs, this.nextFolder()),
    (chamber) => this.leave(chamber),
  );
  private readonly leaving = new Set<Promise<void>>();
  private count = 0;

  constructor(host: Host) {
    this.host = host;
    this.tier = host.tier;
    this.owner = host.owner;
  }

  async run(job: Job, signal: AbortSignal): Promise<JobOutput> {
    const start = this.host.clock.now();
    const needs = {
      layer: job.layer,
      base: job.base,
      sysroot: job.sysroot,
      vendor: job.vendor,
      toolchainLibraries: job.toolchainLibraries,
      scratchBytes: job.limits.scratchBytes,
    };
    signal.throwIfAborted();
    const chamber = await this.standing.take(needs);
    try {
      await layJob(this.host, chamber.folder, job);
      const timeoutMs = longestMs(job);
      const ending = chamber.go(timeoutMs, signal);
      if (job.layer === "overlay" && !TIERS[this.tier].oneJobAtATime && !signal.aborted) this.standing.prepare(needs);
      const end = await watched(job.watch, chamber.folder, ending);
      if (end !== "done") throw new SandboxFailure(`the ${this.tier} sandbox ended with ${end.code ?? "a signal"}: ${end.stderr.trim().slice(0, 600)}`);
      const outputs = await readOutputs(chamber.folder, job, TIERS[this.tier].isWalled);
      return { ...outputs, times: timesOf(chamber.marks, start, this.host.clock.now()) };
    } finally {
      this.leave(chamber);
    }
  }

  async close(): Promise<void> {
    await this.standing.close();
    await Promise.all(this.leaving);
    await rm(this.host.home, { recursive: true, force: true });
  }

  /** The end of namespaces takes the kernel a while: nobody waits for it but `close`. */
  private leave(chamber: Chamber): void {
    const left = chamber.leave();
    this.leaving.add(left);
    left.finally(() => this.leaving.delete(left)).catch(() => undefined);
  }

  private nextFolder(): string {
    this.count += 1;
    return join(this.host.home, `job-${this.count}`);
  }
}

/** Every stage has its own time limit; beyond all of them together only our own side can hang. */
function longestMs({ limits, tests, next }: Job): number {
  const [builds, runs] = [next ? 2 : 1, tests.length + (next?.tests.length ?? 0)];
  return (limits.buildS * builds + limits.testS * runs + 30) * 1000;
}

function timesOf(marks: ReadonlyMap<string, number>, start: number, end: number): JobOutput["times"] {
  const took = (...stages: readonly string[]) =>
    stages.reduce((sum, stage) => sum + (marks.get(`${stage}-end`) ?? 0) - (marks.get(stage) ?? marks.get(`${stage}-end`) ?? 0), 0);
  const setupEnd = marks.get("build") ?? marks.get("test-of-build") ?? end;
  return { setupMs: setupEnd - start, buildMs: took("build", "rebuild"), testMs: took("test-of-build", "test-of-rebuild"), totalMs: end - start };
}

/** Writes what a chamber needs of its job. */
async function layJob(host: Host, folder: string, job: Job): Promise<void> {
  const files = { "job.sh": TIERS[host.tier].job(scriptFacts(host, job), folder), "remove.list": nulList(job.remove), "hide.list": nulList(job.hide) };
  await Promise.all([
    ...Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)),
    ...[...job.write].map(([path, content]) => writeBelow(join(folder, "changes"), path, content)),
  ]);
}

function scriptFacts(host: Host, job: Job): ScriptJob {
  const { root, rust } = TIERS[host.tier].places({ plainTree: host.plainTree, sysroot: job.sysroot });
  return {
    tests: job.tests,
    limits: job.limits,
    build: job.build,
    next: job.next ?? null,
    root,
    dropTo: host.owner,
    wall: host.wall,
    parallelTests: job.parallelTests,
    testEnv: { PATH: "/usr/bin", HOME: "/tmp", RUSTC_BOOTSTRAP: "1", ...(job.toolchainLibraries ? { LD_LIBRARY_PATH: `${rust}/lib` } : {}) },
    has: { changes: job.write.size > 0, remove: job.remove.length > 0, hide: job.hide.length > 0 },
    testArgs: ["-Zunstable-options", "--format", "json"],
  };
}

async function writeBelow(root: string, path: string, content: string | Uint8Array): Promise<void> {
  const target = join(root, path);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, content);
}

async function readOutputs(folder: string, job: Job, walled: boolean): Promise<Omit<JobOutput, "times">> {
  const read = (name: string) => readStage(join(folder, "out"), name, walled);
  const readStep = async ({ build, tests }: JobStep, name: PlacedStep["name"], first: number): Promise<StepOutput> => ({
    build: build ? await read(name) : null,
    tests: await Promise.all(tests.map((test, index) => (test.cwd === null ? null : read(String(first + index))))),
  });
  const next = job.next ? await readStep(job.next, "rebuild", job.tests.length) : null;
  const wasTaken = next !== null && (next.build !== null || next.tests.some((test) => test !== null));
  return { ...(await readStep(job, "build", 0)), next: wasTaken ? next : null };
}

async function readStage(out: string, name: string, walled: boolean): Promise<StageOutput | null> {
  const text = (suffix: string) => readFile(join(out, `${name}.${suffix}`), "utf8").catch(() => null);
  const [code, stdout, stderr, wall, record, cut] = await Promise.all(["rc", "out", "err", "wall", "rec", "cut"].map(text));
  if (!code || typeof stdout !== "string") return null;
  const [exit = Number.NaN, from = 0, to = 0] = code.trim().split(" ").map(Number);
  return {
    walled: !walled || WALL_IS_UP.has(wall ?? null),
    code: exit,
    seconds: to - from,
    stdout,
    stderr: stderr ?? "",
    cutBytes: Number(cut ?? 0),
    record: record ?? null,
  };
}

async function buildSkeleton(root: string, layout: HostLayout): Promise<void> {
  for (const folder of [...SKELETON.folders, ...layout.folders]) await mkdir(join(root, folder), { recursive: true });
  for (const file of SKELETON.files) await writeFile(join(root, file), "");
  for (const { path, target } of [...layout.links, OWN_PROGRAM]) await symlink(target, join(root, path));
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
  const found = await Promise.all(
    paths.map((path) =>
      access(path).then(
        () => [path],
        () => [],
      ),
    ),
  );
  return found.flat();
}
