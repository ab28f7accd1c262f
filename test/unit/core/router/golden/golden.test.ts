// The golden scenarios of the shipped policy, what is untested without them, and scenarios that are written wrong.
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseToml } from "../../../../../src/core/base/toml.ts";
import { candidatesSchema, policySchema } from "../../../../../src/core/policy/schema.ts";
import { compileSnapshot, type PolicySnapshot } from "../../../../../src/core/policy/snapshot.ts";
import { fallbackReason } from "../../../../../src/core/trial/conditions.ts";
import { FALLBACK_REASONS, reason, UNROUTED } from "../../../../../src/core/trial/reason.ts";
import { goldenIssues, routesOf } from "../../../../../src/core/router/golden/golden.ts";
import { expandHistory, NOTATIONS } from "../../../../../src/core/router/golden/history.ts";
import { type GoldenFile, readGolden, type Scenario } from "../../../../../src/core/router/golden/scenario.ts";
import { BARS } from "../../../../../src/core/router/implementer.ts";
import { RULES } from "../../../../../src/core/router/next.ts";
import { OBSTACLES } from "../../../../../src/core/router/reflex.ts";
import { canaryDraw, rolloutReaches } from "../../../../../src/core/router/rollout.ts";

const folder = new URL("../../../../../policy/", import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), "utf8");
const files: GoldenFile[] = readdirSync(new URL("golden/", folder)).map((name) => ({ path: `golden/${name}`, text: read(`golden/${name}`) }));

function shipped(change: (text: string) => string = (text) => text): PolicySnapshot {
  const policy = parseToml("policy", change(read("model_policy.toml")), policySchema);
  const candidates = parseToml("candidates", read("candidates.toml"), candidatesSchema);
  if (!policy.ok || !candidates.ok) throw new Error("the policy of this repository is not valid");
  return compileSnapshot(policy.value, candidates.value, { createdAt: "2026-11-22T00:00:00.000Z", files: [] });
}

const golden = readGolden(files);
const oneFile = (text: string) => readGolden([{ path: "g.toml", text }]);
const scenario = (text: string): Scenario => {
  const { scenarios, issues } = oneFile(`format = 1\n[[scenario]]\nname = "one"\n${text}\n`);
  expect(issues).toEqual([]);
  return scenarios[0] as Scenario;
};
const outcome = (text: string, snapshot = shipped()) => routesOf(snapshot, [scenario(`${text}\nexpect = "?"`)])[0]?.outcome;

describe("the golden scenarios", () => {
  it("are at least forty, and all come to their decisions under the shipped policy", () => {
    expect(golden.issues).toEqual([]);
    expect(golden.scenarios.length).toBeGreaterThanOrEqual(40);
    expect(goldenIssues(shipped(), golden.scenarios, "golden")).toEqual([]);
  });

  it("name every rule and reason that is left untested where one is taken away", () => {
    const untested = (left: readonly Scenario[]) => goldenIssues(shipped(), left, "golden").map(({ message }) => message);
    const routed = reason.options.filter((name) => !UNROUTED.has(name));
    const whole = [...RULES.map(({ name }) => `rule ${name}`), ...routed.map((name) => `selection reason ${name}`)];
    const all = [...whole, ...fallbackReason.options.map((name) => `fallback reason ${name}`)];
    expect(untested([])).toEqual(all.map((what) => `no golden scenario reaches ${what}: add one`));
    const judged = golden.scenarios.filter(({ expect: expected }) => !expected.includes("judge-unlocks"));
    expect(untested(judged)).toEqual(["rule judge-is-asked", "selection reason judge-unlocks"].map((what) => `no golden scenario reaches ${what}: add one`));
  });

  it("show at its line what a changed policy routes elsewhere", () => {
    const changed = shipped((text) => text.replace('candidate = "gpt-oss-20b"', 'candidate = "qwen3-coder-30b-a3b-awq"'));
    const issues = goldenIssues(changed, golden.scenarios, "golden");
    expect(issues.map(({ path }) => path)).toEqual(issues.map(() => "golden/shipped.toml"));
    expect(issues[0]?.message).toContain("not qwen3-coder-30b-a3b-awq (NotPromoted)");
    const line = files.find(({ path }) => path === "golden/shipped.toml")?.text.split("\n")[(issues[0]?.line ?? 0) - 1];
    expect(line).toMatch(/^expect = /);
  });

  it("differ between two policies where their routes do", () => {
    const before = routesOf(shipped(), golden.scenarios);
    const after = routesOf(
      shipped((text) => text.replace("skip_reflex = true", "skip_reflex = false")),
      golden.scenarios,
    );
    const moved = after.filter(({ outcome: now }, index) => now !== before[index]?.outcome).map(({ scenario: name }) => name);
    expect(moved).toEqual(["high risk goes straight to the cloud Implementer", "a task that is tagged unsafe is high-risk"]);
  });
});

