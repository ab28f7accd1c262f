// The only builder of adapters: puts the world together for a command.
import { randomBytes } from "node:crypto";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setImmediate, setTimeout as pause } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import pLimit from "p-limit";
import { keyOf, secretsOf } from "../adapters/environment/keys.ts";
import { gitDiffTool } from "../adapters/git/diff-tool.ts";
import { ownDelay } from "../adapters/measure/own-delay.ts";
import { tinybenchRounds } from "../adapters/measure/tinybench-rounds.ts";
import { embeddedProvider } from "../adapters/providers/embedded/embedded.ts";
import { serverInspector } from "../adapters/providers/identity.ts";
import { notebookClient, notebookIllness } from "../adapters/providers/notebook.ts";
import { networkOptions } from "../adapters/providers/network-options.ts";
import { openAiCompatibleProvider } from "../adapters/providers/openai-compatible.ts";
import { serverControl } from "../adapters/providers/server-control.ts";
import { probeReady, type Readiness } from "../adapters/providers/ready.ts";
import { hasPythonModule, runOnTerminal, startServerProcess } from "../adapters/serve/server-process.ts";
import { openDailyQuota } from "../adapters/policies/daily-quota.ts";
import { attachFiles, listAttachments } from "../adapters/capsules/attachments.ts";
import { readBoundedJson } from "../adapters/files/bounded-json.ts";
import { checkCapsule } from "../adapters/capsules/check.ts";
import { readCapsule, scanCapsule } from "../adapters/capsules/file.ts";
import { openCapsule } from "../adapters/capsules/reader.ts";
import { importCapsule } from "../adapters/capsules/import.ts";
import { makeFolder, replaceFile } from "../adapters/files/disk.ts";
import { createJournal, reopenJournal } from "../adapters/capsules/journal.ts";
import { createKeyFile, loadSigningKey } from "../adapters/capsules/key-files.ts";
import { fetchLastGood, keepLastGood } from "../adapters/policies/last-good.ts";
import { watchedPolicy } from "../adapters/policies/watched-policy.ts";
import { loadPolicy, loadPolicyFiles, readKept, readPolicy } from "../adapters/policies/policy-files.ts";
import { exportCapsule } from "../adapters/capsules/hand-over.ts";
import { NewFile } from "../adapters/files/new-file.ts";
import { listShelf, prunable, removeCapsule } from "../adapters/capsules/shelf.ts";
import { readSignature, signCapsule, trustedKeys } from "../adapters/capsules/signature-file.ts";
import { readWords } from "../adapters/files/line-list-file.ts";
import { findSuite, loadSuite } from "../adapters/suites/suite-files.ts";
import { BaseCache } from "../adapters/workbench/base-cache.ts";
import { openSandbox } from "../adapters/sandbox/sandbox.ts";
import { detectTier, type TierReport } from "../adapters/sandbox/tier.ts";
import { findProgram, findToolchain } from "../adapters/workbench/toolchain.ts";
import { vendorInto } from "../adapters/workbench/vendor.ts";
import { openWorkbench } from "../adapters/workbench/workbench.ts";
import { openWorkspaceSearch } from "../adapters/workbench/workspace-search.ts";
import { BakeoffError, invariant } from "../core/base/errors.ts";
import { openRedactor, type Redactor } from "../core/capsule/redaction.ts";
import type { PolicySnapshot } from "../core/policy/snapshot.ts";
import { EMBEDDED_PROVIDER } from "../core/trial/command.ts";
import type { Clock } from "../ports/clock.ts";
import type { ModelProvider } from "../ports/models.ts";
import type { SandboxTier, Workbench } from "../ports/workbench.ts";
import type { ServerControl, ServerInspector } from "../ports/servers.ts";
import { cacheRoot } from "./places.ts";

export const clock: Clock = { now: () => performance.now(), wall: () => new Date().toISOString() };

/** Resolves after so many milliseconds; rejects with the signal's reason as soon as it aborts. */
export const wait = (ms: number, signal: AbortSignal): Promise<void> =>
  pause(ms, undefined, { signal }).catch((error: unknown) => {
    throw signal.aborted ? signal.reason : error;
  });

