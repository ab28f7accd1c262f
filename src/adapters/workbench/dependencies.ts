// The dependencies of a base, compiled once for all bases with the same lock file: without the workspace's code, which could write into them.
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { hashOf, type Sha256 } from "../../core/base/canonical.ts";
import { hollowTree, isHollow } from "../../core/suite/hollow-tree.ts";
import { lockPackages } from "../../core/suite/lock-packages.ts";
import type { Tree } from "../../core/text/edit.ts";
import type { PrepareStep } from "../../ports/workbench.ts";
import { lockInTurn, unlock } from "../capsules/lock.ts";
import { runProcess } from "../sandbox/process.ts";
import { OUTPUT_BYTES } from "../sandbox/script.ts";
import type { Sandbox, StageOutput } from "../sandbox/sandbox.ts";
import type { BaseCache } from "./base-cache.ts";
import { buildTests, type CargoFlags, cargoEnv, howBuilt, readResolved, runClippy } from "./cargo/cargo.ts";
import { isOfTree, readCompiled, readResolvedPackages } from "./cargo/compilation.ts";
import { handOver } from "./owner.ts";
import type { HostToolchain } from "./cargo/toolchain.ts";

/** Raised whenever what is stored for a lock file comes to be something else. */
const FORMAT = 2;
const LIMITS = { buildS: 3600, testS: 1, outputBytes: OUTPUT_BYTES, scratchBytes: 4 * 1024 ** 3 };
const WAIT_MS = 500;

export interface DependencyPorts {
  readonly sandbox: Sandbox;
  readonly toolchain: HostToolchain;
  readonly cache: BaseCache;
}

/** What the dependencies are compiled for. Clippy needs what tests need of build scripts and macros, and the rest only checked. */
export type DependencyKind = "tests" | "clippy";

export interface WantedDependencies {
  readonly kind: DependencyKind;
  readonly tree: Tree;
  readonly flags: CargoFlags;
  /** Host folder of the vendored sources. */
  readonly vendor: string;
  readonly tell: (step: PrepareStep["step"], crates?: PrepareStep["crates"]) => void;
}

/**
 * Copies the compiled dependencies into an empty target folder, and compiles them first where nobody has. What a base's build does not
 * find there, cargo compiles as ever: a key that takes too much together costs time, and is never wrong.
 */
export async function layDependencies(at: DependencyPorts, wanted: WantedDependencies, target: string, signal: AbortSignal): Promise<void> {
  const key = dependencyKey(at, wanted);
  const folder = (await at.cache.dependencies(key)) ?? (await compiledOnce(at, wanted, key, signal));
  // Times stay: cargo goes by them. Two links to one file stay that, within the copy.
  const command = ["cp", "-a", "--reflink=auto", `${folder}/target/.`, target] as const;
  const { code } = await runProcess({ command, env: { PATH: process.env["PATH"] ?? "" }, cwd: "/", timeoutMs: 600_000, signal });
  if (code === 0) return;
  // Pruned meanwhile, or no room for it: an unfinished copy is none.
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
}

/** The fetched packages and whatever else cargo derives the names of their files from. */
function dependencyKey({ toolchain }: DependencyPorts, { kind, tree, flags }: WantedDependencies): Sha256 {
  const { jobs: _, members: __, ...others } = flags;
  const { fetched } = lockPackages(String(tree.get("Cargo.lock")));
  return hashOf({ format: FORMAT, kind, built: howBuilt(), fetched, flags: others, rustc: toolchain.verbose, cargo: toolchain.cargo });
}

/** By one process at a time; one that was stopped is gone on with. */
async function compiledOnce(at: DependencyPorts, wanted: WantedDependencies, key: Sha256, signal: AbortSignal): Promise<string> {
  const work = at.cache.dependencyFolder(key);
  await mkdir(dirname(work), { recursive: true });
  await lockInTurn(work, { everyMs: WAIT_MS, signal });
  try {
    const found = await at.cache.dependencies(key);
    if (found) return found;
    await new DependencyBuild(at, wanted, join(work, "tree"), signal).build();
    return await at.cache.storeDependencies(work, key);
  } finally {
    await unlock(work);
  }
}

class DependencyBuild {
  private readonly at: DependencyPorts;
  private readonly wanted: WantedDependencies;
  private readonly tree: string;
  private readonly signal: AbortSignal;

  constructor(at: DependencyPorts, wanted: WantedDependencies, tree: string, signal: AbortSignal) {
    this.at = at;
    this.wanted = wanted;
    this.tree = tree;
    this.signal = signal;
  }

