// Planning: the line-up, the header, what a run may go on with, and which events count when it does.
import { describe, expect, it } from "vitest";
import { sha256 } from "../../../../src/core/base/canonical.ts";
import { checkSandbox, lineUp, type LineUpNeeds } from "../../../../src/app/run/lineup.ts";
import { policyFaults } from "../../../../src/core/policy/rules/rules.ts";
import { providerOf } from "../../../../src/core/router/reflex.ts";
import { checkResumable, planRun } from "../../../../src/app/run/plan.ts";
import type { Readiness } from "../../../../src/ports/servers.ts";
import { Texts } from "../../../../src/trial/texts.ts";
import { headerOf, policyWith, suiteOf, TASKS, taskNamed } from "../../run/fakes.ts";

const READY: Readiness = { ready: true, latencyMs: 1, contextTokens: null };
const absent = (reason: string): Readiness => ({ ready: false, reason, taken: false });

const snapshot = policyWith();
const names = snapshot.candidates.map(({ name }) => name);
const needs = (facts: Partial<LineUpNeeds> = {}): LineUpNeeds => ({
  policy: snapshot.policy,
  candidates: snapshot.candidates,
  requested: null,
  readiness: async () => READY,
  reachable: () => true,
  ...facts,
});

describe("the line-up", () => {
  it("has the embedded candidates and those whose server answers, where none is named", async () => {
    const playing = await lineUp(needs({ readiness: async ({ name }) => (name === names[0] ? READY : absent("no server")) }));
    expect(playing.candidates.map(({ name }) => name)).toEqual(["rustc-suggestions", "nop", "oracle", names[0]]);
    expect(playing.leftOut.map(({ name, reason }) => [name, reason])).toEqual(names.slice(1).map((name) => [name, "no server"]));
    for (const { start } of playing.leftOut) expect(start).not.toBe("");
  });

  it("has only those that are named, each once, and asks only their servers", async () => {
    const asked: string[] = [];
    const playing = await lineUp(needs({ requested: ["oracle", names[1] ?? "", "oracle"], readiness: async ({ name }) => (asked.push(name), READY) }));
    expect(playing.candidates.map(({ name }) => name)).toEqual(["oracle", names[1]]);
    expect(asked).toEqual([names[1]]);
  });

  it("has the cheat only where it is asked for by name", async () => {
    expect((await lineUp(needs())).candidates.map(({ name }) => name)).not.toContain("cheat");
    const playing = await lineUp(needs({ requested: ["cheat", "nop"], readiness: async () => absent("no server") }));
    expect(playing.candidates).toEqual(["nop", "cheat"].map((name) => ({ name, provider: "embedded", model: name })));
    const called = snapshot.candidates.map((candidate, index) => (index === 0 ? { ...candidate, name: "cheat" } : candidate));
    expect(policyFaults({ candidates: called }, { raw: {}, today: "2026-01-01" }, "error").map(({ rule }) => rule)).toContain("candidate-names-unique");
  });

  it("has the policy itself where that is asked for by name, and only then", async () => {
    const playing = await lineUp(needs({ requested: ["policy", "nop"], readiness: async () => absent("no server") }));
    expect(playing.candidates).toEqual([
      { name: "nop", provider: "embedded", model: "nop" },
      { name: "policy", provider: "policy", model: "gpt-oss-20b" },
    ]);
    expect((await lineUp(needs())).candidates.map(({ name }) => name)).not.toContain("policy");
    const called = snapshot.candidates.map((candidate, index) => (index === 0 ? { ...candidate, name: "policy" } : candidate));
    await expect(lineUp(needs({ candidates: called }))).rejects.toMatchObject({ code: "usage" });
  });

  it("refuses a name it does not know, with the nearest", async () => {
    await expect(lineUp(needs({ requested: ["orcale"] }))).rejects.toMatchObject({ code: "usage", hint: expect.stringContaining("oracle") as string });
  });

  it("refuses a named candidate whose server does not answer, with its start line", async () => {
    const start = snapshot.candidates[0]?.start ?? "";
    await expect(lineUp(needs({ requested: [names[0] ?? ""], readiness: async () => absent("refused") }))).rejects.toMatchObject({
      code: "environment",
      hint: expect.stringContaining(start) as string,
    });
  });

  it("has stand-ins for exactly the roles whose model can't be reached", async () => {
    expect((await lineUp(needs())).bindings.judge.standIn).toBeNull();
    const { bindings } = await lineUp(needs({ reachable: () => false }));
    expect([bindings.architect, bindings.implementer, bindings.judge, bindings.sidecarCritic].map(({ standIn }) => standIn)).toEqual([
      "oracle",
      "oracle",
      "test-verdict",
      "clippy",
    ]);
    expect(bindings.judge.model).toBe(snapshot.policy.roles.judge.model);
  });

  it("builds a provider of its own for a candidate with its own endpoint", () => {
    const [first] = snapshot.candidates;
    expect(first && providerOf(first)).toBe("sglang");
    expect(first && providerOf({ ...first, endpoint: "http://127.0.0.1:1" })).toBe(`sglang/${first?.name ?? ""}`);
  });

  it("runs no model's code without a sandbox, but embedded candidates with a warning", async () => {
    const embedded = await lineUp(needs({ requested: ["nop"], reachable: () => false }));
    expect(checkSandbox("none", embedded, null)).toHaveLength(1);
    expect(checkSandbox("util-linux", embedded, null)).toEqual([]);
    expect(checkSandbox("landlock", embedded, null)).toEqual([expect.stringContaining("loopback")]);
    const withModel = await lineUp(needs({ requested: [names[0] ?? ""], reachable: () => false }));
    expect(() => checkSandbox("none", withModel, null)).toThrow(expect.objectContaining({ code: "environment" }));
    const withCloud = await lineUp(needs({ requested: ["nop"] }));
    expect(() => checkSandbox("none", withCloud, null)).toThrow(expect.objectContaining({ code: "environment" }));
  });

  it("refuses a worse sandbox than the one that is required", async () => {
    const embedded = await lineUp(needs({ requested: ["nop"], reachable: () => false }));
    for (const worse of ["landlock", "none"] as const)
      expect(() => checkSandbox(worse, embedded, "util-linux")).toThrow(expect.objectContaining({ code: "environment" }));
    for (const better of ["util-linux", "bubblewrap"] as const) expect(checkSandbox(better, embedded, "util-linux")).toEqual([]);
  });
});