/** A run's name: when it began, and enough chance that two never share one. */
export const newRunId = (): string => `${clock.wall().slice(0, 19).replaceAll(":", "-")}Z-${randomBytes(3).toString("hex")}`;

export const cores = (): number => availableParallelism();

export const slots = (count: number) => pLimit(count);

export const baseCache = (): BaseCache => new BaseCache(cacheRoot());

export const workspaceSearch = () => openWorkspaceSearch(baseCache());

export interface Bench {
  readonly bench: Workbench;
  readonly tier: TierReport;
  close(): Promise<void>;
}

/** `BAKEOFF_SANDBOX` chooses the tier (tests and CI do); a better one is never passed over otherwise. */
export async function openBench(cargoSlots: number, signal: AbortSignal): Promise<Bench> {
  const toolchain = await findToolchain("/", signal);
  const tier = await detectTier(clock, signal, wantedTier());
  const cache = baseCache();
  const plainTree = join(cache.root, "plain", "w");
  const plain = tier.tier === "none";
  const sandbox = await openSandbox({ tier: tier.tier, clock, plainTree });
  const slotCount = plain ? 1 : cargoSlots;
  const flags = (base: { forbidUnsafe: boolean; vendored: boolean; features: readonly string[] }) => ({
    ...base,
    jobs: Math.max(1, Math.floor(cores() / slotCount)),
    ...(plain
      ? { root: plainTree, rust: toolchain.sysroot, home: join(cache.root, "plain", "cargo"), vendor: join(cache.root, "plain", "vendor") }
      : { root: "/w", rust: "/rust", home: "/cargo", vendor: "/vendor" }),
  });
  const vendor = vendorInto(cache.root, toolchain);
  const bench = openWorkbench({ clock, cargoSlots: slotCount, layer: tier.layer, sandbox, toolchain, cache, flags, plainTree, vendor });
  return { bench, tier, close: () => sandbox.close() };
}

function wantedTier(): SandboxTier | null {
  const wanted = process.env["BAKEOFF_SANDBOX"];
  if (!wanted) return null;
  const tier = (["bubblewrap", "util-linux", "none"] as const).find((name) => name === wanted);
  if (tier) return tier;
  throw new BakeoffError("usage", `BAKEOFF_SANDBOX is ${wanted}`, "set it to bubblewrap, util-linux or none, or unset it");
}

const networkProviders = (snapshot: PolicySnapshot) => networkOptions({ snapshot, clock, keyOf: (provider) => keyOf(snapshot, provider) });

/** What can be done with stored capsules. */
export const shelf = {
  attachFiles,
  checkCapsule,
  createKeyFile,
  exportCapsule,
  importCapsule,
  listAttachments,
  listShelf,
  loadSigningKey,
  openCapsule,
  prunable,
  readBoundedJson,
  readSignature,
  readWords,
  removeCapsule,
  scanCapsule,
  signCapsule,
  trustedKeys,
};

