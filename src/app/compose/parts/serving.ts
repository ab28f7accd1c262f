// The servers of a policy, with this machine's keys.
import { join } from "node:path";
import { caOf, keyOf, secretsOf } from "../../../adapters/environment/keys.ts";
import { openDailyQuota } from "../../../adapters/policies/daily-quota.ts";
import { embeddedProvider } from "../../../adapters/providers/embedded/embedded.ts";
import { isInspectable, serverInspector } from "../../../adapters/providers/identity.ts";
import { networkOptions } from "../../../adapters/providers/network-options.ts";
import { notebookClient, notebookIllness } from "../../../adapters/providers/notebook.ts";
import { openAiCompatibleProvider } from "../../../adapters/providers/openai-compatible.ts";
import { openReadyLooks, probeReady, type ReadyProbe } from "../../../adapters/providers/ready.ts";
import { serverControl } from "../../../adapters/providers/server-control.ts";
import { invariant } from "../../../core/base/errors.ts";
import { openRedactor } from "../../../core/capsule/redaction.ts";
import type { PolicySnapshot } from "../../../core/policy/snapshot.ts";
import { EMBEDDED_PROVIDER } from "../../../core/trial/command.ts";
import type { NotebookAccess } from "../../../ports/notebook.ts";
import type { Readiness } from "../../../ports/servers.ts";
import type { Serving } from "../../../ports/serving.ts";
import { clock } from "./system.ts";

/** What a server may take to tell its counters. */
const CONTROL_MS = 10_000;

/** `cacheRoot`: where the notebook's questions of a day are counted. */
export function servingOf(snapshot: PolicySnapshot, cacheRoot: string): Serving {
  const { providers, models, limits, redaction } = snapshot.policy;
  const options = () => networkOptions({ snapshot, clock, keyOf: (provider) => keyOf(snapshot, provider), caOf: (provider) => caOf(snapshot, provider) });
  const networkProviders = () => new Map(options().map((each) => [each.name, openAiCompatibleProvider(each)]));
  const readyMs = (provider: string): number => providers[provider]?.ready_timeout_ms ?? limits.ready_timeout_ms;
  const looks = openReadyLooks();
  const probe = (provider: string, server: Pick<ReadyProbe, "endpoint" | "model" | "acceptModels" | "timeoutMs">): Promise<Readiness> =>
    probeReady({ ...server, apiKey: keyOf(snapshot, provider), ca: caOf(snapshot, provider), clock }, looks);
  return {
    reachable: (alias) => {
      const provider = models[alias]?.provider ?? "";
      return Object.hasOwn(providers, provider) && (providers[provider]?.key_env === undefined || keyOf(snapshot, provider) !== null);
    },
    readiness: ({ provider, endpoint, model, accept_models: acceptModels = [] }) =>
      probe(provider, { endpoint: endpoint ?? providers[provider]?.endpoint ?? "", model, acceptModels, timeoutMs: readyMs(provider) }),
    modelReadiness: (alias, timeoutMs) => {
      const { provider = "", model = "" } = models[alias] ?? {};
      return probe(provider, { endpoint: providers[provider]?.endpoint ?? "", model, timeoutMs });
    },
    providers: (bench) =>
      new Map([[EMBEDDED_PROVIDER, embeddedProvider({ clock, workbench: bench, maxAnswerChars: limits.max_answer_chars })], ...networkProviders()]),
    networkProviders,
    control: (provider) => {
      const found = options().find(({ name }) => name === provider);
      invariant(found, `no provider ${provider} was built`);
      return serverControl({ ...found, timeoutMs: CONTROL_MS });
    },
    inspectors: (names) =>
      new Map(
        options()
          .filter(({ name, kind }) => isInspectable(kind) && names.includes(name))
          .map((each) => [each.name, serverInspector({ ...each, timeoutMs: readyMs(each.name) })]),
      ),
    notebook: () => notebookOf(snapshot, cacheRoot),
    redactor: openRedactor(redaction.patterns, secretsOf(snapshot)),
  };
}

async function notebookOf({ policy }: PolicySnapshot, cacheRoot: string): Promise<NotebookAccess> {
  const { enabled, endpoint, notebook, deadline_ms: deadlineMs, daily_questions: daily } = policy.tier2;
  if (!enabled) return { port: null, reason: "switched off by policy" };
  const quota = openDailyQuota(join(cacheRoot, "notebook", notebook.replaceAll(/[^\w-]/g, "_")), daily);
  const takeQuestion = () => quota.take(clock.wall().slice(0, "2026-11-22".length));
  const options = { endpoint, notebook, deadlineMs, clock, takeQuestion };
  const illness = await notebookIllness(options);
  return illness === null ? { port: notebookClient(options) } : { port: null, reason: illness };
}