describe("a scenario file", () => {
  const issuesOf = (text: string) => oneFile(text).issues.map(({ line, message }) => [line, message]);

  it("is refused with the line of everything that is wrong in it", () => {
    const text = 'format = 1\n[[scenario]]\nname = "one"\nhistroy = []\nexpect = 7\n\n[[scenario]]\nname = "two"\nbudget = "some"\nexpect = "x"\n';
    expect(issuesOf(text).map(([line]) => line)).toEqual([5, 4, 9]);
  });

  it("is refused for a step that no notation reads, at that step's line", () => {
    const text = 'format = 1\n[[scenario]]\nname = "one"\nhistory = [\n  "Plan",\n  "reflex sleeps",\n  "cloud failed 12",\n]\nexpect = "x"\n';
    const issues = issuesOf(text);
    expect(issues.map(([line]) => line)).toEqual([6, 7]);
    expect(issues[0]?.[1]).toMatch(/^no such step reflex sleeps: write one like Implement, /);
  });

  it("is refused for an unknown format, no scenario, or a name that is there twice", () => {
    expect(issuesOf('format = 2\n[[scenario]]\nname = "a"\nexpect = "x"\n')).toEqual([[1, "format: format 2 is not known: this version reads format 1"]]);
    expect(issuesOf("format = 1\nscenario = []\n").map(([line]) => line)).toEqual([2]);
    expect(issuesOf('format = 1\n[[scenario]]\nname = "a"\nexpect = "x"\n[[scenario]]\nname = "a"\nexpect = "x"\n')).toEqual([
      [7, "scenario a is defined twice: rename one"],
    ]);
  });

  it("that is no TOML, or was made to harm, is refused and nothing else", () => {
    expect(issuesOf("format = 1\n[[scenario\n").map(([line]) => line)).toEqual([2]);
    const hostile = scenario('policy.__proto__ = { enabled = true }\nexpect = "?"');
    expect(routesOf(shipped(), [hostile])[0]?.outcome).toMatch(/^its policy is not valid: /);
    expect(({} as Record<string, unknown>)["enabled"]).toBeUndefined();
  });
});

describe("a scenario", () => {
  it("lays the file's policy and its own over the shipped one, lists and rollouts whole", () => {
    const text =
      'format = 1\n[policy.reflex]\nmax_attempts = 1\nrollout = { stage = "canary", percent = 0 }\n[[scenario]]\nname = "one"\npolicy.reflex = { rollout = { stage = "on" } }\nhistory = ["Plan", "notebook", "Implement", "reflex failed"]\nexpect = "?"\n';
    expect(routesOf(shipped(), oneFile(text).scenarios)[0]?.outcome).toContain("escalated-after-reflex-attempts");
  });

  it("says where its layers make no policy, or its slot is nobody", () => {
    expect(outcome("policy.reflex = { max_attempts = 0 }")).toMatch(/^its policy is not valid: reflex.max_attempts /);
    expect(outcome('slot = "nobody"')).toBe("slot nobody is not a candidate");
  });

  it("takes an own endpoint's server for the slot's", () => {
    const snapshot = shipped();
    const candidates = snapshot.candidates.map((candidate) => ({ ...candidate, endpoint: "http://127.0.0.1:1/v1" }));
    expect(outcome('slot = "gpt-oss-20b"\nhistory = ["Plan", "notebook", "Implement"]', { ...snapshot, candidates })).toContain(
      "sglang/gpt-oss-20b/gpt-oss-20b",
    );
  });
});

