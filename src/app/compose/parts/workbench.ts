// The workbench: a toolchain, the best sandbox that works here, and the cache of prepared bases.
import { join } from "node:path";
import { openLauncher } from "../../../adapters/sandbox/launcher/launcher.ts";
import { checkPlatform } from "../../../adapters/sandbox/platform.ts";
import { openSandbox } from "../../../adapters/sandbox/sandbox.ts";
import { detectTier } from "../../../adapters/sandbox/detection.ts";
import { TIERS } from "../../../adapters/sandbox/tiers/tiers.ts";
import { BaseCache } from "../../../adapters/workbench/base-cache.ts";
import { findToolchain } from "../../../adapters/workbench/cargo/toolchain.ts";
import type { Preparation } from "../../../adapters/workbench/preparation.ts";
import { vendorInto } from "../../../adapters/workbench/vendor.ts";
import { openWorkbench } from "../../../adapters/workbench/workbench.ts";
import { BakeoffError } from "../../../core/base/errors.ts";
import { type SandboxTier, TIER_NAMES } from "../../../core/trial/sandbox-tier.ts";
import type { BenchOpener } from "../../../ports/workbench.ts";
import { clock, cores } from "./system.ts";

/** Opens workbenches over a cache folder. `BAKEOFF_SANDBOX` chooses the tier (tests and CI do); a better one is never passed over otherwise. */
export const benchOpener =
  (cacheRoot: string, platform = process.platform): BenchOpener =>
  async (cargoSlots, signal, preparing) => {
    checkPlatform(platform);
    const toolchain = await findToolchain("/", signal);
    const launcher = await openLauncher(cacheRoot, toolchain, signal);
    const tier = await detectTier(clock, launcher, signal, wantedTier());
    const cache = new BaseCache(cacheRoot);
    const plainTree = join(cacheRoot, "plain", "w");
    const { oneJobAtATime, places: placesIn } = TIERS[tier.tier];
    const places = placesIn({ plainTree, sysroot: toolchain.sysroot });
    const sandbox = await openSandbox({ tier: tier.tier, clock, launcher, plainTree });
    const slotCount = oneJobAtATime ? 1 : cargoSlots;
    const flags = (base: Parameters<Preparation["flags"]>[0]) => ({
      ...base,
      jobs: Math.max(1, Math.floor(cores() / slotCount)),
      ...places,
    });
    const vendor = vendorInto(cacheRoot, toolchain);
    const bench = openWorkbench({
      clock,
      cargoSlots: slotCount,
      layer: tier.layer,
      sandbox,
      toolchain,
      cache,
      flags,
      prepareJobs: cores(),
      root: places.root,
      vendor,
      ...(preparing ? { preparing } : {}),
    });
    return { bench, close: () => sandbox.close() };
  };

function wantedTier(): SandboxTier | null {
  const wanted = process.env["BAKEOFF_SANDBOX"];
  if (!wanted) return null;
  const tier = TIER_NAMES.find((name) => name === wanted);
  if (tier) return tier;
  throw new BakeoffError("usage", `BAKEOFF_SANDBOX is ${wanted}`, `set it to one of ${TIER_NAMES.join(", ")}, or unset it`);
}
