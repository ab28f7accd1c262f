// Rules on models, providers, prices and addresses.
import { daysBetween } from "../day.ts";
import { DIALECT_FACTS } from "../candidate/dialect.ts";
import { isLoopback, isLocalHost } from "../candidate/host.ts";
import { candidateFault, policyFault, type Rule, rule, type RuleFault } from "./rule.ts";

/** Age in days after which a price list should be checked again. */
const PRICE_DAYS = 180;

export const SERVING_RULES: readonly Rule[] = [
  rule({
    name: "models-resolve",
    sentence: "Every model's provider is one that the policy defines.",
    reads: ["models", "providers"],
    check: ({ models, providers }) =>
      Object.entries(models)
        .filter(([, model]) => !Object.hasOwn(providers, model.provider))
        .map(([alias, { provider }]) => policyFault(["models", alias, "provider"], `${provider} is not in [providers]: define it there`)),
  }),
  rule({
    name: "candidates-resolve",
    sentence: "Every candidate's provider is one that the policy defines.",
    reads: ["candidates", "providers"],
    check: ({ candidates, providers }) =>
      candidates.flatMap((candidate, index) =>
        Object.hasOwn(providers, candidate.provider)
          ? []
          : [candidateFault(index, "provider", `${candidate.provider} is not in the policy's [providers]: define it there`)],
      ),
  }),
  rule({
    name: "aliases-never-sent",
    sentence: "A server is sent the id of a model that it serves: not an alias, and nothing that it reads otherwise.",
    reads: ["models", "candidates", "providers"],
    check: ({ models, candidates, providers }) => {
      const misread = (provider: string, model: string): string | null => {
        const kind = providers[provider]?.kind;
        return kind === undefined ? null : DIALECT_FACTS[kind].modelFault(model);
      };
      return [
        ...Object.entries(models).flatMap(([alias, { provider, model }]) => {
          const isAlias = model !== alias && Object.hasOwn(models, model);
          const fault = isAlias ? `${model} is an alias itself: name the model that the server knows` : misread(provider, model);
          return fault === null ? [] : [policyFault(["models", alias, "model"], fault)];
        }),
        ...candidates.flatMap(({ provider, model }, index) => {
          const fault = misread(provider, model);
          return fault === null ? [] : [candidateFault(index, "model", fault)];
        }),
      ];
    },
  }),
  rule({
    name: "effort-is-said",
    sentence: "A reasoning model's effort is always set, to one that the model supports.",
    reads: ["models", "candidates"],
    check: ({ models, candidates }) => [
      ...Object.entries(models).flatMap(([alias, model]) => effortFault(model, (message) => policyFault(["models", alias, "effort"], message))),
      ...candidates.flatMap((candidate, index) => effortFault(candidate, (message) => candidateFault(index, "effort", message))),
    ],
  }),
  rule({
    name: "temperature-is-said",
    sentence: "Local candidates set their temperature; reasoning models in the cloud have none.",
    reads: ["candidates", "providers"],
    check: ({ candidates, providers }) =>
      candidates.flatMap((candidate, index) => {
        const kind = providers[candidate.provider]?.kind;
        const fault = kind === undefined ? null : DIALECT_FACTS[kind].temperatureFault(candidate);
        return fault === null ? [] : [candidateFault(index, "temperature", fault)];
      }),
  }),
  rule({
    name: "request-fits-api",
    sentence: "Settings that the responses API lacks are not set where it is used.",
    reads: ["candidates", "providers"],
    check: ({ candidates, providers }) =>
      candidates.flatMap((candidate, index) =>
        (API_LACKS[providers[candidate.provider]?.api ?? "chat"] as readonly (keyof typeof candidate)[])
          .filter((setting) => candidate[setting] !== undefined)
          .map((setting) => candidateFault(index, setting, `the provider's API has no such setting: remove it, or set api = "chat" for ${candidate.provider}`)),
      ),
  }),
  rule({
    name: "prices-known",
    sentence: "Every model of a cloud provider has a price.",
    reads: ["models", "candidates", "providers", "prices"],
    check: ({ models, candidates, providers, prices }) => {
      const unpriced = ({ provider, model }: { provider: string; model: string }): boolean =>
        providers[provider]?.cloud === true && !Object.hasOwn(prices.models, model);
      return [
        ...Object.entries(models).flatMap(([alias, model]) => (unpriced(model) ? [policyFault(["models", alias, "model"], withoutPrice(model.model))] : [])),
        ...candidates.flatMap((candidate, index) => (unpriced(candidate) ? [candidateFault(index, "model", withoutPrice(candidate.model))] : [])),
      ];
    },
  }),
  rule({
    name: "cached-costs-less",
    sentence: "A cached token costs no more than a fresh one.",
    reads: ["prices"],
    check: ({ prices }) =>
      Object.entries(prices.models).flatMap(([model, { input, cached = 0 }]) =>
        cached > input ? [policyFault(["prices", "models", model, "cached"], `${cached} is more than input = ${input}: correct one of them`)] : [],
      ),
  }),
  rule({
    name: "prices-are-recent",
    sentence: `The price list is at most ${PRICE_DAYS} days old.`,
    severity: "warning",
    reads: ["prices"],
    check: ({ prices }, { today }) => {
      const age = daysBetween(prices.dated, today);
      if (age < -1) return [policyFault(["prices", "dated"], `${prices.dated} is in the future (today is ${today}): correct the date`)];
      return age > PRICE_DAYS ? [policyFault(["prices", "dated"], `the prices are ${age} days old: look them up again and date them`)] : [];
    },
  }),
  rule({
    name: "local-stays-local",
    sentence: "A provider that is not cloud has an address on this machine or in the private network.",
    reads: ["providers", "candidates"],
    check: ({ providers, candidates }) => [
      ...Object.entries(providers).flatMap(([name, { cloud, endpoint }]) =>
        cloud || isLocalHost(endpoint)
          ? []
          : [policyFault(["providers", name, "endpoint"], `${endpoint} is a public address: set cloud = true, with prices, or use a local one`)],
      ),
      ...candidates.flatMap(({ provider, endpoint }, index) => {
        return providers[provider]?.cloud !== false || endpoint === undefined || isLocalHost(endpoint)
          ? []
          : [candidateFault(index, "endpoint", `${endpoint} is a public address: name a cloud provider, or use a local one`)];
      }),
    ],
  }),
  rule({
    name: "cloud-is-encrypted",
    sentence: "Code and keys leave this machine encrypted only.",
    reads: ["providers"],
    check: ({ providers }) =>
      Object.entries(providers).flatMap(([name, { cloud, endpoint }]) =>
        cloud && endpoint.startsWith("http:") && !isLoopback(endpoint)
          ? [policyFault(["providers", name, "endpoint"], `${endpoint} is not encrypted: use https`)]
          : [],
      ),
  }),
  rule({
    name: "cloud-is-elsewhere",
    sentence: "A cloud provider does not answer from this machine, unless as a gateway or in a rehearsal.",
    severity: "warning",
    reads: ["providers"],
    check: ({ providers }) =>
      Object.entries(providers).flatMap(([name, { cloud, endpoint }]) =>
        cloud && isLoopback(endpoint)
          ? [
              policyFault(
                ["providers", name, "endpoint"],
                `the cloud provider ${name} has an address on this machine: its name does not prove what serves there`,
              ),
            ]
          : [],
      ),
  }),
];

/** Candidates' settings that an API has no member for. */
const API_LACKS = { chat: [], responses: ["top_k", "seed", "stop", "chat_template_kwargs"] } as const;

const withoutPrice = (model: string): string => `${model} has no price, so no budget could limit it: add [prices.models.${JSON.stringify(model)}]`;

interface Configured {
  readonly model: string;
  readonly effort?: string | undefined;
}

/** gpt-5.x defaults to no effort; gpt-oss has three. */
function effortFault({ model, effort }: Configured, fault: (message: string) => RuleFault): readonly RuleFault[] {
  if (model.startsWith("gpt-5") && effort === undefined) return [fault(`missing, and ${model} would use none: set it`)];
  const odd = /gpt-oss/.test(model) && effort !== undefined && !["low", "medium", "high"].includes(effort);
  return odd ? [fault(`${model} has no effort ${effort ?? ""}: use low, medium or high`)] : [];
}
