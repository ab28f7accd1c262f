// A header against its suite and its policy: what it may not tell otherwise, member by member.
import { describe, expect, it } from "vitest";
import { drawnTasks, headerFaults, playerFaults, taskFactsOf } from "../../../../../src/core/capsule/plan/header-fit.ts";
import type { Header, TaskFacts } from "../../../../../src/core/capsule/line.ts";
import type { PolicySnapshot } from "../../../../../src/core/policy/snapshot.ts";
import type { Task } from "../../../../../src/core/suite/suite.ts";
import { headerOf, policyWith, suiteOf, TASKS, taskNamed } from "../../../run/fakes.ts";

const suite = suiteOf(TASKS);
const snapshot = policyWith();
const { models, roles, reflex } = snapshot.policy;
const served = (model: string) => ({ provider: models[model]?.provider ?? "", model, standIn: null });
const known = snapshot.candidates.find(({ provider }) => provider === "sglang");
if (!known) throw new Error("the policy has no candidate on SGLang");
const header: Header = {
  ...headerOf({ tasks: TASKS, snapshot }),
  draw: { tasks: null, limit: null, refused_high_risk: false },
  candidates: [
    { name: known.name, provider: "sglang", model: known.model },
    { name: "oracle", provider: "embedded", model: "oracle" },
    { name: "policy", provider: "policy", model: reflex.candidate },
  ],
  bindings: {
    architect: served(roles.architect.model),
    implementer: served(roles.implementer.model),
    judge: served(roles.judge.model),
    sidecarCritic: served(roles.sidecar_critic.model),
    notebook: served("book"),
  },
};

describe("a task as a header tells it", () => {
  it("has what high-risk rules ask for: its tags, and the files of the broken tree that a patch may change", () => {
    const task = taskNamed("b", { risk: "high", tags: ["unsafe"], family: "f", editable: ["src/*.rs"], protected: ["src/lib.rs"] });
    expect(taskFactsOf(task)).toEqual({
      id: "fix-b",
      kind: "test",
      risk: "high",
      area: "logic",
      error_codes: [],
      tags: ["unsafe"],
      editable: ["src/a.rs", "src/b.rs", "src/c.rs", "src/d.rs"],
      family: "f",
      digest: task.digest,
    });
  });

  it("has the error codes that it begins with", () => expect(taskFactsOf({ ...taskNamed("a"), errorCodes: ["E0308"] }).error_codes).toEqual(["E0308"]));

  it("has its files in order, wherever they lie in the tree", () => {
    const task = taskNamed("a");
    const turned = { ...task, editable: ["src/*.rs"], base: { ...task.base, tree: new Map([...task.base.tree].toReversed()) } };
    expect(taskFactsOf(turned).editable).toEqual(["src/a.rs", "src/b.rs", "src/c.rs", "src/d.rs", "src/lib.rs"]);
  });

  it("says that it can't be solved where that is so, and nothing otherwise", () => {
    const cheat = { ...taskNamed("a"), cheat: {} } as unknown as Task;
    expect(taskFactsOf(cheat).impossible).toBe(true);
    expect("impossible" in taskFactsOf(taskNamed("a"))).toBe(false);
  });
});

describe("the tasks of a run", () => {
  const many = { tasks: Array.from({ length: 20 }, (_, index) => ({ id: `t${index}` }) as Task) };
  const ids = (draw: Parameters<typeof drawnTasks>[1]) => drawnTasks(many, draw).map(({ id }) => id);
  const all = many.tasks.map(({ id }) => id);

  it("are all, or those that were named, in the suite's order", () => {
    expect(ids({ tasks: null, limit: null, seed: 1 })).toEqual(all);
    expect(ids({ tasks: ["t9", "t3", "gone"], limit: null, seed: 1 })).toEqual(["t3", "t9"]);
    expect(ids({ tasks: null, limit: 20, seed: 1 })).toEqual(all);
    expect(ids({ tasks: null, limit: 99, seed: 1 })).toEqual(all);
  });

  it("are as many as the limit says, drawn by the seed and told in the suite's order", () => {
    const drawn = ids({ tasks: null, limit: 6, seed: 1 });
    expect(drawn).toHaveLength(6);
    expect(drawn).toEqual(all.filter((id) => drawn.includes(id)));
    expect(ids({ tasks: null, limit: 6, seed: 2 })).not.toEqual(drawn);
    expect(ids({ tasks: ["t1", "t2", "t3"], limit: 2, seed: 1 }).every((id) => ["t1", "t2", "t3"].includes(id))).toBe(true);
  });
});

