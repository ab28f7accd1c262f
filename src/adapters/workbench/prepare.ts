// Prepares a clean base: adds sentinels, builds it inside the sandbox, checks its tests, stores it.
import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Sha256 } from "../../core/base/canonical.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import { matcher } from "../../core/base/glob.ts";
import type { CargoConfig } from "../../core/suite/cargo-config.ts";
import type { Base } from "../../core/suite/suite.ts";
import { hasUnsafe } from "../../core/rust/items.ts";
import { stable } from "../../core/verdict/observed/records.ts";
import type { BaseCache, StoredBase } from "./base-cache.ts";
import { baseFault, testFault } from "./base-fault.ts";
import { configOf } from "./base-key.ts";
import { BASE_FORMAT, type BaseMeta, type BinaryMeta, jobTests, type TestedBase } from "./base-meta.ts";
import { compileTimeSources } from "./compile-time.ts";
import { asInSuite, type Layout, layoutOf, preparedPlace, testSources, type Variant, withoutFailing, writeLayout } from "./layout.ts";
import { observed, observedRuns, ordinaryRun } from "./observation.ts";
import {
  buildTests,
  type CargoFlags,
  cargoEnv,
  type Executable,
  type Member,
  readExecutables,
  readMembers,
  readMetadata,
  readUnits,
  runClippy,
  UNSTABLE,
} from "./cargo.ts";
import { layDependencies } from "./dependencies.ts";
import { handOver } from "./owner.ts";
import { readUnitGraph, standingAlone } from "./unit-graph.ts";
import { inventoryOf, readPrinted, secretNames } from "../sandbox/inventory.ts";
import { OUTPUT_BYTES } from "../sandbox/script.ts";
import { type Job, type JobOutput, type Sandbox, SandboxFailure } from "../sandbox/sandbox.ts";
import type { PrepareStep } from "../../ports/workbench.ts";
import type { HostToolchain } from "./toolchain.ts";

/** Runs of the observed tests that must agree for a value to count. */
const REFERENCE_RUNS = 2;
const PREPARE_LIMITS = { buildS: 1200, testS: 120, outputBytes: OUTPUT_BYTES, scratchBytes: 4 * 1024 ** 3 };

export interface Preparation {
  readonly sandbox: Sandbox;
  readonly toolchain: HostToolchain;
  readonly cache: BaseCache;
  readonly flags: (base: Pick<CargoFlags, "forbidUnsafe" | "vendored" | "features" | "warn" | "members" | "config">) => CargoFlags;
  /** Crates that cargo compiles at once while a base is prepared: every task of the base waits for it, so that no other job wants the cores. */
  readonly prepareJobs: number;
  /** The workspace's path as a job sees it: build output contains it. */
  readonly root: string;
  /** Told before each step. */
  readonly preparing?: (step: PrepareStep) => void;
  /** Fetches what the base's lock file names and returns the folder; null: the base has no dependencies. */
  readonly vendor: (base: Base, tree: string, signal: AbortSignal) => Promise<string | null>;
}

export interface WantedBase {
  readonly base: Base;
  readonly variant: Variant;
  readonly key: Sha256;
}

