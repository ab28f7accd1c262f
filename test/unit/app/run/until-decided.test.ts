// Running until decided: what each batch holds, when it stops, and what is decided on.
import { hashOf } from "../../../../src/core/base/canonical.ts";
import { describe, expect, it } from "vitest";
import type { SigningKey } from "../../../../src/core/base/dsse.ts";
import { BakeoffError } from "../../../../src/core/base/errors.ts";
import type { PolicySnapshot } from "../../../../src/core/policy/snapshot.ts";
import { BudgetSpentError } from "../../../../src/app/run/bakeoff.ts";
import { levelOfGate } from "../../../../src/core/gate/level.ts";
import { runSession, type SessionRequest } from "../../../../src/app/run/session.ts";
import { runUntilDecided, type UntilDecidedPorts, type UntilDecidedRequest, type UntilDecidedWatcher } from "../../../../src/app/run/until-decided.ts";
import type { GateQuestion } from "../../../../src/app/gate/decide.ts";
import { policyWith, suiteOf, taskNamed } from "../../run/fakes.ts";
import { documentWith, type GateVerdict } from "./gate-document.ts";
import { listener, sessionRequest, sessionWorld, someKey } from "./session-world.ts";

const TASKS = Array.from({ length: 12 }, (_, index) => ({ ...taskNamed("a"), id: `task-${index}`, family: `family-${index}` }));
const SUITE = suiteOf([...TASKS, { ...taskNamed("b", { risk: "high" }), id: "dangerous" }]);

const small = (change: (policy: PolicySnapshot["policy"]) => void = () => undefined): PolicySnapshot =>
  policyWith((policy) => {
    policy.gates.reflex_promotion.min_tasks = 3;
    policy.gates.reflex_promotion.min_epochs = 1;
    policy.reflex.candidate = "nop";
    change(policy as PolicySnapshot["policy"]);
  });

interface Facts {
  /** One a look; the last stands for all that follow. */
  readonly verdicts?: readonly GateVerdict[];
  readonly policy?: PolicySnapshot;
  readonly key?: SigningKey | null;
  readonly suite?: typeof SUITE;
  readonly reachable?: boolean;
  /** The batch that its own budget ends, from 1. */
  readonly spentIn?: number;
  /** Gates of the chain before this one. */
  readonly before?: number;
}

function worldWith({ verdicts = ["inconclusive"], policy = small(), key = null, suite = SUITE, reachable = false, spentIn = 0, before = 0 }: Facts = {}) {
  // A server that answers, for the tokens that count.
  const session = sessionWorld({ suite, policy, serving: { readiness: async () => ({ ready: true, latencyMs: 1, contextTokens: null }) } });
  const batches: SessionRequest[] = [];
  const questions: GateQuestion[] = [];
  const registered: unknown[] = [];
  const recorded: (readonly [readonly GateVerdict[], SigningKey | null])[] = [];
  const ports: UntilDecidedPorts = {
    loadSuite: session.loadSuite,
    loadPolicy: async () => policy,
    serving: () => ({ reachable: () => reachable }),
    keys: { load: async () => key },
    runBatch: async (request, watcher, signal) => {
      batches.push(request);
      if (batches.length === spentIn) throw new BudgetSpentError("1 of 1 tokens", false);
      return runSession(session, request, watcher, signal);
    },
    gatesBefore: async (registration, looks) => {
      registered.push([registration, looks]);
      return before;
    },
    gate: async (question) => {
      questions.push(question);
      return [documentWith(verdicts[questions.length - 1] ?? verdicts.at(-1) ?? "inconclusive")];
    },
    recordDecisions: async (documents, signing) => {
      recorded.push([documents.map(({ decision }) => decision.verdict), signing]);
      return documents.map((_, index) => `reports/gates/${index}.json`);
    },
  };
  return { ports, batches, questions, registered, recorded };
}

function requestFor(facts: Partial<UntilDecidedRequest> = {}): UntilDecidedRequest {
  return {
    session: sessionRequest(),
    candidate: "gpt-oss-20b",
    incumbent: null,
    epochs: null,
    looks: 4,
    sequential: "betting",
    registration: null,
    policyFrom: null,
    trusted: [],
    ...facts,
  };
}

