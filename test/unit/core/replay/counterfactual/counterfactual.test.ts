// The run under another policy, from its own record: known where the record tells, unknown where it does not.
import { describe, expect, it } from "vitest";
import { foldRun } from "../../../../../src/core/capsule/record.ts";
import type { WrittenPolicy } from "../../../../../src/core/policy/schema.ts";
import { compareRuns } from "../../../../../src/core/replay/counterfactual/comparison.ts";
import { type Decide, decideAgain } from "../../../../../src/core/replay/decide.ts";
import { counterfactual } from "../../../../../src/core/replay/counterfactual/counterfactual.ts";
import type { Command } from "../../../../../src/core/trial/command.ts";
import { answered, editFor, goodScript, policyWith, type Script, taskNamed } from "../../../run/fakes.ts";
import { type RunScript, runOf, slot, trial as trialWith } from "../../metrics/summary-fixture.ts";
import { factsOf, readerOf, recorded } from "../recorded.ts";

/** `small` fails once and then passes; `other` never passes; the cloud passes. */
const script: Script = (request, provider) => {
  if (request.purpose !== "patch") return goodScript(request, provider);
  const before = request.messages.filter(({ role }) => role === "assistant").length;
  const passes = provider === "cloud" || (request.model === "small" && before > 0);
  return answered(editFor(request.material.task, passes ? "passed" : "failed", `${request.model} ${before}`));
};

const tasks = [taskNamed("a"), taskNamed("b", { risk: "high" }), taskNamed("c")];
/** The policy that names the models of this small world. */
const policy = (change: (policy: WrittenPolicy) => void = () => undefined) =>
  policyWith((written) => {
    const { architect, implementer, judge, sidecar_critic: critic } = written.roles;
    for (const [role, model] of [
      [architect, "big"],
      [implementer, "high"],
      [judge, "big"],
      [critic, "mini"],
    ] as const)
      role.model = model;
    change(written);
  });
const run = await recorded({ tasks, script, snapshot: policy() });
const folded = foldRun(run.header, run.events);
const record = readerOf(folded);
const under = (change: (policy: WrittenPolicy) => void) => counterfactual(record, policy(change));

describe("the recorded policy itself", () => {
  it("changes nothing, knows everything, and measures the same", () => {
    const same = under(() => undefined);
    expect(same).toMatchObject({ changes: [], unknowns: [] });
    for (const candidate of same.candidates) {
      expect(candidate).toMatchObject({ changed: 0, unknown: 0, otherPrompts: 0 });
      expect(candidate.other).toEqual(candidate.recorded);
    }
  });
});

describe("what a later run would come to", () => {
  const laterOf = (name: string, change: (written: WrittenPolicy) => void, bestOf = 1) =>
    counterfactual(record, policy(change), { bestOf }).candidates.find(({ candidate }) => candidate === name)?.later;

  it("is refused where all tasks are of one family, by its code", () => {
    const families = { ...record, header: { ...record.header, tasks: record.header.tasks.map((task) => ({ ...task, family: "one" })) } };
    expect(counterfactual(families, policy()).candidates.map(({ later }) => later)).toEqual([{ refusal: "one-family" }, { refusal: "one-family" }]);
  });

  it("is refused where nothing of the record counts", () => {
    const empty = { header: record.header, trials: () => [] };
    expect(counterfactual(empty, policy()).candidates[0]?.later).toEqual({ refusal: "nothing-counted" });
  });

  const apart = { ...record, header: { ...record.header, tasks: record.header.tasks.map((task) => ({ ...task, family: task.id })) } };
  const oneAttempt = (bestOf: number) =>
    counterfactual(
      apart,
      policy((written) => void (written.reflex.max_attempts = 1)),
      { bestOf },
    ).candidates.find(({ candidate }) => candidate === "other")?.later;

  it("holds trials that are told from another prompt open to both sides, and counts them", () => {
    const later = oneAttempt(1);
    expect(later).toMatchObject({ refusal: null, open: 2, pass: { value: 1, high: 1 } });
    expect(later?.refusal === null && (later.pass.low ?? 1)).toBeLessThan(0.1);
  });

  it("is wider for a policy that is the best of several", () => {
    const width = (bestOf: number): number => {
      const later = counterfactual(apart, policy(), { bestOf }).candidates[0]?.later;
      return later?.refusal === null ? (later.pass.high ?? 1) - (later.pass.low ?? 0) : Number.NaN;
    };
    expect(width(10)).toBeGreaterThan(width(1));
    expect(laterOf("small", () => undefined)).toBeDefined();
  });
});

