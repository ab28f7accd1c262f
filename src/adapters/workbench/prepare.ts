// Prepares a clean base: adds sentinels, builds it inside the sandbox, checks its tests, stores it.
import { randomBytes } from "node:crypto";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Sha256 } from "../../core/base/canonical.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import { matcher } from "../../core/base/glob.ts";
import type { Base } from "../../core/suite/suite.ts";
import { stable } from "../../core/verdict/observed/records.ts";
import { BaseBuild } from "./base-build.ts";
import type { StoredBase } from "./base-cache.ts";
import { baseFault, packageFault, testFault } from "./base-fault.ts";
import { BASE_FORMAT, type BaseMeta, type BinaryMeta, jobTests, type TestedBase } from "./base-meta.ts";
import { compileTimeSources } from "./cargo/compile-time.ts";
import { asInSuite, type Layout, layoutOf, preparedPlace, testSources, type Variant, withoutFailing, writeLayout } from "./layout.ts";
import { observed, observedRuns, ordinaryRun } from "./observation.ts";
import { buildTests, type Executable, type Member, readExecutables, readMembers, readMetadata, readUnits, UNSTABLE } from "./cargo/cargo.ts";
import type { Preparation } from "./preparation.ts";
import { readUnitGraph, standingAlone } from "./cargo/unit-graph.ts";
import { inventoryOf, readPrinted, secretNames } from "../sandbox/inventory.ts";

/** Runs of the observed tests that must agree for a value to count. */
const REFERENCE_RUNS = 2;

export interface WantedBase {
  readonly base: Base;
  readonly variant: Variant;
  readonly key: Sha256;
}

