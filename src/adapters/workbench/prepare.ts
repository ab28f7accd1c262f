// Prepares a clean base: adds sentinels, builds it inside the sandbox, checks its tests, stores it.
import { randomBytes } from "node:crypto";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { hashOf, type Sha256 } from "../../core/base/canonical.ts";
import { BakeoffError, WrittenFileError } from "../../core/base/errors.ts";
import { matcher } from "../../core/base/glob.ts";
import type { Base } from "../../core/suite/suite.ts";
import { readCargoMessages } from "../../core/verdict/output/diagnostics.ts";
import { hasUnsafe } from "../../core/rust/items.ts";
import { dropTwins, type Instrumented, instrument } from "../../core/verdict/twins/sentinel.ts";
import type { BaseCache, StoredBase } from "./base-cache.ts";
import { BASE_FORMAT, type BaseMeta, type BinaryMeta, jobTests } from "./base-meta.ts";
import {
  buildTests,
  type CargoFlags,
  cargoEnv,
  type Executable,
  howBuilt,
  type Member,
  readExecutables,
  readMembers,
  readMetadata,
  runClippy,
} from "./cargo.ts";
import { type InstrumentedFiles, inventoryOf, readPrinted, secretNames } from "../sandbox/inventory.ts";
import { runProcess } from "../sandbox/process.ts";
import { type Job, type JobOutput, type Sandbox, SandboxFailure } from "../sandbox/sandbox.ts";
import type { HostToolchain } from "./toolchain.ts";

/** Maximum number of twins per source file: enough to cover each module, few enough to cost nothing. */
const MAX_TWINS = 8;
const PREPARE_LIMITS = { buildS: 1200, testS: 120, outputBytes: 64_000_000, scratchBytes: 4 * 1024 ** 3 };

export interface Preparation {
  readonly sandbox: Sandbox;
  readonly toolchain: HostToolchain;
  readonly cache: BaseCache;
  readonly flags: (base: Pick<CargoFlags, "forbidUnsafe" | "vendored" | "features">) => CargoFlags;
  /** The workspace's path as a job sees it: build output contains it. */
  readonly root: string;
  /** Fetches what the base's lock file names and returns the folder; null: the base has no dependencies. */
  readonly vendor: (base: Base, tree: string, signal: AbortSignal) => Promise<string | null>;
}

/** Content of tree, lock file and hidden list, toolchain, flags and format: everything that affects a build. */
export function baseKey(base: Base, toolchain: HostToolchain, root: string): Sha256 {
  return hashOf({
    format: BASE_FORMAT,
    built: howBuilt(),
    twins: MAX_TWINS,
    place: root,
    tree: base.digest,
    hidden: base.hidden,
    rustc: toolchain.verbose,
    cargo: toolchain.cargo,
  });
}

