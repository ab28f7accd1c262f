// What preparing a base takes: a sandbox, a toolchain, the cache, and how cargo is called there.
import type { Base } from "../../core/suite/suite.ts";
import type { PrepareStep } from "../../ports/workbench.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import type { BaseCache } from "./base-cache.ts";
import type { CargoFlags } from "./cargo/cargo.ts";
import type { HostToolchain } from "./cargo/toolchain.ts";

export interface Preparation {
  readonly sandbox: Sandbox;
  readonly toolchain: HostToolchain;
  readonly cache: BaseCache;
  readonly flags: (base: Pick<CargoFlags, "forbidUnsafe" | "vendored" | "features" | "packages" | "warn" | "members" | "config">) => CargoFlags;
  /** Crates that cargo compiles at once while a base is prepared: every task of the base waits for it, so that no other job wants the cores. */
  readonly prepareJobs: number;
  /** The workspace's path as a job sees it: build output contains it. */
  readonly root: string;
  /** Told before each step. */
  readonly preparing?: (step: PrepareStep) => void;
  /** Fetches what the base's lock file names and returns the folder; null: the base has no dependencies. */
  readonly vendor: (base: Base, tree: string, signal: AbortSignal) => Promise<string | null>;
}