describe("a policy with one reflex attempt", () => {
  const one = under((written) => void (written.reflex.max_attempts = 1));
  const [small, other] = one.candidates;

  it("escalates sooner, and is known from the Implementer's own attempts on the task", () => {
    expect(other).toMatchObject({ trials: 3, changed: 2, unknown: 0, samePrompts: 1, otherPrompts: 2 });
    expect(one.endings.find(({ trial }) => trial === "other/fix-a/1")).toMatchObject({
      other: { passed: true, unlocked: true },
      change: { recorded: { selection_reason: "reflex-retry-with-feedback" }, other: { selection_reason: "escalated-after-reflex-attempts" } },
    });
  });

  it("is unknown where nobody was ever asked, and such trials are in no figure", () => {
    // `small` passed at its second attempt: the Implementer was not asked in its trials, but was in the other's, on the same task.
    expect(small).toMatchObject({ trials: 3, unknown: 0 });
    const alone = readerOf(
      foldRun(
        { ...run.header, candidates: run.header.candidates.slice(0, 1) },
        run.events.filter((line) => line.trial?.startsWith("small/")),
      ),
    );
    const lonely = counterfactual(
      alone,
      policy((written) => void (written.reflex.max_attempts = 1)),
    );
    expect(lonely.candidates[0]).toMatchObject({ unknown: 2, recorded: { pass: { n: 1 } }, other: { pass: { n: 1 } } });
    expect(lonely.unknowns).toEqual([{ what: "Implementer high, attempt 2: not in the record for this task", trials: 2 }]);
  });

  it("costs less time where an attempt falls away", () => {
    const ending = one.endings.find(({ trial }) => trial === "other/fix-a/1");
    expect(ending?.other.latencyMs).toBeLessThan(ending?.recorded.latencyMs ?? 0);
  });
});

it("never takes one model's attempts for another's", () => {
  const swapped = under((written) => void (written.roles.implementer.model = written.roles.sidecar_critic.model));
  expect(swapped.candidates[1]).toMatchObject({ unknown: 3 });
});

it("leaves the unlock open, and the pass known, where only the Judge was never asked", () => {
  const judged = under((written) => void (written.roles.judge.model = written.roles.sidecar_critic.model));
  expect(judged.endings.find(({ trial }) => trial === "small/fix-a/1")?.other).toMatchObject({ passed: true, unlocked: null, costUsd: null });
});

describe("two capsules", () => {
  it("are paired by task: discordant tasks by name, on the tasks both have", async () => {
    const later = await recorded({ tasks: [taskNamed("a"), taskNamed("c"), taskNamed("d")], candidates: ["small"], script: goodScript });
    const earlier = await recorded({
      tasks: [taskNamed("a"), taskNamed("c")],
      candidates: ["small"],
      script: (request, provider) =>
        request.purpose === "patch" && request.material.task.id === "fix-c" ? answered("nothing") : goodScript(request, provider),
    });
    const compared = compareRuns(factsOf(foldRun(earlier.header, earlier.events)), factsOf(foldRun(later.header, later.events)));
    expect(compared).toMatchObject({
      sharedTasks: 2,
      changedTasks: [],
      pairs: [{ tasks: 2, aBetter: [], bBetter: ["fix-c"], a: { slotPass: { n: 2, value: 0.5 } }, b: { slotPass: { n: 2, value: 1 } } }],
    });
    expect(compared.pairs[0]?.aShare).toMatchObject({ value: 0, n: 1, method: "clopper-pearson" });
  });

  it("do not compare a task that was changed in between", async () => {
    const changed = await recorded({ tasks: [taskNamed("a", { instruction: "Otherwise." })], candidates: ["small"] });
    expect(compareRuns(factsOf(folded), factsOf(foldRun(changed.header, changed.events)))).toMatchObject({ sharedTasks: 0, changedTasks: ["fix-a"] });
  });

  it("pair the only candidates of each where the names differ", async () => {
    const [one, two] = [await recorded({ tasks, candidates: ["small"] }), await recorded({ tasks, candidates: ["new"] })];
    expect(compareRuns(factsOf(foldRun(one.header, one.events)), factsOf(foldRun(two.header, two.events))).pairs).toMatchObject([
      { a: { candidate: "small" }, b: { candidate: "new" } },
    ]);
  });
});