export async function prepareBase(at: Preparation, base: Base, key: Sha256, signal: AbortSignal): Promise<StoredBase> {
  const folder = await at.cache.workFolder(`${key.slice(0, 16)}-${process.pid}-${randomBytes(4).toString("hex")}`);
  try {
    return await at.cache.store(folder, await new BaseBuild(at, base, folder, signal).build(key));
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

class BaseBuild {
  private readonly tree: string;
  private readonly at: Preparation;
  private readonly base: Base;
  private readonly signal: AbortSignal;
  private vendor: string | null = null;
  private readonly forbidUnsafe: boolean;

  constructor(at: Preparation, base: Base, folder: string, signal: AbortSignal) {
    this.at = at;
    this.base = base;
    this.signal = signal;
    this.tree = join(folder, "tree");
    this.forbidUnsafe = ![...base.tree].some(([path, content]) => path.endsWith(".rs") && typeof content === "string" && hasUnsafe(content));
  }

  async build(key: Sha256): Promise<BaseMeta> {
    let files = instrumentedFiles(this.base);
    await writeTree(this.tree, this.base, files);
    await mkdir(join(this.tree, "target"), { recursive: true });
    this.vendor = await this.at.vendor(this.base, this.tree, this.signal);
    await this.handOver();
    const members = readMembers((await this.cargo(readMetadata)).stdout, this.flags().root);
    const [built, kept] = await this.buildUntilTwinsCompile(files);
    files = kept;
    const executables = readExecutables(built.stdout, this.flags().root);
    const linted = this.at.toolchain.clippy && (await this.cargo(runClippy)).code === 0;
    const binaries = await this.proveTests(executables, members, files);
    await this.forgetWarnings();
    return {
      format: BASE_FORMAT,
      key,
      forbidUnsafe: this.forbidUnsafe,
      vendor: this.vendor,
      linted,
      binaries,
      members: await this.withFingerprints(members),
      programs: programsOf(executables, members),
      hide: [...new Set([...files.keys(), ...[...this.base.tree.keys()].filter(matcher(this.base.hidden))])].toSorted(),
      secrets: [...files.values()].flatMap((file) => [...file.aliases, ...file.twins].map(({ alias }) => alias)).toSorted(),
    };
  }

  private flags(): CargoFlags {
    return this.at.flags({ forbidUnsafe: this.forbidUnsafe, vendored: this.vendor !== null, features: this.base.features ?? [] });
  }

  private async cargo(argv: (flags: CargoFlags) => string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const output = await this.run({ build: { argv: argv(this.flags()), env: cargoEnv(this.flags()) }, tests: [] });
    if (!output.build) throw new SandboxFailure("the sandbox brought no result of cargo back");
    return output.build;
  }

  private run(part: Pick<Job, "build" | "tests">): Promise<JobOutput> {
    const none = { write: new Map<string, string>(), remove: [], hide: [], toolchainLibraries: true, parallelTests: 1 };
    const places = { base: this.tree, sysroot: this.at.toolchain.sysroot, vendor: this.vendor };
    return this.at.sandbox.run({ layer: "direct", ...places, ...none, ...part, limits: PREPARE_LIMITS }, this.signal);
  }

  /** A twin that does not compile is removed again; anything else that does not compile is the suite's fault. */
  private async buildUntilTwinsCompile(files: InstrumentedFiles): Promise<[{ stdout: string }, InstrumentedFiles]> {
    let current = files;
    for (let round = 0; ; round++) {
      const built = await this.cargo(buildTests);
      if (built.code === 0) return [built, current];
      const less = withoutFailingTwins(current, built.stdout);
      if (round === 5 || !less) throw baseFault(this.base, built);
      current = less;
      await writeTree(this.tree, this.base, current);
      await this.handOver();
    }
  }

  private async proveTests(executables: readonly Executable[], members: readonly Member[], files: InstrumentedFiles): Promise<BinaryMeta[]> {
    const tests = executables.filter((item) => item.test);
    const made = tests.map((item) => ({ member: memberOf(members, item.dir).name, target: item.target, exe: item.exe, cwd: item.dir === "" ? "." : item.dir }));
    const programs = programsOf(executables, members);
    const ran = await this.run({ build: null, tests: jobTests({ members, programs }, made, this.flags().root) });
    const secrets = secretNames(files);
    const broken: string[] = [];
    const binaries = made.map((item, index): BinaryMeta => {
      const found = inventoryOf(readPrinted(ran.tests[index]?.stdout ?? ""), `${item.member}/${item.target}/`, secrets);
      broken.push(...found.broken);
      return { ...item, tests: [...found.tests] };
    });
    if (broken.length === 0 && binaries.some((binary) => binary.tests.length > 0)) return binaries;
    const what = broken.length > 0 ? `tests of the clean base fail: ${broken.slice(0, 8).join(", ")}` : "the clean base has no tests";
    throw new WrittenFileError([{ path: this.base.path ?? this.base.name, line: 1, column: 1, message: `${what}: repair the base tree` }], broken);
  }

  private async withFingerprints(members: readonly Member[]): Promise<BaseMeta["members"]> {
    const names = await readdir(join(this.tree, "target/debug/.fingerprint"));
    return members.map(({ dependents, ...member }) => ({
      ...member,
      dependents: [...dependents],
      fingerprints: names.filter((name) => name.replace(/-[0-9a-f]{16}$/, "") === member.name).map((name) => `debug/.fingerprint/${name}`),
    }));
  }

  /** Cargo stores compiler output to replay it, including lines of the clean sources, which may be a task's answer. */
  private async forgetWarnings(): Promise<void> {
    const folder = join(this.tree, "target/debug/.fingerprint");
    for (const path of await readdir(folder, { recursive: true })) if (/(^|\/)output-[^/]+$/.test(path)) await rm(join(folder, path));
  }

  private async handOver(): Promise<void> {
    const { owner } = this.at.sandbox;
    if (owner === null) return;
    const command = ["chown", "-R", `${owner}:${owner}`, this.tree] as const;
    await runProcess({ command, env: { PATH: process.env["PATH"] ?? "" }, cwd: "/", timeoutMs: 60_000, signal: this.signal });
  }
}

/** What the workspace's own bin targets were built into. */
const programsOf = (executables: readonly Executable[], members: readonly Member[]): BaseMeta["programs"] =>
  executables.filter((item) => !item.test).map((item) => ({ member: memberOf(members, item.dir).name, exe: item.exe }));

const secretName = (): string => `x${randomBytes(6).toString("hex")}`;

function instrumentedFiles(base: Base): InstrumentedFiles {
  const hidden = matcher(base.hidden);
  const files = new Map<string, Instrumented>();
  for (const [path, content] of base.tree) {
    if (!path.endsWith(".rs") || typeof content !== "string") continue;
    const file = instrument(content, { names: secretName, renameTests: hidden(path), maxTwins: MAX_TWINS });
    if (file.aliases.length + file.twins.length > 0) files.set(path, file);
  }
  return files;
}

async function writeTree(tree: string, base: Base, files: InstrumentedFiles): Promise<void> {
  for (const [path, content] of base.tree) {
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await writeFile(join(tree, path), files.get(path)?.source ?? content);
  }
}

/** The files without the twins that compile errors point at; null if none does. */
function withoutFailingTwins(files: InstrumentedFiles, stdout: string): InstrumentedFiles | null {
  const errors = readCargoMessages(stdout).diagnostics.filter((diagnostic) => diagnostic.level === "error");
  const text = errors.map((diagnostic) => diagnostic.rendered).join("\n");
  let dropped = 0;
  const kept = new Map<string, Instrumented>();
  for (const [path, file] of files) {
    const lines = errors.flatMap(({ span }) => (span?.path === path ? [span.line] : []));
    const failing = file.twins.filter((twin) => text.includes(twin.alias) || lines.some((line) => covers(file.source, twin, line)));
    dropped += failing.length;
    kept.set(
      path,
      dropTwins(
        file,
        failing.map(({ alias }) => alias),
      ),
    );
  }
  return dropped === 0 ? null : kept;
}

function covers(source: string, twin: { start: number; end: number }, line: number): boolean {
  const lineOf = (offset: number) => source.slice(0, offset).split("\n").length;
  return lineOf(twin.start) <= line && line <= lineOf(twin.end);
}

function memberOf(members: readonly Member[], dir: string): Member {
  const member = members.find((item) => item.dir === dir);
  if (!member) throw new BakeoffError("invariant", `cargo built something in ${dir}, which is no member of the workspace`);
  return member;
}

function baseFault(base: Base, built: { stdout: string; stderr: string }): WrittenFileError {
  const errors = readCargoMessages(built.stdout).diagnostics.filter((diagnostic) => diagnostic.level === "error");
  const issues = errors.slice(0, 20).map(({ span, code, message }) => ({
    path: `${base.path ?? base.name}/${span?.path ?? "Cargo.toml"}`,
    line: span?.line ?? 1,
    column: span?.column ?? 1,
    message: `the clean base does not compile (${code}: ${message}): repair the base tree`,
  }));
  if (issues.length > 0) return new WrittenFileError(issues);
  const why = built.stderr.trim().split("\n").slice(0, 4).join(" ");
  return new WrittenFileError([
    { path: `${base.path ?? base.name}/Cargo.toml`, line: 1, column: 1, message: `cargo can't build the clean base (${why}): repair the base tree` },
  ]);
}