export async function prepareBase(at: Preparation, { base, variant, key }: WantedBase, signal: AbortSignal): Promise<StoredBase> {
  const folder = await at.cache.workFolder(`${key.slice(0, 16)}-${process.pid}-${randomBytes(4).toString("hex")}`);
  try {
    return await at.cache.store(folder, await new BaseBuild(at, { base, variant, folder }, signal).build(key));
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

class BaseBuild {
  private readonly tree: string;
  private readonly at: Preparation;
  private readonly base: Base;
  private readonly variant: Variant;
  private readonly signal: AbortSignal;
  private vendor: string | null = null;
  private members: readonly string[] = [];
  private readonly config: CargoConfig;
  private readonly forbidUnsafe: boolean;

  constructor(at: Preparation, { base, variant, folder }: { readonly base: Base; readonly variant: Variant; readonly folder: string }, signal: AbortSignal) {
    this.at = at;
    this.base = base;
    this.variant = variant;
    this.signal = signal;
    this.tree = join(folder, "tree");
    this.config = configOf(at, base);
    this.forbidUnsafe = ![...base.tree].some(([path, content]) => path.endsWith(".rs") && typeof content === "string" && hasUnsafe(content));
  }

  async build(key: Sha256): Promise<BaseMeta> {
    const first = layoutOf(this.base, this.variant, this.at.root);
    await writeLayout(this.tree, this.base, this.variant, first);
    await mkdir(join(this.tree, "target"), { recursive: true });
    if (this.variant === "confirmation") this.tell("fetch");
    this.vendor = await this.at.vendor(this.base, this.tree, this.signal);
    await this.handOver();
    const read = readMembers((await this.cargo(readMetadata)).stdout, this.flags().root);
    this.members = read.map(({ name }) => name);
    await this.layDependencies();
    this.tell(this.variant === "loop" ? "build for the loop" : "build");
    // Cargo gives tests the configured environment, too; what it says of the package itself comes first.
    const members = read.map((member) => ({ ...member, env: { ...this.config.env, ...member.env } }));
    const [built, layout] = await this.buildUntilAllCompiles(first);
    const executables = readExecutables(built.stdout, this.flags().root);
    const linted = this.variant === "loop" && this.at.toolchain.clippy && (await this.cargo(runClippy)).code === 0;
    if (this.variant === "confirmation") this.tell("test");
    const binaries = await this.proveTests(executables, members, layout);
    const programs = programsOf(executables, members);
    const seen = await this.observe({ members, programs }, binaries, layout);
    await this.forgetWarnings();
    return {
      format: BASE_FORMAT,
      key,
      forbidUnsafe: this.forbidUnsafe,
      vendor: this.vendor,
      linted,
      binaries,
      members: await this.withFingerprints(members),
      programs,
      observed: seen,
      alone: this.variant === "loop" ? await this.standingAlone(members) : [],
      compileTime: await compileTimeSources(this.tree, this.flags().root, this.base.tree, members),
      hide: testSources(this.base, this.variant, layout),
      secrets: secretsOf(layout),
    };
  }

  /** What the held-out tests see on the clean base, which is the reference solution of each of its tasks: only what is stable. */
  private async observe(meta: TestedBase, binaries: readonly BinaryMeta[], { observed: names }: Layout): Promise<BaseMeta["observed"]> {
    const observable = binaries.filter(({ tests }) => tests.some(({ role }) => role === "held-out"));
    if (names === null || observable.length === 0) return null;
    const tests = jobTests(meta, observable, this.flags().root).slice(0, observable.length);
    const programs = jobTests(meta, [], this.flags().root);
    const reference: Record<string, Record<string, string>> = {};
    const runs: ReadonlyMap<string, string>[][] = observable.map(() => []);
    for (let run = 0; run < REFERENCE_RUNS; run += 1) {
      const { tests: outputs } = await this.run({ build: null, tests: [...tests.flatMap((test) => observedRuns(test, names)), ...programs] });
      for (const index of observable.keys()) runs[index]?.push(observed(outputs.slice(2 * index, 2 * index + 2), names));
    }
    for (const [index, { exe }] of observable.entries()) reference[exe] = Object.fromEntries(stable(runs[index] ?? []));
    return { ...names, reference };
  }

  private async layDependencies(): Promise<void> {
    if (this.vendor === null) return;
    const tell = this.tell.bind(this);
    const wanted = { tree: this.base.tree, flags: this.flags(), vendor: this.vendor, tell };
    await layDependencies(this.at, wanted, join(this.tree, "target"), this.signal);
    await this.handOver();
  }

  private tell(step: PrepareStep["step"], crates?: PrepareStep["crates"]): void {
    this.at.preparing?.({ base: this.base.path ?? this.base.name, step, ...(crates === undefined ? {} : { crates }) });
  }

  private flags(): CargoFlags {
    const { features = [], warn = [] } = this.base;
    const flags = this.at.flags({
      forbidUnsafe: this.forbidUnsafe,
      vendored: this.vendor !== null,
      features,
      warn,
      members: this.members,
      config: this.config,
    });
    return { ...flags, jobs: this.at.prepareJobs };
  }

  private async cargo(
    argv: (flags: CargoFlags) => string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const output = await this.run({ build: { argv: argv(this.flags()), env: { ...cargoEnv(this.flags()), ...env } }, tests: [] });
    if (!output.build) throw new SandboxFailure("the sandbox brought no result of cargo back");
    return output.build;
  }

  private run(part: Pick<Job, "build" | "tests">): Promise<JobOutput> {
    const none = { write: new Map<string, string>(), remove: [], hide: [], toolchainLibraries: true, parallelTests: 1 };
    const places = { base: this.tree, sysroot: this.at.toolchain.sysroot, vendor: this.vendor };
    return this.at.sandbox.run({ layer: "direct", ...places, ...none, ...part, limits: PREPARE_LIMITS }, this.signal);
  }

  /** What we added and does not compile is taken out again; anything else that does not compile is the suite's fault. */
  private async buildUntilAllCompiles(first: Layout): Promise<[{ stdout: string }, Layout]> {
    let current = first;
    for (let round = 0; ; round++) {
      const built = await this.cargo((flags) => buildTests(flags));
      if (built.code === 0) return [built, current];
      const texts = await hiddenTexts(this.tree, this.base, current);
      const less = withoutFailing(current, built.stdout, (path) => texts.get(path) ?? "");
      if (round === MAX_ROUNDS || !less) throw baseFault(this.base, { ...built, stdout: asInSuite(current, built.stdout) });
      current = less;
      await writeLayout(this.tree, this.base, this.variant, current);
      await this.handOver();
    }
  }

  /** A feature may name a package that is not built then. */
  private async standingAlone(members: readonly Member[]): Promise<string[]> {
    if ((this.base.features ?? []).length > 0 || members.length === 1) return [];
    const names = members.map(({ name }) => name);
    return standingAlone(names, async (packages) => {
      const { code, stdout } = await this.cargo((flags) => readUnits(flags, packages), UNSTABLE);
      return code === 0 ? readUnitGraph(stdout) : null;
    });
  }

  private async proveTests(executables: readonly Executable[], members: readonly Member[], layout: Layout): Promise<BinaryMeta[]> {
    const tests = executables.filter((item) => item.test);
    const made = tests.map((item) => ({ member: memberOf(members, item.dir).name, target: item.target, exe: item.exe, cwd: item.dir === "" ? "." : item.dir }));
    const programs = programsOf(executables, members);
    const tried = jobTests({ members, programs }, made, this.flags().root).map((test) => ordinaryRun(test, layout.observed));
    const ran = await this.run({ build: null, tests: tried });
    const secrets = secretNames(layout.files);
    const isAside = matcher(this.base.aside ?? []);
    const contradictory = matcher(this.base.contradictory ?? []);
    const broken: string[] = [];
    const kept: string[] = [];
    const binaries = made.map((item, index): BinaryMeta => {
      const found = inventoryOf(readPrinted(ran.tests[index]?.stdout ?? ""), `${item.member}/${item.target}/`, secrets, isAside);
      broken.push(...found.broken.filter((id) => !contradictory(id)));
      kept.push(...found.tests.map(({ id }) => id).filter((id) => contradictory(id) && !found.broken.includes(id)));
      return { ...item, tests: [...found.tests] };
    });
    // A base whose tests are all held out has none in the loop: its tasks are judged by the confirmation alone.
    if (broken.length === 0 && kept.length === 0 && (this.variant === "loop" || binaries.some((binary) => binary.tests.length > 0))) return binaries;
    throw testFault(this.base, broken, kept);
  }

  private async withFingerprints(members: readonly Member[]): Promise<BaseMeta["members"]> {
    const names = await readdir(join(this.tree, "target/debug/.fingerprint"));
    return members.map(({ name, dir, dependents, procMacro, env }) => ({
      name,
      dir,
      dependents: [...dependents],
      procMacro,
      env: { ...env },
      fingerprints: names.filter((one) => one.replace(/-[0-9a-f]{16}$/, "") === name).map((one) => `debug/.fingerprint/${one}`),
    }));
  }

  /** Cargo stores compiler output to replay it, including lines of the clean sources, which may be a task's answer. */
  private async forgetWarnings(): Promise<void> {
    const folder = join(this.tree, "target/debug/.fingerprint");
    for (const path of await readdir(folder, { recursive: true })) if (/(^|\/)output-[^/]+$/.test(path)) await rm(join(folder, path));
  }

  private handOver(): Promise<void> {
    return handOver(this.at.sandbox, this.tree, this.signal);
  }
}

/** What the workspace's own bin targets were built into. */
const programsOf = (executables: readonly Executable[], members: readonly Member[]): BaseMeta["programs"] =>
  executables.filter((item) => !item.test).map((item) => ({ member: memberOf(members, item.dir).name, exe: item.exe }));

/** Rounds of taking out what does not compile. */
const MAX_ROUNDS = 6;

/** Nothing that holds one of these is shown to anybody. */
function secretsOf({ files, secret, observed: names }: Layout): string[] {
  const aliases = [...files.values()].flatMap((file) => [...file.aliases, ...file.twins].map(({ alias }) => alias));
  return [...aliases, ...(names ? [names.module, names.record, names.right] : []), ...(secret ? [secret.folder] : [])].toSorted();
}

async function hiddenTexts(tree: string, base: Base, layout: Layout): Promise<ReadonlyMap<string, string>> {
  const paths = [...base.tree.keys()].filter((path) => path.endsWith(".rs") && matcher(base.hidden)(path));
  return new Map(await Promise.all(paths.map(async (path) => [path, await readFile(join(tree, preparedPlace(layout, path)), "utf8")] as const)));
}

function memberOf(members: readonly Member[], dir: string): Member {
  const member = members.find((item) => item.dir === dir);
  if (!member) throw new BakeoffError("invariant", `cargo built something in ${dir}, which is no member of the workspace`);
  return member;
}