describe("the figures of a candidate", () => {
  const figuresOf = (trials: RunScript["trials"], decide: Decide = () => ({ do: "finished" })) => {
    const { header, trials: recordedTrials } = runOf({ candidates: ["gpt"], tasks: [{ id: "x" }, { id: "y" }, { id: "z" }], trials });
    const [gpt] = counterfactual({ header, trials: () => recordedTrials }, policy(), { decide }).candidates;
    if (gpt === undefined) throw new Error("a candidate");
    return gpt;
  };
  const x = trialWith(slot("passed", { latencyMs: 100, costUsd: 1 }));
  const y = trialWith(slot("failed", { latencyMs: 300, costUsd: 2 }));

  it("are of the trials whose end is known under both policies", () => {
    const z = trialWith(slot("infrastructure", { latencyMs: 900, costUsd: 4 }));
    const { recorded: own, other, unknown } = figuresOf({ "gpt/x/1": x, "gpt/y/1": y, "gpt/z/1": z });
    expect(unknown).toBe(1);
    expect(own).toMatchObject({ pass: { value: 0.5, n: 2 }, latencyP50: { value: 200, n: 2 }, latencyP95: { value: 290, n: 2 }, costUsd: 3 });
    expect(other).toMatchObject({ pass: { value: 0, n: 2 }, latencyP50: { value: 0, n: 2 }, costUsd: 0 });
  });

  it("hold no cost where that of one trial is not known, and no time of one whose answer was used again", () => {
    const unpriced = trialWith(slot("failed", { costUsd: null }));
    expect(figuresOf({ "gpt/x/1": unpriced, "gpt/y/1": y }).recorded.costUsd).toBeNull();
    expect(figuresOf({ "gpt/x/1": x, "gpt/y/1": unpriced }).recorded.costUsd).toBeNull();
    const reused = trialWith(slot("failed", { answerReused: true }));
    expect(figuresOf({ "gpt/x/1": x, "gpt/y/1": reused }).recorded).toMatchObject({ pass: { n: 2 }, latencyP50: { value: 100, n: 1 }, costUsd: 1 });
  });

  it("are predicted for this policy alone, unless it is said to be the best of several", () => {
    const apart = { ...record, header: { ...record.header, tasks: record.header.tasks.map((task) => ({ ...task, family: task.id })) } };
    expect(counterfactual(apart, policy()).candidates).toEqual(counterfactual(apart, policy(), { bestOf: 1 }).candidates);
  });
});