describe("the notation of a history", () => {
  it("reads each of its own examples as one step, and their stages in turn", () => {
    for (const { example } of NOTATIONS) expect([example, expandHistory([example]).faults]).toEqual([example, []]);
    const { events } = expandHistory(["Plan", "Implement", "reflex failed 30 tokens", "cloud !timeout-idle ? tokens", "Validate"]);
    expect(events.flatMap((event) => (event.type === "StageTransition" ? [[event.from, event.to]] : []))).toEqual([
      [null, "Plan"],
      ["Plan", "Implement"],
      ["Implement", "Validate"],
    ]);
    const calls = events.filter((event) => event.type === "ModelCallEnvelope");
    expect(calls.map(({ attempt, prompt_tokens: tokens, success, error, mode }) => [attempt, tokens, success, error, mode])).toEqual([
      [1, 30, true, null, "Reflex"],
      [2, null, false, "timeout-idle: as the scenario says", "Cloud"],
    ]);
  });
});

describe("the words of the router", () => {
  it("tell every fallback reason to people, and give each obstacle and bar its sentence", () => {
    expect(Object.keys(FALLBACK_REASONS).toSorted()).toEqual([...fallbackReason.options].toSorted());
    const sentences = [...Object.values(FALLBACK_REASONS), ...OBSTACLES.map(({ sentence }) => sentence), ...BARS.map(({ sentence }) => sentence)];
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].*\.$/);
    const named = [...OBSTACLES.map((obstacle) => obstacle.reason), ...BARS.flatMap(({ fallback }) => fallback ?? [])];
    expect(named.toSorted()).toEqual([...fallbackReason.options].toSorted());
  });
});

describe("a canary", () => {
  const base = shipped().policy;
  const policy = (percent: number, version = "1.0.0") => ({
    ...base,
    meta: { id: "p", version, updated: "2026-11-22" },
    reflex: { ...base.reflex, rollout: { stage: "canary" as const, percent } },
  });
  const tasks = Array.from({ length: 400 }, (_, index) => `task-${index}`);
  const reached = (percent: number, version?: string) => tasks.filter((task) => rolloutReaches(policy(percent, version), task));

  it("reaches about its share, keeps its tasks when it widens, and does not ask for the version", () => {
    expect(reached(25).length).toBeGreaterThan(70);
    expect(reached(25).length).toBeLessThan(130);
    expect(reached(50)).toEqual(expect.arrayContaining(reached(25)));
    expect(reached(25, "9.9.9")).toEqual(reached(25));
    expect([reached(0).length, reached(100).length]).toEqual([0, 400]);
  });

  it("leaves out a task whose draw is the percentage itself", () => {
    expect(rolloutReaches(policy(canaryDraw("p", "task-1")), "task-1")).toBe(false);
    expect(canaryDraw("model-policy", "task-1")).toBeCloseTo(34.103071386925876, 10);
  });
});

describe("a file that is wrong in several ways", () => {
  it("is told all of them at once: its form, its histories, and each fault of a scenario's policy", () => {
    const text = `format = 1
[[scenario]]
name = "a"
history = ["Plan", "no such step"]
expect = "x"
[[scenario]]
name = "b"
risk = "low"
expect = ""
`;
    const { issues } = readGolden([{ path: "g.toml", text }]);
    expect(issues.map(({ line }) => line).toSorted((one, other) => one - other)).toEqual([4, 8, 9]);
    const layered = readGolden([
      { path: "g.toml", text: 'format = 1\n[[scenario]]\nname = "c"\npolicy.reflex = { max_attempts = 0, enabled = 3 }\nexpect = "x"\n' },
    ]);
    const [told] = goldenIssues(shipped(), layered.scenarios, "golden");
    expect(told?.message).toContain("reflex.max_attempts");
    expect(told?.message).toContain("reflex.enabled");
  });
});
