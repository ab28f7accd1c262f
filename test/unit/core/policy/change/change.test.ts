// What differs between policies and what it means: every value has a meaning, and the version must follow it.
import { describe, expect, it } from "vitest";
import { BakeoffError } from "../../../../../src/core/base/errors.ts";
import { changesBetween, routeChanges } from "../../../../../src/core/policy/change/change.ts";
import { changeLine, withEntry } from "../../../../../src/core/policy/change/changelog.ts";
import { effectOf } from "../../../../../src/core/policy/change/effect.ts";
import { leavesOf } from "../../../../../src/core/policy/layer.ts";
import type { WrittenPolicy } from "../../../../../src/core/policy/schema.ts";
import type { PolicySnapshot } from "../../../../../src/core/policy/snapshot.ts";
import { claimedLevel, neededLevel, nextVersion, versionFault, withVersion } from "../../../../../src/core/policy/change/version.ts";
import { policyWith } from "../../../run/fakes.ts";

const before = policyWith();
type Candidates = PolicySnapshot["candidates"];
const saidOf = (change: (policy: WrittenPolicy) => void, candidates: (before: Candidates) => Candidates = (same) => same): string[] => {
  const after = policyWith(change);
  return changesBetween(before, { policy: after.policy, candidates: candidates(after.candidates) }).map(
    ({ key, effect, level }) => `${key}: ${effect}, ${level}`,
  );
};

const entry = { candidate: "qwen3-coder-30b-a3b-awq", decision_sha256: "0".repeat(64), promoted: "2026-11-20", by: "me" };