function watching(): UntilDecidedWatcher & { readonly said: string[] } {
  const said: string[] = [];
  return {
    ...listener(),
    said,
    looked: ({ number, tasks }, planned, documents) => void said.push(`look ${number}/${planned} after ${tasks}: ${documents[0]?.decision.verdict ?? ""}`),
    stopped: (why) => void said.push(why.decided ? "decided" : `spent ${why.spent}`),
    leftOut: (reason) => void said.push(`left out ${reason}`),
  };
}

const go = (ports: UntilDecidedPorts, facts: Partial<UntilDecidedRequest> = {}, watcher = watching()) =>
  runUntilDecided(ports, requestFor(facts), watcher, new AbortController().signal);

describe("running until decided", () => {
  it("runs batch after batch over all low-risk tasks, each once, where nothing is decided", async () => {
    const { ports, batches, questions } = worldWith();
    const watcher = watching();
    const { documents, paths } = await go(ports, {}, watcher);
    const run = batches.flatMap(({ tasks }) => tasks ?? []);
    expect(run.toSorted()).toEqual(TASKS.map(({ id }) => id).toSorted());
    expect(batches.map(({ tasks }) => tasks?.length)).toEqual([3, 3, 3, 3]);
    expect(questions.map(({ capsules }) => capsules.length)).toEqual([1, 2, 3, 4]);
    expect(watcher.said).toEqual([3, 6, 9, 12].map((tasks, index) => `look ${index + 1}/4 after ${tasks}: inconclusive`));
    expect([documents[0]?.decision.verdict, paths]).toEqual(["inconclusive", ["reports/gates/0.json"]]);
  });

  it("stops as soon as it is decided, and records that decision only", async () => {
    const { ports, batches, recorded } = worldWith({ verdicts: ["inconclusive", "promote"] });
    const watcher = watching();
    await go(ports, {}, watcher);
    expect(batches).toHaveLength(2);
    expect(recorded).toEqual([[["promote"], null]]);
    expect(watcher.said.at(-1)).toBe("decided");
  });

  it("spends no more of the level than the policy allows, at growing looks", async () => {
    const { ports, questions } = worldWith();
    await go(ports);
    const levels = questions.map(({ alpha }) => alpha ?? Number.NaN);
    expect(levels.every((level) => level > 0)).toBe(true);
    expect(levels.toSorted((a, b) => a - b)).toEqual(levels);
    expect(Math.max(...levels)).toBeLessThanOrEqual(0.05);
    expect(questions.map(({ look }) => [look?.number, look?.tasks, look?.planned, look?.ofTasks])).toEqual(
      [3, 6, 9, 12].map((tasks, i) => [i + 1, tasks, 4, 12]),
    );
  });

  it("shares among its looks what a chain of registrations has left of the level, and remembers how", async () => {
    const levelsOf = async (facts: Facts, asked: Partial<UntilDecidedRequest>) => {
      const { ports, questions, registered } = worldWith(facts);
      const sealed = await worldWith().ports.runBatch({ ...sessionRequest(), tasks: ["task-0"] }, listener(), new AbortController().signal);
      await go({ ...ports, runBatch: async () => sealed }, asked);
      return { levels: questions.map(({ alpha }) => alpha ?? Number.NaN), registered, ways: new Set(questions.map(({ look }) => look?.sequential)) };
    };
    const alone = await levelsOf({}, {});
    expect(alone.registered).toEqual([]);
    const first = await levelsOf({ before: 0 }, { registration: "registration.json" });
    expect(first.registered).toEqual([["registration.json", { most: 4, sequential: "betting" }]]);
    const third = await levelsOf({ before: 2 }, { registration: "registration.json", sequential: "spending" });
    expect([alone.ways, third.ways]).toEqual([new Set(["betting"]), new Set(["spending"])]);
    for (const [index, level] of first.levels.entries()) expect(level / (alone.levels[index] ?? 0)).toBeCloseTo(0.8, 9);
    expect(Math.max(...third.levels)).toBeLessThanOrEqual(levelOfGate(0.05, 2));
  });

  it("runs nothing where other looks were registered", async () => {
    const { ports, batches } = worldWith();
    const refusing = { ...ports, gatesBefore: () => Promise.reject(new BakeoffError("usage", "other looks", "")) };
    await expect(go(refusing, { registration: "registration.json" })).rejects.toMatchObject({ code: "usage" });
    expect(batches).toEqual([]);
  });

  it("has the two sides, the compiler's baseline and the reference play", async () => {
    const { ports, batches } = worldWith();
    await go(ports);
    expect(batches[0]?.candidates).toEqual(["rustc-suggestions", "nop", "oracle", "gpt-oss-20b"]);
    const named = worldWith({ reachable: true });
    await go(named.ports, { incumbent: "rustc-suggestions", epochs: 2 });
    expect(named.batches[0]).toMatchObject({ candidates: ["rustc-suggestions", "gpt-oss-20b"], epochs: 2, limit: null, resume: null, reportFolder: null });
  });

  it("takes the entry of the cloud Implementer's own model for the reference, where there is one and its key", async () => {
    const policy = small();
    const model = policy.policy.models[policy.policy.roles.implementer.model];
    const [template] = policy.candidates;
    if (!model || !template) throw new Error("no model");
    const { provider, model: id, effort } = model;
    const own = { ...template, provider, model: id, ...(effort === undefined ? {} : { effort }) };
    const candidates = [
      ...policy.candidates,
      { ...own, name: "other-provider", provider: "vllm" },
      { ...own, name: "other-model", model: "gpt-0" },
      { ...own, name: "other-effort", effort: "low" as const },
      { ...own, name: "cloud" },
    ];
    // The hash is that of its content: a capsule that says otherwise does not verify.
    const { policy_id, created_at, hash: _, ...content } = { ...policy, candidates };
    const changed = { ...content, policy_id, created_at, hash: hashOf(content) };
    const { ports, batches } = worldWith({ policy: changed, reachable: true });
    await go(ports);
    expect(batches[0]?.candidates).toEqual(["rustc-suggestions", "nop", "gpt-oss-20b", "cloud"]);
  });

  it("names by its key who signs, and trusts nobody by it", async () => {
    const key = someKey();
    const { ports, questions, recorded } = worldWith({ key, verdicts: ["hold"] });
    await go(ports, { trusted: ["another"], policyFrom: "main" });
    expect(questions[0]).toMatchObject({
      trusted: ["another"],
      policyFrom: "main",
      registration: null,
      candidates: ["gpt-oss-20b"],
      incumbent: "nop",
      look: { most: 4 },
    });
    expect(recorded[0]?.[1]).toBe(key);
  });

  it("refuses a suite without a low-risk task before anything runs", async () => {
    const { ports, batches } = worldWith({ suite: suiteOf([taskNamed("b", { risk: "high" })]) });
    await expect(go(ports)).rejects.toMatchObject({ code: "usage" });
    expect(batches).toEqual([]);
  });
});

