// What `doctor` works with.
import { detectTier } from "../../adapters/sandbox/detection.ts";
import { BaseCache } from "../../adapters/workbench/base-cache.ts";
import { findProgram, findToolchain } from "../../adapters/workbench/toolchain.ts";
import type { DoctorPorts } from "../doctor/examine.ts";
import type { Places } from "../places.ts";
import { policyLoader } from "./policies.ts";
import { servingOf } from "./serving.ts";
import { clock, cores } from "./system.ts";

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
    detectTier: (signal) => detectTier(clock, signal, null),
    loadPolicy: policyLoader,
    serving: (snapshot) => servingOf(snapshot, cacheRoot),
    after: (ms) => AbortSignal.timeout(ms),
    cache: { root: cacheRoot, list: () => cache.list(), prune: (days) => cache.prune(new Date(Date.now() - days * DAY_MS)) },
  };
}