describe("the plan", () => {
  const many = Array.from({ length: 20 }, (_, index) => ({ ...taskNamed("a"), id: `task-${index}` }));
  const parts = {
    suite: suiteOf(many),
    snapshot,
    toolchain: { rustc: "r", cargo: "c", host: "h" },
    tier: "util-linux" as const,
    warnings: [],
    decisionRegister: "# Decisions",
    lineUp: { candidates: [], leftOut: [], bindings: headerOf({}).bindings },
  };
  const request = {
    runId: "r",
    createdAt: "t",
    version: "v",
    epochs: 1,
    limit: null,
    tasks: null,
    capability: false,
    diagnosisOf: null,
    seed: 1,
    concurrency: { cargo: 1, model: 1 },
  };
  const ids = (facts: object) => planRun({ ...request, ...facts }, parts).tasks.map(({ id }) => id);

  it("takes every task, or those that are named, in the suite's order", () => {
    expect(ids({})).toEqual(many.map(({ id }) => id));
    expect(ids({ tasks: ["task-7", "task-2", "task-7"] })).toEqual(["task-2", "task-7"]);
  });

  it("draws a limited number by the seed alone, in the suite's order", () => {
    const drawn = ids({ limit: 5 });
    expect(drawn).toHaveLength(5);
    expect(ids({ limit: 5 })).toEqual(drawn);
    expect(drawn).toEqual(many.map(({ id }) => id).filter((id) => drawn.includes(id)));
    expect(new Set([1, 2, 3, 4, 5].map((seed) => ids({ limit: 5, seed }).join())).size).toBeGreaterThan(3);
  });

  it("takes all where the limit is larger", () => expect(ids({ limit: 100 })).toHaveLength(20));
  it("refuses a task it does not have, with the nearest", () => expect(() => ids({ tasks: ["task-99"] })).toThrow(expect.objectContaining({ code: "usage" })));
  it("keeps the decision register's hash", () => expect(planRun(request, parts).decision_register_hash).toBe(sha256("# Decisions")));
});

describe("going on", () => {
  const header = headerOf({});
  const now = { suite: suiteOf(TASKS), snapshot, toolchain: { ...header.toolchain }, tier: "util-linux" as const };

  it("is allowed where all is as it was", () => expect(() => checkResumable(header, now)).not.toThrow());

  const CHANGES: readonly [string, object][] = [
    ["the suite", { suite: suiteOf(TASKS.slice(1)) }],
    ["the policy", { snapshot: policyWith((policy) => void (policy.reflex.max_attempts = 3)) }],
    ["the toolchain", { toolchain: { ...header.toolchain, rustc: "rustc 2.0.0" } }],
    ["the sandbox", { tier: "none" }],
  ];
  for (const [name, change] of CHANGES)
    it(`is refused where ${name} is another`, () =>
      expect(() => checkResumable(header, { ...now, ...change })).toThrow(expect.objectContaining({ code: "integrity" })));
});

describe("texts", () => {
  it("are put once and found by hash, in the journal too", () => {
    const texts = new Texts((hash) => (hash === sha256("old") ? "old" : null));
    const hash = texts.put("prompt", "new");
    texts.put("response", "new");
    expect(texts.takeFresh()).toEqual([{ kind: "prompt", text: "new" }]);
    expect(texts.takeFresh()).toEqual([]);
    expect([texts.text(hash), texts.text(sha256("old"))]).toEqual(["new", "old"]);
    expect([texts.holds([hash, null, sha256("old")]), texts.holds([sha256("gone")])]).toEqual([true, false]);
    expect(() => texts.text(sha256("gone"))).toThrow(expect.objectContaining({ code: "integrity" }));
  });

  it("hold verdicts with texts that were cut in half", () => {
    const texts = new Texts();
    const hash = texts.putVerdict({ status: "failed", tests: [{ id: "a\ud800", status: "failed", heldOut: false, output: "x\ud83d" }] });
    expect(texts.text(hash).isWellFormed()).toBe(true);
  });
});