const CASES: readonly [string, (policy: WrittenPolicy) => unknown, readonly string[]][] = [
  ["nothing", () => undefined, []],
  ["the version and its day, which are no content", (policy) => Object.assign(policy.meta, { version: "9.9.9", updated: "2030-01-01" }), []],
  ["another identity", (policy) => (policy.meta.id = "mine"), ["meta.id: reroutes, major"]],
  ["another model of a role", (policy) => (policy.roles.judge.model = "gpt-5.2-high"), ["roles.judge.model: reroutes, major"]],
  ["another reflex model", (policy) => (policy.reflex.candidate = "x"), ["reflex.candidate: reroutes, major"]],
  ["a model that is gone", (policy) => delete policy.models["gpt-5.2-mini"], ['models."gpt-5.2-mini": removes-route, major']],
  ["a new model", (policy) => (policy.models["new"] = { provider: "openai", model: "m", max_output_tokens: 100 }), ["models.new: adds-route, minor"]],
  ["a model behind an alias", (policy) => Object.assign(policy.models["gpt-5.2-mini"] ?? {}, { model: "m" }), ['models."gpt-5.2-mini".model: reroutes, major']],
  ["an effort", (policy) => Object.assign(policy.models["gpt-5.2-mini"] ?? {}, { effort: "high" }), ['models."gpt-5.2-mini".effort: changes, minor']],
  ["reflex switched off", (policy) => (policy.reflex.enabled = false), ["reflex.enabled: removes-route, major"]],
  ["a fallback more", (policy) => (policy.reflex.fallbacks = ["a"]), ["reflex.fallbacks: adds-route, minor"]],
  [
    "a rollout taken back to some",
    (policy) => (policy.reflex.rollout = { stage: "canary", percent: 5 }),
    ["reflex.rollout.stage: tightens, minor", "reflex.rollout.percent: tightens, minor"],
  ],
  ["a rollout taken back to none", (policy) => (policy.reflex.rollout = { stage: "off" }), ["reflex.rollout.stage: removes-route, major"]],
  ["more attempts", (policy) => (policy.reflex.max_attempts = 3), ["reflex.max_attempts: loosens, major"]],
  ["fewer attempts", (policy) => (policy.reflex.max_attempts = 1), ["reflex.max_attempts: tightens, minor"]],
  ["a looser gate", (policy) => (policy.gates.reflex_promotion.min_tasks = 49), ["gates.reflex_promotion.min_tasks: loosens, major"]],
  ["a tighter gate", (policy) => (policy.gates.reflex_promotion.min_tasks = 51), ["gates.reflex_promotion.min_tasks: tightens, minor"]],
  ["a gate slower", (policy) => (policy.gates.reflex_promotion.p95_ttft_ms = 801), ["gates.reflex_promotion.p95_ttft_ms: loosens, major"]],
  [
    "a baseline that need not be beaten",
    (policy) => (policy.gates.reflex_promotion.beat_rustc_suggestions = false),
    ["gates.reflex_promotion.beat_rustc_suggestions: loosens, major"],
  ],
  ["a tag that is no longer high-risk", (policy) => (policy.high_risk.tags = ["unsafe"]), ["high_risk.tags: loosens, major"]],
  ["a path that is high-risk now", (policy) => (policy.high_risk.paths = ["src/**"]), ["high_risk.paths: tightens, minor"]],
  ["tags in another order", (policy) => (policy.high_risk.tags = policy.high_risk.tags.toReversed()), ["high_risk.tags: changes, minor"]],
  ["one tag for another", (policy) => (policy.high_risk.tags = ["unsafe", "crypto"]), ["high_risk.tags: loosens, major"]],
  ["a key that is trusted now", (policy) => (policy.signing.trusted_keys = [`${"A".repeat(43)}=`]), ["signing.trusted_keys: loosens, major"]],
  ["a signature that is asked for", (policy) => (policy.signing.require_signature = true), ["signing.require_signature: tightens, minor"]],
  ["less capture", (policy) => (policy.capture.mode = "none"), ["capture.mode: loosens, major"]],
  ["a budget that may be overridden", (policy) => (policy.budgets.allow_override = true), ["budgets.allow_override: loosens, major"]],
  ["a retry more", (policy) => (policy.retries["timeout-idle"] = { tries: 2, backoff_ms: 0 }), ["retries.timeout-idle: changes, minor"]],
  ["the day of the prices", (policy) => (policy.prices.dated = "2026-11-02"), ["prices.dated: text, patch"]],
  ["a new price", (policy) => (policy.prices.models["m"] = { input: 1, output: 2 }), ["prices.models.m: changes, minor"]],
  ["a price that is gone", (policy) => delete policy.prices.models["gpt-5.2"], ['prices.models."gpt-5.2": changes, minor']],
  [
    "a new provider",
    (policy) => (policy.providers["new"] = { kind: "vllm", cloud: false, endpoint: "http://127.0.0.1:1" }),
    ["providers.new: adds-route, minor"],
  ],
  ["a provider that is gone", (policy) => delete policy.providers["vllm"], ["providers.vllm: removes-route, major"]],
  ["a retry that is gone", (policy) => delete policy.retries["overload"], ["retries.overload: changes, minor"]],
  [
    "a model named as what every object has",
    (policy) => (policy.models["constructor"] = { provider: "openai", model: "m", max_output_tokens: 100 }),
    ["models.constructor: adds-route, minor"],
  ],
  ["a value that nobody gave a meaning", (policy) => Object.assign(policy.tier2, { unheard_of: 1 }), ["tier2.unheard_of: loosens, major"]],
  [
    "a section that became a value",
    (policy) => Object.assign(policy, { breaker: 1 }),
    ["breaker.failures_to_open: changes, minor", "breaker.cooldown_ms: changes, minor", "breaker.half_open_probes: changes, minor", "breaker: loosens, major"],
  ],
  ["a price", (policy) => (policy.prices.models["gpt-5.2"] = { input: 2, cached: 0.175, output: 14 }), ['prices.models."gpt-5.2".input: changes, minor']],
  ["a promotion", (policy) => (policy.promotion = [entry]), ["promotion.qwen3-coder-30b-a3b-awq: adds-route, minor"]],
  [
    "a provider elsewhere",
    (policy) => Object.assign(policy.providers["sglang"] ?? {}, { endpoint: "http://10.0.0.1/v1" }),
    ["providers.sglang.endpoint: reroutes, major"],
  ],
];