export const world = {
  findSuite,
  loadSuite,
  loadPolicy,
  loadPolicyFiles,
  readPolicy,
  watchedPolicy,
  keepLastGood,
  fetchLastGood,
  createKeyFile,
  loadSigningKey,
  readKept,
  readCapsule,
  createJournal,
  reopenJournal,
  replaceFile,
  newFile: (path: string) => new NewFile(path),

  /** Signals, timers and sockets have their turn. */
  turn: () => setImmediate(undefined),

  /** Collects garbage before the heap is half as large again as what is in use, not four times: for what goes through files of any size. */
  keepHeapSmall: () => setFlagsFromString("--heap-growing-percent=40"),

  makeFolder,
  detectTier,
  findProgram,
  findToolchain,

  diffTool: gitDiffTool,

  redactor: (snapshot: PolicySnapshot): Redactor => openRedactor(snapshot.policy.redaction.patterns, secretsOf(snapshot)),

  /** Can a policy's model be reached: its provider needs no key, or the key is there? */
  reachable:
    (snapshot: PolicySnapshot) =>
    (alias: string): boolean => {
      const provider = snapshot.policy.models[alias]?.provider ?? "";
      return (
        Object.hasOwn(snapshot.policy.providers, provider) && (snapshot.policy.providers[provider]?.key_env === undefined || keyOf(snapshot, provider) !== null)
      );
    },

  /** Does the candidate's server serve it now, and if not: does another stand at its address? */
  readiness:
    (snapshot: PolicySnapshot) =>
    ({ provider, endpoint, model }: PolicySnapshot["candidates"][number]): Promise<Readiness> => {
      const timeoutMs = snapshot.policy.limits.ready_timeout_ms;
      const address = endpoint ?? snapshot.policy.providers[provider]?.endpoint ?? "";
      return probeReady({ endpoint: address, model, apiKey: keyOf(snapshot, provider), timeoutMs, clock });
    },

  /** Null if the candidate's server serves it now; else why not. */
  unready:
    (snapshot: PolicySnapshot) =>
    async (candidate: PolicySnapshot["candidates"][number]): Promise<string | null> => {
      const probe = await world.readiness(snapshot)(candidate);
      return probe.ready ? null : probe.reason;
    },

  /** Null if the provider of a policy's model serves it now; else why not. Costs nothing but the look. */
  unserved:
    (snapshot: PolicySnapshot, timeoutMs: number) =>
    async (alias: string): Promise<string | null> => {
      const { provider = "", model = "" } = snapshot.policy.models[alias] ?? {};
      const endpoint = snapshot.policy.providers[provider]?.endpoint ?? "";
      const probe = await probeReady({ endpoint, model, apiKey: keyOf(snapshot, provider), timeoutMs, clock });
      return probe.ready ? null : probe.reason;
    },

  /** Every provider that a run may call, by the name that bindings use. */
  providers: (snapshot: PolicySnapshot, bench: Workbench): ReadonlyMap<string, ModelProvider> => {
    return new Map([[EMBEDDED_PROVIDER, embeddedProvider({ clock, workbench: bench })], ...world.networkProviders(snapshot)]);
  },

  /** The providers behind a network, by name. */
  networkProviders: (snapshot: PolicySnapshot): ReadonlyMap<string, ModelProvider> =>
    new Map(networkProviders(snapshot).map((options) => [options.name, openAiCompatibleProvider(options)])),

  serverControl: (snapshot: PolicySnapshot, provider: string): ServerControl => {
    const options = networkProviders(snapshot).find(({ name }) => name === provider);
    invariant(options, `no provider ${provider} was built`);
    return serverControl({ ...options, timeoutMs: CONTROL_MS });
  },

  roundTimer: tinybenchRounds,
  ownDelay,
  startServer: startServerProcess,
  runOnTerminal,
  hasPythonModule,

  /** Those of the named providers that can say what they have loaded. */
  servers: (snapshot: PolicySnapshot, names: readonly string[]): ReadonlyMap<string, ServerInspector> =>
    new Map(
      networkProviders(snapshot)
        .filter(({ name, kind }) => kind !== "openai" && names.includes(name))
        .map((options) => [options.name, serverInspector({ ...options, timeoutMs: snapshot.policy.limits.ready_timeout_ms })]),
    ),

  notebook: async (snapshot: PolicySnapshot) => {
    const { enabled, endpoint, notebook, deadline_ms: deadlineMs, daily_questions: daily } = snapshot.policy.tier2;
    if (!enabled) return { port: null, reason: "switched off by policy" } as const;
    const quota = openDailyQuota(join(cacheRoot(), "notebook", notebook.replaceAll(/[^\w-]/g, "_")), daily);
    const takeQuestion = () => quota.take(clock.wall().slice(0, "2026-11-22".length));
    const options = { endpoint, notebook, deadlineMs, clock, takeQuestion };
    const illness = await notebookIllness(options);
    return illness === null ? ({ port: notebookClient(options) } as const) : ({ port: null, reason: illness } as const);
  },
};

/** What a server may take to tell its counters. */
const CONTROL_MS = 10_000;