describe("the budget of a run until decided", () => {
  it("counts all batches together, and stops before the next one", async () => {
    const { ports, batches } = worldWith({ policy: small((policy) => Object.assign(policy.budgets, { run_tokens: 500 })) });
    const watcher = watching();
    const { documents } = await go(ports, {}, watcher);
    expect(batches.length).toBeLessThan(4);
    expect(watcher.said.at(-1)).toMatch(/^spent .*500/);
    expect(documents[0]?.decision.verdict).toBe("inconclusive");
  });

  it("leaves out a batch that its own budget ended, and decides on those before", async () => {
    const { ports, questions, recorded } = worldWith({ spentIn: 3 });
    const watcher = watching();
    await go(ports, {}, watcher);
    expect(questions).toHaveLength(2);
    expect(recorded).toHaveLength(1);
    expect(watcher.said.at(-1)).toMatch(/^left out .*1 of 1 tokens/);
  });

  it("fails where the very first batch is not finished, or where something else is wrong", async () => {
    const { ports, recorded } = worldWith({ spentIn: 1 });
    await expect(go(ports)).rejects.toBeInstanceOf(BudgetSpentError);
    const broken = { ...worldWith().ports, gate: () => Promise.reject(new BakeoffError("integrity", "refused", "")) };
    await expect(go(broken)).rejects.toMatchObject({ code: "integrity" });
    expect(recorded).toEqual([]);
  });
});