describe("changes between two policies", () => {
  for (const [name, change, said] of CASES) it(`tell ${name}`, () => expect(saidOf((policy) => void change(policy))).toEqual(said));

  it("tell candidates by their name", () => {
    const same = (): void => undefined;
    expect(saidOf(same, (all) => all.toReversed())).toEqual([]);
    expect(saidOf(same, ([first, ...others]) => [...others, { ...(first as Candidates[number]), start: "other words" }])).toEqual([
      "candidate.gpt-oss-20b.start: text, patch",
    ]);
    expect(saidOf(same, ([first, ...others]) => [{ ...(first as Candidates[number]), temperature: 1 }, ...others])).toEqual([
      "candidate.gpt-oss-20b.temperature: changes, minor",
    ]);
    expect(saidOf(same, (all) => all.slice(1))).toEqual(["candidate.gpt-oss-20b: removes-route, major"]);
  });

  it("have a meaning for every value that a policy may hold", () => {
    const full = policyWith((policy) => void Object.assign(policy, { promotion: [], reflex: { ...policy.reflex, rollout: { stage: "canary", percent: 5 } } }));
    const { meta: _meta, promotion: _promotion, ...rest } = full.policy;
    const unknown = leavesOf(rest).filter(({ key, value }) => key[0] !== "format" && effectOf(key, value, value) === null);
    expect(unknown).toEqual([]);
    for (const { name: _name, ...facts } of full.candidates)
      for (const key of Object.keys(facts)) expect(effectOf(["candidate", "x", key], 1, 2)).not.toBeNull();
    expect(effectOf(["nobody", "knows"], 1, 2)).toBeNull();
  });

  it("show which scenarios come out otherwise", () => {
    const run = ({ policy }: PolicySnapshot) => [
      { scenario: "a", outcome: String(policy.reflex.max_attempts) },
      { scenario: "b", outcome: "same" },
      ...(policy.reflex.enabled ? [{ scenario: "c", outcome: "reflex" }] : []),
    ];
    const after = policyWith((policy) => void Object.assign(policy.reflex, { max_attempts: 1, enabled: false }));
    expect(routeChanges(run, before, after)).toEqual([
      { scenario: "a", before: "2", after: "1" },
      { scenario: "c", before: "reflex", after: null },
    ]);
    expect(routeChanges(run, after, before)).toEqual([
      { scenario: "a", before: "1", after: "2" },
      { scenario: "c", before: null, after: "reflex" },
    ]);
  });
});