describe("a header beside its suite", () => {
  const faults = (change: Partial<Header>) => headerFaults({ ...header, ...change }, suite);
  const withTask = (change: Partial<TaskFacts>) => faults({ tasks: header.tasks.map((task, index) => (index === 1 ? { ...task, ...change } : task)) });

  it("says nothing otherwise where it is honest", () => expect(faults({})).toEqual([]));

  it("may leave out what runs of its time did not write", () => {
    expect(faults({ draw: undefined, tasks: header.tasks.map(({ tags: _tags, editable: _editable, family: _family, ...task }) => task) })).toEqual([]);
  });

  it("can't give the suite another name or version", () => {
    expect(faults({ suite: { ...header.suite, name: "other" } })).toEqual(["it calls the suite other 1.0.0, and it is tiny 1.0.0"]);
    expect(faults({ suite: { ...header.suite, version: "2.0.0" } })).toEqual(["it calls the suite tiny 2.0.0, and it is tiny 1.0.0"]);
  });

  it.each<[string, Partial<TaskFacts>]>([
    ["kind", { kind: "compile" }],
    ["risk", { risk: "low" }],
    ["area", { area: "types" }],
    ["error_codes", { error_codes: ["E0308"] }],
    ["tags", { tags: ["unsafe"] }],
    ["editable", { editable: [] }],
    ["family", { family: "other" }],
    ["digest", { digest: "0".repeat(64) }],
  ])("can't tell another %s of a task", (member, change) => {
    expect(withTask(change)).toEqual([`it tells another ${member} of task fix-b than the suite`]);
  });

  it("can't call a task impossible that isn't, nor the other way round", () => {
    const told = "it tells otherwise of task fix-b than the suite whether it can be solved";
    expect(withTask({ impossible: true })).toEqual([told]);
    const unsolvable = suiteOf(TASKS.map((task) => (task.id === "fix-b" ? ({ ...task, cheat: {} } as unknown as Task) : task)));
    expect(headerFaults(header, unsolvable)).toEqual([told]);
  });

  it("has no task that the suite has not", () => {
    expect(withTask({ id: "fix-z" })).toEqual([
      "it tells of a task fix-z, which the suite does not have",
      "its tasks are not those that its seed draws from the suite",
    ]);
  });

  it("has the tasks that its seed draws, all of them, in order", () => {
    const undrawn = ["its tasks are not those that its seed draws from the suite"];
    expect(faults({ tasks: header.tasks.slice(1) })).toEqual(undrawn);
    expect(faults({ tasks: header.tasks.toReversed() })).toEqual(undrawn);
    expect(faults({ draw: { tasks: ["fix-a"], limit: null, refused_high_risk: false } })).toEqual(undrawn);
    expect(faults({ draw: { tasks: ["fix-a"], limit: null, refused_high_risk: false }, tasks: header.tasks.slice(0, 1) })).toEqual([]);
  });

  it("has a part of them where high risk was refused, and nothing else", () => {
    const draw = { tasks: ["fix-a", "fix-b"], limit: null, refused_high_risk: true };
    expect(faults({ draw, tasks: header.tasks.slice(0, 1) })).toEqual([]);
    expect(faults({ draw })).toEqual(["its tasks are not those that its seed draws from the suite"]);
  });
});

describe("a header beside its policy", () => {
  const faults = (change: Partial<Header>, policy: PolicySnapshot = snapshot) => playerFaults({ ...header, ...change }, policy);
  const binding = (member: keyof Header["bindings"], change: object) =>
    faults({ bindings: { ...header.bindings, [member]: { ...header.bindings[member], ...change } } });
  const candidate = (name: string, provider: string, model: string) => faults({ candidates: [{ name, provider, model }] });

  it("says nothing otherwise where it is honest", () => expect(faults({})).toEqual([]));

  it("grants no more attempts than the policy", () => {
    expect(faults({ reflex_max_attempts: 5 })).toEqual([`it grants 5 reflex attempts, and the policy ${reflex.max_attempts}`]);
  });

  it.each([
    ["architect", "architect"],
    ["implementer", "implementer"],
    ["judge", "judge"],
    ["sidecarCritic", "sidecar_critic"],
  ] as const)("has the policy's model and server for the %s", (member, role) => {
    const { provider, model } = header.bindings[member];
    expect(binding(member, { model: "m" })).toEqual([`it has m for the ${role}, and the policy ${model}`]);
    expect(binding(member, { provider: "p" })).toEqual([`it has the ${role} served by p, and the policy by ${provider}`]);
  });

  it("may have a stand-in's server, which no policy names", () => {
    expect(binding("judge", { provider: "embedded", standIn: "test-verdict" })).toEqual([]);
    expect(binding("judge", { model: "m", standIn: "test-verdict" })).toHaveLength(1);
  });

  it("says of a model that the policy does not have served that nobody serves it", () => {
    const without = { ...snapshot, policy: { ...snapshot.policy, models: {} } };
    expect(faults({}, without)[0]).toContain("and the policy by nobody");
  });

  it("has candidates as the policy knows them: by name, model and server together", () => {
    for (const wrong of [["x", "sglang", known.model] as const, [known.name, "vllm", known.model] as const, [known.name, "sglang", "x"] as const])
      expect(candidate(wrong[0], wrong[1], wrong[2])).toEqual([`its candidate ${wrong[0]} is none that the policy knows so`]);
  });

  it("may have any program of this package, also one that runs only where it is asked for", () => {
    for (const name of ["oracle", "nop", "rustc-suggestions", "cheat"]) expect(candidate(name, "embedded", name)).toEqual([]);
    expect(candidate("cheat", "embedded", "oracle")).toHaveLength(1);
    expect(candidate("clippy", "embedded", "clippy")).toHaveLength(1);
  });

  it("has one that works elsewhere under its agent's name, where the header tells of one", () => {
    const of = (name: string, provider: string, model: string, agent: string | null) =>
      faults({ candidates: [{ name, provider, model }], ...(agent === null ? {} : { external: { agent, patches: "0".repeat(64) } }) });
    expect(of("theirs", "external", "theirs", "theirs")).toEqual([]);
    for (const wrong of [
      of("x", "external", "theirs", "theirs"),
      of("theirs", "external", "x", "theirs"),
      of(known.name, "sglang", known.model, "theirs"),
      of("theirs", "external", "theirs", null),
    ])
      expect(wrong).toHaveLength(1);
  });

  it("has embedded candidates by their own names", () => {
    expect(candidate("nop", "embedded", "nop")).toEqual([]);
    expect(candidate("nop", "embedded", "oracle")).toHaveLength(1);
    expect(candidate("small", "embedded", "small")).toHaveLength(1);
  });

  it("has the policy's own route under the policy's name, with the model that serves by it", () => {
    expect(candidate("policy", "policy", "x")).toHaveLength(1);
    expect(candidate("x", "policy", reflex.candidate)).toHaveLength(1);
  });
});
