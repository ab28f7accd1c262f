// What `doctor` works with.
import { openLauncher } from "../../adapters/sandbox/launcher/launcher.ts";
import { detectTier } from "../../adapters/sandbox/detection.ts";
import { checkPlatform } from "../../adapters/sandbox/platform.ts";
import { BaseCache } from "../../adapters/workbench/base-cache.ts";
import { findProgram, findToolchain } from "../../adapters/workbench/cargo/toolchain.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import type { TierReport } from "../../ports/workbench.ts";
import type { DoctorPorts } from "../doctor/examine.ts";
import type { Places } from "../places.ts";
import { policyLoader } from "./parts/policies.ts";
import { servingOf } from "./parts/serving.ts";
import { clock, cores } from "./parts/system.ts";

/** Without a toolchain the launcher can't be built, and without that there is no sandbox. */
async function sandboxHere(cacheRoot: string, signal: AbortSignal): Promise<TierReport> {
  try {
    checkPlatform(process.platform);
    const launcher = await openLauncher(cacheRoot, await findToolchain("/", signal), signal);
    return await detectTier(clock, launcher, signal, null);
  } catch (error) {
    if (!(error instanceof BakeoffError)) throw error;
    return { tier: "none", layer: "copy", notes: [error.message] };
  }
}

const DAY_MS = 86_400_000;

export function composeDoctor({ cacheRoot, calledAs }: Places): DoctorPorts {
  const cache = new BaseCache(cacheRoot);
  return {
    nodeVersion: process.versions.node,
    cores: cores(),
    calledAs,
    environment: process.env,
    findToolchain: (signal) => findToolchain("/", signal),
    findProgram: (name) => findProgram(name),
    detectTier: (signal) => sandboxHere(cacheRoot, signal),
    loadPolicy: policyLoader,
    serving: (snapshot) => servingOf(snapshot, cacheRoot),
    after: (ms) => AbortSignal.timeout(ms),
    cache: { root: cacheRoot, list: () => cache.list(), prune: (days) => cache.prune(new Date(Date.now() - days * DAY_MS)) },
  };
}