describe("another router", () => {
  const by = (decide: Decide) => counterfactual(record, policy(), { decide });
  const trialsOf = ({ changes }: ReturnType<typeof by>) => changes.map(({ change, trials }) => `${change} (${trials})`);

  it("that ends every trial at once is told so, and nothing passes", () => {
    const ended = by(() => ({ do: "finished" }) as Command);
    expect(trialsOf(ended)).toEqual(["stage changes: start to Plan → the trial ends (6)"]);
    expect(
      ended.endings.every(
        ({ other, unknown }) => other.passed === false && other.unlocked === false && other.latencyMs === 0 && other.costUsd === 0 && unknown === "",
      ),
    ).toBe(true);
    expect(ended.candidates.map(({ changed, unknown, trials }) => [changed, unknown, trials])).toEqual([
      [3, 0, 3],
      [3, 0, 3],
    ]);
  });

  it("that never ends is followed for four hundred commands", () => {
    let asked = 0;
    const { endings } = by(() => {
      asked += 1;
      return { do: "enter-stage", from: null, to: "Plan" } as unknown as Command;
    });
    expect(asked).toBe(400 * endings.length);
    expect(new Set(endings.map(({ change }) => change?.kind))).toEqual(new Set(["stage changes", "routing decisions"]));
  });

  it("that routes to another model is told by both names where nothing else differs", () => {
    const renamed = by((...asked) => {
      const command = decideAgain(...asked);
      return command.do === "attempt" ? { ...command, routing: { ...command.routing, model: "renamed" } } : command;
    });
    expect(trialsOf(renamed).every((change) => change.includes("Implementer") && change.includes("→ renamed"))).toBe(true);
    expect(renamed.unknowns.map(({ what }) => what)).toEqual(["Implementer renamed, attempt 1: not in the record for this task"]);
    expect(renamed.endings.every(({ other }) => other.passed === null && other.unlocked === null && other.latencyMs === null)).toBe(true);
  });

  it("that has a stand-in play a role is told by its name, and one that goes on elsewhere by where from", () => {
    const played = by((...asked) => {
      const command = decideAgain(...asked);
      return command.do === "attempt" ? { ...command, routing: { ...command.routing, stand_in: "oracle" } } : command;
    });
    expect(trialsOf(played).every((change) => change.includes("→ oracle"))).toBe(true);
    const elsewhere = by((...asked) => {
      const command = decideAgain(...asked);
      return command.do === "enter-stage" && command.from !== null ? { ...command, to: "Unlock" } : command;
    });
    expect(trialsOf(elsewhere)).toEqual(["stage changes: Plan to Implement → Plan to Unlock (6)"]);
  });

  it("that decides a gate otherwise is told by the gate", () => {
    const strict = by((...asked) => {
      const command = decideAgain(...asked);
      return command.do === "decide-gate" ? ({ ...command, decision: { ...command.decision, outcome: "Fail" } } as Command) : command;
    });
    expect(trialsOf(strict)).toEqual(["gate decisions: validate Pass → validate Fail (6)"]);
  });

  it("that is the recorded one comes to what the calls cost and took", () => {
    const same = by(decideAgain);
    for (const { candidate, recorded: own } of same.candidates) {
      const calls = run.events.flatMap(({ trial, payload }) => (trial?.startsWith(`${candidate}/`) && payload.type === "ModelCallEnvelope" ? [payload] : []));
      expect(own.costUsd).toBeCloseTo(
        calls.reduce((sum, call) => sum + (call.cost_usd ?? 0), 0),
        12,
      );
      expect(own.latencyP50.n).toBe(3);
    }
    expect(
      same.endings.every(({ recorded: own, other }) => own.passed === other.passed && own.unlocked === other.unlocked && own.costUsd === other.costUsd),
    ).toBe(true);
  });

  it("that is the recorded one is asked for whole groups of one task and epoch", () => {
    const same = by(decideAgain);
    expect(same.endings.map(({ trial, candidate, task }) => `${trial} ${candidate} ${task}`)).toEqual(
      folded.trials.map(({ id, candidate, task }) => `${id} ${candidate} ${task.id}`),
    );
    expect(same).toMatchObject({ recordedPolicy: { id: run.header.policy.id, hash: run.header.policy.hash }, otherPolicy: { hash: policy().hash } });
  });
});

describe("a run in which a stage's budget was used up", async () => {
  const spent = policy((written) => void (written.budgets.stage_tokens.Implement = 150));
  const short = await recorded({ tasks: [taskNamed("a")], candidates: ["other"], script, snapshot: spent });
  const shortRecord = readerOf(foldRun(short.header, short.events));
  const told = (snapshot: typeof spent) => counterfactual(shortRecord, snapshot).changes;

  it("comes out as recorded under its own policy: the note of it is one of the decisions", () => {
    expect(short.events.some(({ payload }) => payload.type === "ErrorEvent" && payload.error_code === "stage-budget-spent")).toBe(true);
    expect(told(spent)).toEqual([]);
  });

  it("is told by the note that another policy would not have made, or would have made sooner", () => {
    const noted = short.events.find(({ payload }) => payload.type === "ErrorEvent" && payload.error_code === "stage-budget-spent");
    const { changes, endings } = counterfactual(shortRecord, policy());
    expect(changes).toEqual([{ change: "budget decisions: stage-budget-spent → Implementer Cloud (escalated-after-reflex-attempts)", trials: 1 }]);
    expect(endings[0]?.change).toMatchObject({ seq: noted?.seq, recorded: { error_code: "stage-budget-spent" } });
    expect(told(policy((written) => void (written.budgets.stage_tokens.Implement = 50)))).toEqual([
      { change: "routing decisions: Implementer Reflex (reflex-retry-with-feedback) → stage-budget-spent", trials: 1 },
    ]);
  });
});