export async function prepareBase(at: Preparation, { base, variant, key }: WantedBase, signal: AbortSignal): Promise<StoredBase> {
  const folder = await at.cache.workFolder(`${key.slice(0, 16)}-${process.pid}-${randomBytes(4).toString("hex")}`);
  try {
    return await at.cache.store(folder, await new Preparing(at, { base, variant, folder }, signal).build(key));
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

class Preparing {
  private readonly at: Preparation;
  private readonly base: Base;
  private readonly variant: Variant;
  private readonly signal: AbortSignal;
  private readonly on: BaseBuild;

  constructor(at: Preparation, { base, variant, folder }: { readonly base: Base; readonly variant: Variant; readonly folder: string }, signal: AbortSignal) {
    this.at = at;
    this.base = base;
    this.variant = variant;
    this.signal = signal;
    this.on = new BaseBuild(at, base, folder, signal);
  }

  async build(key: Sha256): Promise<BaseMeta> {
    const { on } = this;
    const first = layoutOf(this.base, this.variant, this.at.root);
    await writeLayout(on.tree, this.base, this.variant, first);
    await mkdir(join(on.tree, "target"), { recursive: true });
    if (this.variant === "confirmation") on.tell("fetch");
    on.vendor = await this.at.vendor(this.base, on.tree, this.signal);
    await on.handOver();
    const read = await this.readMembers();
    await on.layDependencies("tests");
    on.tell(this.variant === "confirmation" ? "build" : "build for the loop");
    // Cargo gives tests the configured environment, too; what it says of the package itself comes first.
    const members = read.map((member) => ({ ...member, env: { ...on.config.env, ...member.env } }));
    const [built, layout] = await this.buildUntilAllCompiles(first);
    const executables = readExecutables(built.stdout, on.flags().root);
    if (this.variant === "confirmation") on.tell("test");
    const binaries = await this.proveTests(executables, members, layout);
    const programs = programsOf(executables, members);
    const seen = await this.observe({ members, programs }, binaries, layout);
    await on.forgetWarnings();
    const fingerprints = await on.fingerprints();
    return {
      format: BASE_FORMAT,
      key,
      forbidUnsafe: on.forbidUnsafe,
      vendor: on.vendor,
      binaries,
      members: members.map(({ name, dir, dependents, procMacro, env }) => ({
        name,
        dir,
        dependents: [...dependents],
        procMacro,
        env: { ...env },
        fingerprints: fingerprints[name] ?? [],
      })),
      programs,
      observed: seen,
      alone: this.variant === "loop" ? await this.standingAlone(members) : [],
      compileTime: await compileTimeSources(on.tree, on.flags().root, this.base.tree, members),
      hide: testSources(this.base, this.variant, layout),
      secrets: secretsOf(layout),
    };
  }

  private async readMembers(): Promise<Member[]> {
    const read = readMembers((await this.on.cargo(readMetadata)).stdout, this.on.flags().root);
    const names = read.map(({ name }) => name);
    const unknown = (this.base.packages ?? []).filter((name) => !names.includes(name));
    if (unknown.length > 0) throw packageFault(this.base, unknown, names);
    this.on.members = read;
    return read;
  }

  /** What the held-out tests see on the clean base, which is the reference solution of each of its tasks: only what is stable. */
  private async observe(meta: TestedBase, binaries: readonly BinaryMeta[], { observed: names }: Layout): Promise<BaseMeta["observed"]> {
    const observable = binaries.filter(({ tests }) => this.variant === "apart" || tests.some(({ role }) => role === "held-out"));
    if (names === null || observable.length === 0) return null;
    const tests = jobTests(meta, observable, this.on.flags().root).slice(0, observable.length);
    const programs = jobTests(meta, [], this.on.flags().root);
    const reference: Record<string, Record<string, string>> = {};
    const runs: ReadonlyMap<string, string>[][] = observable.map(() => []);
    for (let run = 0; run < REFERENCE_RUNS; run += 1) {
      const { tests: outputs } = await this.on.run({ build: null, tests: [...tests.flatMap((test) => observedRuns(test, names)), ...programs] });
      for (const index of observable.keys()) runs[index]?.push(observed(outputs.slice(2 * index, 2 * index + 2), names));
    }
    for (const [index, { exe }] of observable.entries()) reference[exe] = Object.fromEntries(stable(runs[index] ?? []));
    return { ...names, reference };
  }

  /** What we added and does not compile is taken out again; anything else that does not compile is the suite's fault. */
  private async buildUntilAllCompiles(first: Layout): Promise<[{ stdout: string }, Layout]> {
    let current = first;
    for (let round = 0; ; round++) {
      const built = await this.on.cargo((flags) => buildTests(flags));
      if (built.code === 0) return [built, current];
      const texts = await hiddenTexts(this.on.tree, this.base, current);
      const less = withoutFailing(current, built.stdout, (path) => texts.get(path) ?? "");
      if (round === MAX_ROUNDS || !less) throw baseFault(this.base, { ...built, stdout: asInSuite(current, built.stdout) });
      current = less;
      await writeLayout(this.on.tree, this.base, this.variant, current);
      await this.on.handOver();
    }
  }

  /** A feature may name a package that is not built then. */
  private async standingAlone(members: readonly Member[]): Promise<string[]> {
    const { features = [], packages = [] } = this.base;
    const names = members.map(({ name }) => name).filter((name) => packages.length === 0 || packages.includes(name));
    if (features.length > 0 || names.length === 1) return [];
    return standingAlone(names, async (some) => {
      const { code, stdout } = await this.on.cargo((flags) => readUnits(flags, some), UNSTABLE);
      return code === 0 ? readUnitGraph(stdout) : null;
    });
  }

  private async proveTests(executables: readonly Executable[], members: readonly Member[], layout: Layout): Promise<BinaryMeta[]> {
    const tests = executables.filter((item) => item.test);
    const made = tests.map((item) => ({ member: memberOf(members, item.dir).name, target: item.target, exe: item.exe, cwd: item.dir === "" ? "." : item.dir }));
    const programs = programsOf(executables, members);
    const tried = jobTests({ members, programs }, made, this.on.flags().root).map((test) => ordinaryRun(test, layout.observed));
    const ran = await this.on.run({ build: null, tests: tried });
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
    if (broken.length === 0 && kept.length === 0 && (this.variant !== "confirmation" || binaries.some((binary) => binary.tests.length > 0))) return binaries;
    throw testFault(this.base, broken, kept);
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
