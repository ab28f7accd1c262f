// Policies with one thing wrong each, and the rule and the place that say so.
import type { WrittenCandidates, WrittenPolicy } from "../../../../src/core/policy/schema.ts";
import { policyWith } from "../../run/fakes.ts";

export const snapshot = policyWith();
export type Change = (policy: WrittenPolicy, candidates: WrittenCandidates) => void;

const candidate = (candidates: WrittenCandidates, index: number) => candidates.candidate[index] as WrittenCandidates["candidate"][number];
const model = (policy: WrittenPolicy, alias = "gpt-5.2-mini") => policy.models[alias] as WrittenPolicy["models"][string];
const provider = (policy: WrittenPolicy, name: string) => policy.providers[name] as WrittenPolicy["providers"][string];
export const QWEN = "qwen3-coder-30b-a3b-awq";
const promotion = { candidate: QWEN, decision_sha256: "0".repeat(64), promoted: "2026-11-20", by: "me" };
const local = { provider: "sglang", model: "m", max_output_tokens: 100 };

export const NOTHING: readonly [string, Change][] = [
  ["the policy of this repository", () => undefined],
  ["an alternative that a promotion names", (policy) => Object.assign(policy, { promotion: [promotion], reflex: { ...policy.reflex, candidate: QWEN } })],
  ["a promoted alternative as a fallback", (policy) => Object.assign(policy, { promotion: [promotion], reflex: { ...policy.reflex, fallbacks: [QWEN] } })],
  [
    "the default reflex model as a fallback",
    (policy) => Object.assign(policy, { promotion: [promotion], reflex: { ...policy.reflex, candidate: QWEN, fallbacks: ["gpt-oss-20b"] } }),
  ],
  ["a promotion of tomorrow, which it may be elsewhere", (policy) => void (policy.promotion = [{ ...promotion, promoted: "2026-11-23" }])],
  ["a canary of some", (policy) => void (policy.reflex.rollout = { stage: "canary", percent: 10 })],
  ["a local provider of the private network", (policy) => void (provider(policy, "vllm").endpoint = "http://10.1.2.3:8000/v1")],
  ["a high-risk path inside the workspace", (policy) => void policy.high_risk.paths.push("crates/*/src/**/unsafe*.rs")],
  ["a redaction of tokens", (policy) => void policy.redaction.patterns.push("sk-[A-Za-z0-9]{20,}", "\\bAKIA[0-9A-Z]{16}\\b")],
  ["a notebook with all the time that it may have", (policy) => void (policy.tier2.deadline_ms = 300_000)],
  ["tries that wait as long as they may", (policy) => void (policy.retries.overload = { tries: 3, backoff_ms: 60_000 })],
  ["a breaker that waits no longer than the look at a server", (policy) => void (policy.breaker.cooldown_ms = policy.limits.ready_timeout_ms)],
  ["a breaker with as many probes as failures", (policy) => void (policy.breaker.half_open_probes = policy.breaker.failures_to_open)],
  ["a model with a colon where it is part of the name", (_, candidates) => void (candidate(candidates, 2).model = "gpt-oss:20b")],
  ["a warning at 1 %", (policy) => void (policy.budgets.warn_percent = 1)],
  ["a budget of half a dollar", (policy) => void (policy.budgets.run_cost_usd = 0.5)],
  ["a warning at 99 %", (policy) => void (policy.budgets.warn_percent = 99)],
  ["a stage that may spend what the run may", (policy) => void (policy.budgets.run_tokens = 400_000)],
  ["prompts that just fit", (policy) => void Object.assign(policy.prompt, { context_tokens: 397_000, map_tokens: 1500, feedback_tokens: 1500 })],
  [
    "latencies that are all the same",
    (policy) => void Object.assign(policy.gates.reflex_promotion, { p95_attempt_ms: 2500, p95_model_ms: 2500, p95_ttft_ms: 2500 }),
  ],
  [
    "a gate that asks for hardly anything",
    (policy) => {
      Object.assign(policy.gates.reflex_promotion, { success_parity_percent: 0.1, json_compliance_percent: 0.1, compile_pass_percent: 0.1 });
      policy.reflex.thresholds.json_compliance_percent = 0.1;
      const most = { non_inferiority_margin_percent: 49.9, max_flake_percent: 49.9, max_infrastructure_percent: 49.9 };
      Object.assign(policy.gates.reflex_promotion, most, { max_false_unlock_percent: 49.9, max_false_block_percent: 49.9 });
    },
  ],
  ["a model that is as slow as routing allows", (policy) => void (policy.reflex.thresholds.p95_latency_ms = 2500)],
  ["a model that is called as its alias is", (policy) => void (policy.models["m"] = { provider: "sglang", model: "m", max_output_tokens: 100 })],
  [
    "a cloud candidate without an effort and with a temperature",
    (policy, candidates) => {
      Object.assign(candidate(candidates, 1), { provider: "openai", model: "o", temperature: 0 });
      policy.prices.models["o"] = { input: 1, output: 1 };
    },
  ],
  [
    "a cloud candidate whose effort is none, with a temperature",
    (policy, candidates) => {
      Object.assign(candidate(candidates, 1), { provider: "openai", model: "o", effort: "none", temperature: 0 });
      policy.prices.models["o"] = { input: 1, output: 1 };
    },
  ],
  [
    "a candidate of another server without a temperature",
    (_, candidates) => void Object.assign(candidate(candidates, 1), { provider: "vllm", temperature: undefined }),
  ],
  ["a cached token that costs as much", (policy) => void (policy.prices.models["gpt-5.2"] = { input: 1, cached: 1, output: 3 })],
  ["a cached token of unknown cost", (policy) => void (policy.prices.models["gpt-5.2"] = { input: 0, output: 3 })],
  [
    "a cloud candidate at a public address",
    (policy, candidates) => {
      Object.assign(candidate(candidates, 1), { provider: "openai", model: "o", endpoint: "https://example.com/v1", temperature: undefined });
      policy.prices.models["o"] = { input: 1, output: 1 };
    },
  ],
  ["a local candidate of the private network", (_, candidates) => void (candidate(candidates, 1).endpoint = "http://10.0.0.1/v1")],
  ["a gateway of this machine to the cloud, which is only odd", (policy) => void (provider(policy, "openai").endpoint = "http://127.0.0.1:9/v1")],
  ...(["low", "medium", "high"] as const).map((effort): (typeof NOTHING)[number] => [
    `a gpt-oss candidate of the effort ${effort}`,
    (_, candidates) => void (candidate(candidates, 0).effort = effort),
  ]),
  ["a gpt-oss candidate without an effort", (_, candidates) => void delete candidate(candidates, 0).effort],
  ["a switch of a role that may have one in a later format", (policy) => Object.assign(policy.roles.judge, { enabled: true })],
  ["a rollout that is off", (policy) => void (policy.reflex.rollout = { stage: "off" })],
  ["canaries of almost none and almost all", (policy) => void (policy.reflex.rollout = { stage: "canary", percent: 0.5 })],
  ["a canary of almost all", (policy) => void (policy.reflex.rollout = { stage: "canary", percent: 99.5 })],
  ["a signature that is asked for, with a key", (policy) => void (policy.signing = { require_signature: true, trusted_keys: [`${"A".repeat(43)}=`] })],
];

