// Cargo on a base's own tree while it is prepared: the flags that it is built with, and what is taken away when it was.
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { hasUnsafe } from "../../core/rust/items.ts";
import type { CargoConfig } from "../../core/suite/cargo-config.ts";
import type { Base } from "../../core/suite/suite.ts";
import type { PrepareStep } from "../../ports/workbench.ts";
import { OUTPUT_BYTES } from "../sandbox/script.ts";
import { type Job, type JobOutput, SandboxFailure } from "../sandbox/sandbox.ts";
import { configOf } from "./base-key.ts";
import { type CargoFlags, cargoEnv } from "./cargo/cargo.ts";
import { type DependencyKind, layDependencies } from "./dependencies.ts";
import { handOver } from "./owner.ts";
import type { Preparation } from "./preparation.ts";

const LIMITS = { buildS: 1200, testS: 120, outputBytes: OUTPUT_BYTES, scratchBytes: 4 * 1024 ** 3 };

export class BaseBuild {
  readonly tree: string;
  readonly config: CargoConfig;
  readonly forbidUnsafe: boolean;
  vendor: string | null = null;
  members: CargoFlags["members"] = [];
  private readonly at: Preparation;
  private readonly base: Base;
  private readonly signal: AbortSignal;

  constructor(at: Preparation, base: Base, folder: string, signal: AbortSignal) {
    this.at = at;
    this.base = base;
    this.tree = join(folder, "tree");
    this.signal = signal;
    this.config = configOf(at, base);
    this.forbidUnsafe = ![...base.tree].some(([path, content]) => path.endsWith(".rs") && typeof content === "string" && hasUnsafe(content));
  }

  tell(step: PrepareStep["step"], crates?: PrepareStep["crates"]): void {
    this.at.preparing?.({ base: this.base.path ?? this.base.name, step, ...(crates === undefined ? {} : { crates }) });
  }

  flags(): CargoFlags {
    const { features = [], packages = [], warn = [] } = this.base;
    const own = { forbidUnsafe: this.forbidUnsafe, members: this.members, config: this.config, vendored: this.vendor !== null };
    return { ...this.at.flags({ ...own, features, packages, warn }), jobs: this.at.prepareJobs };
  }

  async cargo(
    argv: (flags: CargoFlags) => string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const output = await this.run({ build: { argv: argv(this.flags()), env: { ...cargoEnv(this.flags()), ...env } }, tests: [] });
    if (!output.build) throw new SandboxFailure("the sandbox brought no result of cargo back");
    return output.build;
  }

  run(part: Pick<Job, "build" | "tests">): Promise<JobOutput> {
    const none = { write: new Map<string, string>(), remove: [], hide: [], toolchainLibraries: true, parallelTests: 1 };
    const places = { base: this.tree, sysroot: this.at.toolchain.sysroot, vendor: this.vendor };
    return this.at.sandbox.run({ layer: "direct", ...places, ...none, ...part, limits: LIMITS }, this.signal);
  }

  async layDependencies(kind: DependencyKind): Promise<void> {
    if (this.vendor === null) return;
    const tell = this.tell.bind(this);
    await layDependencies(this.at, { kind, tree: this.base.tree, flags: this.flags(), vendor: this.vendor, tell }, join(this.tree, "target"), this.signal);
    await this.handOver();
  }

  /** Folders below `target` by whose removal cargo builds a package anew. */
  async fingerprints(): Promise<Readonly<Record<string, string[]>>> {
    const names = await readdir(join(this.tree, "target/debug/.fingerprint"));
    const of = (member: string) => names.filter((one) => one.replace(/-[0-9a-f]{16}$/, "") === member).map((one) => `debug/.fingerprint/${one}`);
    return Object.fromEntries(this.members.map(({ name }) => [name, of(name)]));
  }

  /** Cargo stores compiler output to replay it, including lines of the clean sources, which may be a task's answer. */
  async forgetWarnings(): Promise<void> {
    const folder = join(this.tree, "target/debug/.fingerprint");
    for (const path of await readdir(folder, { recursive: true })) if (/(^|\/)output-[^/]+$/.test(path)) await rm(join(folder, path));
  }

  handOver(): Promise<void> {
    return handOver(this.at.sandbox, this.tree, this.signal);
  }
}