  /** Whatever does not compile here is told by the base's own build, which tries it again. */
  async build(): Promise<void> {
    await this.layHollow();
    const fetched = await this.fetchedPackages();
    if (fetched === null) return;
    const built = await this.compiled(fetched);
    await this.forgetOwn(built?.stdout ?? "");
  }

  private async compiled(fetched: ReadonlySet<string>): Promise<StageOutput | null> {
    if (this.wanted.kind === "tests") return this.cargo((flags) => buildTests(flags), this.counting("dependencies", fetched));
    await layDependencies(this.at, { ...this.wanted, kind: "tests" }, join(this.tree, "target"), this.signal);
    await handOver(this.at.sandbox, this.tree, this.signal);
    return this.cargo(runClippy, this.counting("dependencies for clippy", fetched));
  }

  /** A tree that was left behind is laid anew around its target folder. */
  private async layHollow(): Promise<void> {
    for (const name of await readdir(this.tree).catch(() => [])) if (name !== "target") await rm(join(this.tree, name), { recursive: true });
    await mkdir(join(this.tree, "target"), { recursive: true });
    for (const [path, content] of hollowTree(this.wanted.tree)) {
      await mkdir(dirname(join(this.tree, path)), { recursive: true });
      await writeFile(join(this.tree, path), content);
    }
    await handOver(this.at.sandbox, this.tree, this.signal);
  }

  /** Null where cargo can't tell, or would run code of the tree all the same: nothing is shared then. */
  private async fetchedPackages(): Promise<ReadonlySet<string> | null> {
    const told = await this.cargo((flags) => readResolved(flags, this.at.toolchain.host));
    if (told?.code !== 0) return null;
    const { ids, ownSources } = readResolvedPackages(told.stdout);
    return ownSources.every(isHollow) ? new Set(ids.filter((id) => !isOfTree(id))) : null;
  }

  /** Tells how many of the fetched packages are compiled, ten times at the most. */
  private counting(step: PrepareStep["step"], fetched: ReadonlySet<string>): (stdout: string) => void {
    let told = -1;
    this.wanted.tell(step);
    return (stdout) => {
      const done = new Set(readCompiled(stdout).flatMap(({ packageId }) => (fetched.has(packageId) ? [packageId] : []))).size;
      const tenth = Math.floor((done * 10) / fetched.size);
      if (done === 0 || tenth === told) return;
      told = tenth;
      this.wanted.tell(step, { done, total: fetched.size });
    };
  }

  private async cargo(argv: (flags: CargoFlags) => string[], watch?: (stdout: string) => void): Promise<StageOutput | null> {
    const { flags, vendor } = this.wanted;
    const { build } = await this.at.sandbox.run(
      {
        layer: "direct",
        base: this.tree,
        sysroot: this.at.toolchain.sysroot,
        vendor,
        write: new Map<string, string>(),
        remove: [],
        hide: [],
        build: { argv: argv(flags), env: cargoEnv(flags) },
        tests: [],
        toolchainLibraries: true,
        limits: LIMITS,
        parallelTests: 1,
        ...(watch ? { watch } : {}),
      },
      this.signal,
    );
    return build;
  }

  /** The hollow packages were built, too: nothing of them may pass for what a base's build makes. */
  private async forgetOwn(stdout: string): Promise<void> {
    const { own } = lockPackages(String(this.wanted.tree.get("Cargo.lock")));
    const debug = join(this.tree, "target/debug");
    const targets = readCompiled(stdout).flatMap(({ packageId, target }) => (isOfTree(packageId) ? [target] : []));
    const isOwnFolder = (name: string) => own.includes(name.replace(/-[0-9a-f]{16}$/, ""));
    for (const folder of [".fingerprint", "build"]) await removeFrom(join(debug, folder), isOwnFolder);
    const crates = new Set([...own, ...targets].map((name) => name.replaceAll("-", "_")));
    await removeFrom(join(debug, "deps"), (name) => crates.has(name.replace(/^lib/, "").replace(/-[0-9a-f]{16}.*$/, "")));
    await removeFrom(debug, (name) => ![".fingerprint", "build", "deps", ".cargo-lock"].includes(name));
  }
}

async function removeFrom(folder: string, isGone: (name: string) => boolean): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  await Promise.all(names.filter(isGone).map((name) => rm(join(folder, name), { recursive: true })));
}