export const CASES: readonly [string, Change, readonly string[]][] = [
  ["a role whose model is not defined", (policy) => void (policy.roles.architect.model = "none"), ["roles-resolve: policy roles.architect.model"]],
  ["a role whose model is a word of the language", (policy) => void (policy.roles.judge.model = "constructor"), ["roles-resolve: policy roles.judge.model"]],
  [
    "every role's model not defined",
    (policy) => void (policy.models = {}),
    ["architect", "implementer", "judge", "sidecar_critic"].map((role) => `roles-resolve: policy roles.${role}.model`),
  ],
  ["a judge that is served locally", (policy) => void (policy.models["gpt-5.2-xhigh"] = local), ["judge-is-cloud: policy roles.judge.model"]],
  ["an implementer that is served locally", (policy) => void (policy.models["gpt-5.2-high"] = local), ["implementer-is-cloud: policy roles.implementer.model"]],
  ["reflex as a role", (policy) => Object.assign(policy.roles, { reflex: { model: "gpt-5.2-high" } }), ["reflex-is-a-mode: policy roles.reflex"]],
  [
    "reflex as a role of another spelling",
    (policy) => Object.assign(policy.roles, { implementer_Reflex: { model: "gpt-5.2-high" } }),
    ["reflex-is-a-mode: policy roles.implementer_Reflex"],
  ],
  [
    "a critic with a switch",
    (policy) => Object.assign(policy.roles.sidecar_critic, { enabled: false }),
    ["critic-always-on: policy roles.sidecar_critic.enabled"],
  ],
  ["an unknown reflex candidate", (policy) => void (policy.reflex.candidate = "gpt-9"), ["reflex-candidates-known: policy reflex.candidate"]],
  [
    "an embedded reflex candidate, which is in no file",
    (policy) => void (policy.reflex.candidate = "oracle"),
    ["reflex-candidates-known: policy reflex.candidate"],
  ],
  ["an unknown fallback", (policy) => void (policy.reflex.fallbacks = ["gpt-9"]), ["reflex-candidates-known: policy reflex.fallbacks.0"]],
  [
    "two models of the cloud without a price",
    (policy) => void (policy.prices.models = {}),
    ["gpt-5.2-xhigh", "gpt-5.2-high", "gpt-5.2-mini"].map((alias) => `prices-known: policy models.${alias}.model`),
  ],
  [
    "a gate whose every criterion is met by everything",
    (policy) => {
      policy.reflex.thresholds.json_compliance_percent = 0;
      Object.assign(policy.gates.reflex_promotion, { success_parity_percent: 0, json_compliance_percent: 0, compile_pass_percent: 0 });
      const most = { non_inferiority_margin_percent: 50, max_flake_percent: 50, max_infrastructure_percent: 50 };
      Object.assign(policy.gates.reflex_promotion, most, { max_false_unlock_percent: 50, max_false_block_percent: 50 });
    },
    [
      "success_parity_percent",
      "json_compliance_percent",
      "compile_pass_percent",
      "non_inferiority_margin_percent",
      "max_flake_percent",
      "max_infrastructure_percent",
      "max_false_unlock_percent",
      "max_false_block_percent",
    ].map((key) => `gate-asks-something: policy gates.reflex_promotion.${key}`),
  ],
  [
    "every stage with more than the run",
    (policy) => {
      policy.budgets.run_tokens = 1000;
      Object.assign(policy.prompt, { context_tokens: 100, map_tokens: 100, feedback_tokens: 100 });
    },
    ["Plan", "Implement", "Audit", "Unlock"].map((stage) => `budget-warns-first: policy budgets.stage_tokens.${stage}`),
  ],
  [
    "prompts whose feedback is too long",
    (policy) => void Object.assign(policy.prompt, { context_tokens: 397_000, map_tokens: 1500, feedback_tokens: 1501 }),
    ["prompts-fit: policy prompt.context_tokens"],
  ],
  [
    "prompts whose map is too long",
    (policy) => void Object.assign(policy.prompt, { context_tokens: 397_000, map_tokens: 1501, feedback_tokens: 1500 }),
    ["prompts-fit: policy prompt.context_tokens"],
  ],
  [
    "high-risk paths, the second of which can't be",
    (policy) => void policy.high_risk.paths.push("src/**", "/etc"),
    ["high-risk-paths-plain: policy high_risk.paths.1"],
  ],
  [
    "a local reasoning model without an effort it has none of",
    (_, candidates) => void Object.assign(candidate(candidates, 1), { model: "gpt-oss-120b", effort: "none" }),
    ["effort-is-said: candidates candidate.1.effort"],
  ],
  [
    "a fallback that is served in the cloud",
    (policy, candidates) => {
      Object.assign(policy, { promotion: [promotion], reflex: { ...policy.reflex, fallbacks: [QWEN] } });
      Object.assign(candidate(candidates, 1), { provider: "openai", temperature: undefined });
      policy.prices.models[candidate(candidates, 1).model] = { input: 1, output: 1 };
    },
    ["reflex-is-local: policy reflex.fallbacks.0"],
  ],
  [
    "a judge and an implementer of a provider that nobody defined",
    (policy) => void (policy.models["gpt-5.2-xhigh"] = { ...local, provider: "constructor" }),
    ["models-resolve: policy models.gpt-5.2-xhigh.provider"],
  ],
  [
    "a reflex model of a provider that nobody defined",
    (policy, candidates) => {
      Object.assign(policy, { promotion: [promotion], reflex: { ...policy.reflex, fallbacks: [QWEN] } });
      candidate(candidates, 1).provider = "constructor";
    },
    ["candidates-resolve: candidates candidate.1.provider"],
  ],
  ["no candidates at all", (_, candidates) => void (candidates.candidate = []), ["reflex-candidates-known: policy reflex.candidate"]],
  ["an alternative that nobody promoted", (policy) => void (policy.reflex.candidate = QWEN), ["default-reflex-stays: policy reflex.candidate"]],
  ["a fallback that nobody promoted", (policy) => void (policy.reflex.fallbacks = [QWEN]), ["fallbacks-promoted: policy reflex.fallbacks.0"]],
  ["a fallback that is the primary", (policy) => void (policy.reflex.fallbacks = ["gpt-oss-20b"]), ["fallbacks-promoted: policy reflex.fallbacks.0"]],
  [
    "a fallback that is there twice",
    (policy) => Object.assign(policy, { promotion: [promotion], reflex: { ...policy.reflex, fallbacks: [QWEN, QWEN] } }),
    ["fallbacks-promoted: policy reflex.fallbacks.1"],
  ],
  ["a promotion of nobody", (policy) => void (policy.promotion = [{ ...promotion, candidate: "gpt-9" }]), ["promotions-stand: policy promotion.0.candidate"]],
  ["a second promotion", (policy) => void (policy.promotion = [promotion, promotion]), ["promotions-stand: policy promotion.1.candidate"]],
  [
    "a promotion that is still to come",
    (policy) => void (policy.promotion = [{ ...promotion, promoted: "2026-11-24" }]),
    ["promotions-stand: policy promotion.0.promoted"],
  ],
  [
    "a reflex model in the cloud",
    (policy, candidates) => {
      candidate(candidates, 0).provider = "openai";
      policy.prices.models["gpt-oss-20b"] = { input: 1, output: 1 };
      delete candidate(candidates, 0).temperature;
    },
    ["reflex-is-local: policy reflex.candidate"],
  ],
  ["a canary of none", (policy) => void (policy.reflex.rollout = { stage: "canary", percent: 0 }), ["canary-is-a-part: policy reflex.rollout.percent"]],
  ["a canary of all", (policy) => void (policy.reflex.rollout = { stage: "canary", percent: 100 }), ["canary-is-a-part: policy reflex.rollout.percent"]],
  [
    "a candidate that takes an embedded one's name",
    (_, candidates) => void (candidate(candidates, 1).name = "nop"),
    ["candidate-names-unique: candidates candidate.1.name"],
  ],
  [
    "a candidate that is there twice",
    (_, candidates) => void (candidate(candidates, 2).name = candidate(candidates, 0).name),
    ["candidate-names-unique: candidates candidate.2.name"],
  ],
  ["a model whose provider is not defined", (policy) => void (model(policy).provider = "none"), ["models-resolve: policy models.gpt-5.2-mini.provider"]],
  [
    "a candidate whose provider is not defined",
    (_, candidates) => void (candidate(candidates, 1).provider = "none"),
    ["candidates-resolve: candidates candidate.1.provider"],
  ],
  [
    "a candidate whose provider is a word of the language",
    (_, candidates) => void (candidate(candidates, 1).provider = "constructor"),
    ["candidates-resolve: candidates candidate.1.provider"],
  ],
  [
    "a model with a colon at SGLang",
    (policy) => void Object.assign(model(policy), { provider: "sglang", model: "a:b" }),
    ["aliases-never-sent: policy models.gpt-5.2-mini.model"],
  ],
  [
    "a candidate with a colon at SGLang",
    (_, candidates) => void (candidate(candidates, 1).model = "a:b"),
    ["aliases-never-sent: candidates candidate.1.model"],
  ],
  [
    "a setting that the responses API lacks",
    (policy, candidates) => {
      provider(policy, "vllm").api = "responses";
      Object.assign(candidate(candidates, 2), { top_k: 20, top_p: 0.9 });
    },
    ["request-fits-api: candidates candidate.2.top_k"],
  ],
  [
    "a model that is an alias",
    (policy) => void Object.assign(model(policy), { provider: "vllm", model: "gpt-5.2-high" }),
    ["aliases-never-sent: policy models.gpt-5.2-mini.model"],
  ],
  ["a reasoning model without an effort", (policy) => void delete model(policy).effort, ["effort-is-said: policy models.gpt-5.2-mini.effort"]],
  [
    "an effort that gpt-oss does not have",
    (_, candidates) => void (candidate(candidates, 0).effort = "xhigh"),
    ["effort-is-said: candidates candidate.0.effort"],
  ],
  [
    "a local candidate without a temperature",
    (_, candidates) => void delete candidate(candidates, 1).temperature,
    ["temperature-is-said: candidates candidate.1.temperature"],
  ],
  [
    "a reasoning candidate with a temperature",
    (_, candidates) => void Object.assign(candidate(candidates, 1), { provider: "openai", model: "gpt-5.2", effort: "low" }),
    ["temperature-is-said: candidates candidate.1.temperature"],
  ],
  ["a cloud model without a price", (policy) => void delete policy.prices.models["gpt-5.4-mini"], ["prices-known: policy models.gpt-5.2-mini.model"]],
  [
    "a cloud candidate without a price",
    (_, candidates) => void Object.assign(candidate(candidates, 1), { provider: "openai", temperature: undefined }),
    ["prices-known: candidates candidate.1.model"],
  ],
  [
    "a cached token that costs more",
    (policy) => void (policy.prices.models["gpt-5.2"] = { input: 1, cached: 2, output: 3 }),
    ["cached-costs-less: policy prices.models.gpt-5.2.cached"],
  ],
  [
    "a local provider at a public address",
    (policy) => void (provider(policy, "vllm").endpoint = "http://example.com/v1"),
    ["local-stays-local: policy providers.vllm.endpoint"],
  ],
  [
    "a local candidate at a public address",
    (_, candidates) => void (candidate(candidates, 1).endpoint = "https://example.com/v1"),
    ["local-stays-local: candidates candidate.1.endpoint"],
  ],
  [
    "a cloud without encryption",
    (policy) => void (provider(policy, "openai").endpoint = "http://example.com/v1"),
    ["cloud-is-encrypted: policy providers.openai.endpoint"],
  ],
  ["high-risk work in reflex", (policy) => void (policy.high_risk.skip_reflex = false), ["high-risk-skips-reflex: policy high_risk.skip_reflex"]],
  ["a risk of high that is none", (policy) => void (policy.high_risk.risks = ["low"]), ["high-risk-skips-reflex: policy high_risk.risks"]],
  [
    "a high-risk path that leaves the workspace",
    (policy) => void policy.high_risk.paths.push("../secret"),
    ["high-risk-paths-plain: policy high_risk.paths.0"],
  ],
  ["no way up", (policy) => void (policy.escalation.on_attempts_exhausted = false), ["escalation-minimum: policy escalation.on_attempts_exhausted"]],
  ["a notebook that holds up the end", (policy) => void (policy.tier2.deadline_ms = 300_001), ["tier2-never-blocks: policy tier2.deadline_ms"]],
  ["a breaker that hardly waits", (policy) => void (policy.breaker.cooldown_ms = 999), ["breaker-recovers: policy breaker.cooldown_ms"]],
  ["a breaker that never closes again", (policy) => void (policy.breaker.half_open_probes = 4), ["breaker-recovers: policy breaker.half_open_probes"]],
  ["a warning at the stop", (policy) => void (policy.budgets.warn_percent = 100), ["budget-warns-first: policy budgets.warn_percent"]],
  ["a warning at once", (policy) => void (policy.budgets.warn_percent = 0), ["budget-warns-first: policy budgets.warn_percent"]],
  ["a budget of nothing", (policy) => void (policy.budgets.run_cost_usd = 0), ["budget-warns-first: policy budgets.run_cost_usd"]],
  [
    "a stage that may spend more than the run",
    (policy) => void (policy.budgets.run_tokens = 399_999),
    ["budget-warns-first: policy budgets.stage_tokens.Implement"],
  ],
  ["prompts that do not fit", (policy) => void (policy.prompt.context_tokens = 400_000), ["prompts-fit: policy prompt.context_tokens"]],
  [
    "a model slower than the attempt",
    (policy) => void (policy.gates.reflex_promotion.p95_attempt_ms = 2499),
    ["latencies-nest: policy gates.reflex_promotion.p95_model_ms"],
  ],
  [
    "a first token later than the model",
    (policy) => void (policy.gates.reflex_promotion.p95_ttft_ms = 2501),
    ["latencies-nest: policy gates.reflex_promotion.p95_ttft_ms"],
  ],
  [
    "a gate that asks for no parity",
    (policy) => void (policy.gates.reflex_promotion.success_parity_percent = 0),
    ["gate-asks-something: policy gates.reflex_promotion.success_parity_percent"],
  ],
  [
    "a gate with a margin for everything",
    (policy) => void (policy.gates.reflex_promotion.max_flake_percent = 50),
    ["gate-asks-something: policy gates.reflex_promotion.max_flake_percent"],
  ],
  [
    "a gate below the JSON that routing asks for",
    (policy) => void (policy.gates.reflex_promotion.json_compliance_percent = 79),
    ["gate-not-below-routing: policy gates.reflex_promotion.json_compliance_percent"],
  ],
  [
    "a gate slower than routing allows",
    (policy) => void (policy.reflex.thresholds.p95_latency_ms = 2499),
    ["gate-not-below-routing: policy gates.reflex_promotion.p95_model_ms"],
  ],
  ...(["quota", "unauthorized", "bad-request", "model-not-found", "context-too-long"] as const).map((failure): (typeof CASES)[number] => [
    `another try after ${failure}`,
    (policy) => void (policy.retries[failure] = { tries: 2, backoff_ms: 0 }),
    [`retries-can-help: policy retries.${failure}`],
  ]),
  [
    "tries that wait for ages",
    (policy) => void (policy.retries.overload = { tries: 3, backoff_ms: 60_001 }),
    ["retries-can-help: policy retries.overload.backoff_ms"],
  ],
  [
    "two tries that wait for ages",
    (policy) => void (policy.retries.overload = { tries: 2, backoff_ms: 120_001 }),
    ["retries-can-help: policy retries.overload.backoff_ms"],
  ],
  ["a pattern that is none", (policy) => void policy.redaction.patterns.push("ok", "("), ["redaction-is-safe: policy redaction.patterns.1"]],
  ["a signature that nobody can give", (policy) => void (policy.signing.require_signature = true), ["signature-has-keys: policy signing.trusted_keys"]],
];

export const WARNINGS: readonly [string, Change, readonly string[]][] = [
  ["nothing in the policy of this repository", () => undefined, []],
  ["prices of the future", (policy) => void (policy.prices.dated = "2026-12-24"), ["prices-are-recent: policy prices.dated"]],
  ["no prices of tomorrow, which it may be elsewhere", (policy) => void (policy.prices.dated = "2026-11-23"), []],
  ["prices of the day after tomorrow", (policy) => void (policy.prices.dated = "2026-11-24"), ["prices-are-recent: policy prices.dated"]],
  ["old prices", (policy) => void (policy.prices.dated = "2026-05-25"), ["prices-are-recent: policy prices.dated"]],
  ["no prices of 180 days", (policy) => void (policy.prices.dated = "2026-05-26"), []],
  [
    "a cloud on this machine",
    (policy) => void (provider(policy, "openai").endpoint = "http://127.0.0.1:9/v1"),
    ["cloud-is-elsewhere: policy providers.openai.endpoint"],
  ],
  ["a notebook that is off", (policy) => void (policy.tier2.enabled = false), ["tier2-always-on: policy tier2.enabled"]],
];