describe("a version", () => {
  const loose = changesBetween(
    before,
    policyWith((policy) => void (policy.reflex.max_attempts = 3)),
  );
  const tight = changesBetween(
    before,
    policyWith((policy) => void (policy.reflex.max_attempts = 1)),
  );
  const text = changesBetween(
    before,
    policyWith((policy) => void (policy.prices.dated = "2026-11-02")),
  );

  it("steps as far as the weightiest change asks for", () => {
    expect([[], text, tight, [...text, ...tight, ...loose]].map(neededLevel)).toEqual([null, "patch", "minor", "major"]);
    expect((["patch", "minor", "major"] as const).map((level) => nextVersion("2.3.4", level))).toEqual(["2.3.5", "2.4.0", "3.0.0"]);
    expect(claimedLevel("0.0.9", "0.1.0")).toBe("minor");
    expect(claimedLevel("1.9.9", "2.0.0")).toBe("major");
    expect(claimedLevel("9.0.0", "10.0.0")).toBe("major");
    expect(["2.3.4", "2.3.5", "2.4.0", "3.0.0", "2.3.3", "1.9.9"].map((version) => claimedLevel("2.3.4", version))).toEqual([
      null,
      "patch",
      "minor",
      "major",
      null,
      null,
    ]);
  });

  it("is refused where it stayed, went back or steps too short", () => {
    expect(versionFault("2.0.0", "2.0.0", [], "HEAD")).toBeNull();
    expect(versionFault("2.0.0", "2.1.0", [], "HEAD")).toBeNull();
    expect(versionFault("2.0.0", "2.1.0", tight, "HEAD")).toBeNull();
    expect(versionFault("2.0.0", "3.0.0", tight, "HEAD")).toBeNull();
    expect(versionFault("2.0.0", "2.0.0", text, "HEAD")).toBe(
      "the content differs from HEAD and the version is still 2.0.0: run bakeoff policy bump (patch: prices.dated text)",
    );
    expect(versionFault("2.0.0", "2.1.0", loose, "HEAD")).toBe(
      "2.0.0 to 2.1.0 is a minor step and the change is major (reflex.max_attempts loosens): run bakeoff policy bump",
    );
    expect(versionFault("2.0.0", "1.9.9", loose, "HEAD")).toMatch(/^1\.9\.9 is older than 2\.0\.0/);
    expect(versionFault("2.0.0", "1.9.9", [], "HEAD")).toBe("1.9.9 is older than 2.0.0, the version of HEAD: raise it (bakeoff policy bump)");
  });

  it("is written into the text and nothing else is", () => {
    const written = 'format = 2\n[meta]\nid = "m" # version = "2.0.0"\nversion = "2.0.0"   # why\nupdated = \'2026-01-01\'\r\n[other]\nversion = "2.0.0"\n';
    expect(withVersion(written, "2.1.0", "2026-11-22")).toBe(
      written.replace('\nversion = "2.0.0"   #', '\nversion = "2.1.0"   #').replace("2026-01-01", "2026-11-22"),
    );
    const inline = 'meta = { id = "m", version = "2.0.0", updated = "2026-01-01" }\n';
    expect(withVersion(inline, "2.1.0", "2026-11-22")).toBe('meta = { id = "m", version = "2.1.0", updated = "2026-11-22" }\n');
  });

  it("is not written where that can't be done safely", () => {
    for (const odd of ['meta.id = "m"\n', '[meta]\nversion = 2\nupdated = "2026-01-01"\n', '[meta]\nversion = "2.0.0"\n'])
      expect(() => withVersion(odd, "2.1.0", "2026-11-22")).toThrow(expect.objectContaining({ name: "BakeoffError", code: "usage" }) as BakeoffError);
    for (const none of ["meta = 1\n", "= =\n", ""]) expect(() => withVersion(none, "2.1.0", "2026-11-22")).toThrow(BakeoffError);
  });

  it("is asked for with the first of the changes that weigh so much", () => {
    const changes = changesBetween(
      before,
      policyWith((policy) => {
        policy.reflex.max_attempts = 1;
        policy.budgets.run_tokens += 1;
        policy.tier2.deadline_ms += 1;
      }),
    );
    expect(changes.map(({ level }) => level)).toEqual(["minor", "major", "major"]);
    expect(versionFault("2.0.0", "2.0.1", changes, "HEAD")).toBe(
      "2.0.0 to 2.0.1 is a patch step and the change is major (budgets.run_tokens loosens): run bakeoff policy bump",
    );
  });

  it("stands on top of the changelog", () => {
    const one = withEntry("", { version: "2.1.0", day: "2026-11-22", reason: "Fewer.", lines: tight.map(changeLine) });
    expect(one).toBe("# Changelog of the model policy\n\n## 2.1.0 — 2026-11-22\n\nFewer.\n\n- `reflex.max_attempts`: 2 → 1 (tightens)\n");
    const two = withEntry(one, { version: "2.1.1", day: "2026-11-23", reason: null, lines: [] });
    expect(two).toBe(one.replace("\n## 2.1.0", "\n## 2.1.1 — 2026-11-23\n\n- No change of content.\n\n## 2.1.0"));
  });
});
