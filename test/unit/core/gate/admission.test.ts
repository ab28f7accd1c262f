// Evidence that is refused, each reason by its name; and what is merged of what is let in.
import { describe, expect, it } from "vitest";
import { foldRecord, type RunRecord } from "../../../../src/core/capsule/record.ts";
import { forceRefusals, refusals } from "../../../../src/core/gate/admission.ts";
import { gatherEvidence, type GateCapsule } from "../../../../src/core/gate/evidence.ts";
import { BY_FAMILY } from "../../../../src/core/gate/statistics/by-family.ts";
import { BY_TASK } from "../../../../src/core/gate/statistics/by-task.ts";
import { type RunFacts, RunFactsReader } from "../../../../src/core/gate/run-facts.ts";
import { gateTrust } from "../../../../src/core/gate/trust.ts";
import type { WrittenCandidates, WrittenPolicy } from "../../../../src/core/policy/schema.ts";
import type { PolicySnapshot } from "../../../../src/core/policy/snapshot.ts";
import { groupBy } from "../../../../src/core/metrics/summary/rate.ts";
import { policyWith } from "../../run/fakes.ts";
import { cloud, REAL_BINDINGS, type RunScript, runOf, slot, STAND_IN_BINDINGS, trial } from "../metrics/summary-fixture.ts";

const TASKS = ["a", "b"].map((id) => ({ id }));

function capsule(path: string, script: Partial<RunScript> = {}, changes: Partial<GateCapsule> = {}): GateCapsule {
  const candidates = script.candidates ?? ["new", "old"];
  const trials = Object.fromEntries(
    candidates.flatMap((name) => TASKS.map(({ id }) => [`${name}/${id}/1`, trial(slot(id === "a" || name === "old" ? "passed" : "failed"))])),
  );
  const run = factsOf(runOf({ candidates, tasks: TASKS, trials, ...script, header: { run_id: path, ...script.header } }));
  return {
    path,
    sha256: "a".repeat(64),
    run,
    snapshot: policyWith(),
    merkleRoot: path,
    headerHash: "b".repeat(64),
    signature: { state: "unsigned" },
    faults: [],
    unproven: [],
    ...changes,
  };
}

/** A worker's verdict in it did not come out again. */
function disputed(path: string): GateCapsule {
  const { run, ...rest } = capsule(path);
  return { ...rest, run: { ...run, recheckFaults: ["worker w1: its verdict on new/a/1 (passed) does not come out again"] } };
}

function factsOf({ header, trials, runEvents, calibration }: RunRecord): RunFacts {
  const reader = new RunFactsReader(header);
  for (const one of trials) reader.trial(one);
  for (const [id, events] of groupBy(calibration, (line) => line.trial ?? "")) reader.calibration({ id, events });
  return reader.end(runEvents);
}

const callOf = (events: RunRecord["trials"][number]["events"]) => events.find(({ payload }) => payload.type === "ModelCallEnvelope")?.payload;

const named = (capsules: readonly GateCapsule[], wanted = ["new", "old"]) => refusals(capsules, wanted).map(({ name }) => name);

describe("refusals", () => {
  it("let two runs of one kind in", () => {
    expect(refusals([capsule("one"), capsule("two")], ["new", "old"])).toEqual([]);
  });

  it.each([
    ["none", []],
    ["edited", [capsule("one", {}, { faults: ["merkle-root: the events are not those that were sealed"] })]],
    ["unproven", [capsule("one", {}, { unproven: ["new/a/1, event 3: decision-is-made-again: the router decides otherwise"] })]],
    ["disagreed", [disputed("one")]],
    [
      "reused-answers",
      [
        capsule("one", {
          header: { answer_cache: true },
          trials: { "new/a/1": trial(slot("passed", { answerReused: true })), "old/a/1": trial(slot("passed")) },
        }),
      ],
    ],
    ["without-policy", [capsule("one", {}, { snapshot: null })]],
    ["duplicated", [capsule("one"), capsule("two", { header: { run_id: "one" } })]],
    ["duplicated", [capsule("one"), capsule("two", {}, { merkleRoot: "one" })]],
    ["other-suite", [capsule("one"), capsule("two", { header: { suite: { name: "s", version: "1.0.0", root: "9".repeat(64) } } })]],
    ["other-policy", [capsule("one"), capsule("two", { header: { policy: { id: "p", hash: "9".repeat(64), snapshot_hash: "9".repeat(64) } } })]],
    ["other-toolchain", [capsule("one"), capsule("two", { header: { toolchain: { rustc: "rustc 1.0", cargo: "c", host: "h" } } })]],
    ["external", [capsule("one", { header: { external: { agent: "somebody", patches: "e".repeat(64) } } })]],
    ["diagnosis", [capsule("one"), capsule("two", { header: { diagnosis_of: "one" } })]],
    ["one-sided", [capsule("one", { candidates: ["new"] })]],
  ] as const)("name what is %s", (name, capsules) => {
    expect(named(capsules)).toEqual([name]);
  });

  it.each<[string, (candidates: WrittenCandidates, policy: WrittenPolicy) => void, readonly string[]]>([
    ["another candidate was added", ({ candidate }) => void candidate.push({ ...(candidate[0] as WrittenCandidates["candidate"][number]), name: "third" }), []],
    ["the policy's version was raised", (_, policy) => Object.assign(policy.meta, { version: "9.9.9", updated: "2026-11-21" }), []],
    ["who is compared is asked otherwise", ({ candidate }) => Object.assign(candidate[1] ?? {}, { temperature: 0.7 }), ["other-policy"]],
    ["the reflex candidate is asked otherwise", ({ candidate }) => Object.assign(candidate[0] ?? {}, { temperature: 0.7 }), ["other-policy"]],
    [
      "a server was written down for nobody of them",
      (_, policy) => void (policy.providers["own"] = { kind: "vllm", cloud: false, endpoint: "http://h/v1" }),
      [],
    ],
    ["a price of nobody of them was changed", (_, policy) => void (policy.prices.models["other"] = { input: 1, output: 1 }), []],
    ["another key is trusted", (_, policy) => void policy.signing.trusted_keys.push(`${"A".repeat(43)}=`), ["other-policy"]],
    ["one of them is new", ({ candidate }) => void candidate.push({ ...(candidate[0] as WrittenCandidates["candidate"][number]), name: "old" }), []],
    ["their server is asked otherwise", (_, policy) => Object.assign(policy.providers["sglang"] ?? {}, { api: "responses" }), ["other-policy"]],
    ["a limit was changed", (_, policy) => void (policy.reflex.max_attempts += 1), ["other-policy"]],
  ])("compare policies by what concerns the comparison: %s", (_, change, refusedAs) => {
    const compared = (candidates: WrittenCandidates) => void Object.assign(candidates.candidate[1] ?? {}, { name: "new" });
    const at = (path: string, snapshot: PolicySnapshot) =>
      capsule(path, { header: { policy: { id: snapshot.policy_id, hash: snapshot.hash, snapshot_hash: snapshot.hash } } }, { snapshot });
    const before = policyWith(() => undefined, compared);
    const after = policyWith(
      (policy) => change({ format: 1, candidate: [] }, policy),
      (candidates) => {
        compared(candidates);
        change(candidates, structuredClone(before.policy));
      },
    );
    expect(after.hash).not.toBe(before.hash);
    expect(named([at("one", before), at("two", after)])).toEqual(refusedAs);
    const force = { trust: gateTrust(after, "here", []), inForce: after, wanted: ["new", "old"], suites: [], isRegistered: false };
    const refused = forceRefusals([at("one", before)], force).map(({ name }) => name);
    expect(refused.includes("not-in-force")).toBe(refusedAs.length > 0);
  });

  it("name what is empty, and that nobody was tried in it", () => {
    expect(named([capsule("one", { trials: {} })])).toEqual(["empty", "one-sided", "one-sided"]);
  });

  it("name a capsule of another format", () => {
    const other = capsule("two");
    const newer = { ...other, run: { ...other.run, header: { ...other.run.header, format: 2 } } } as unknown as GateCapsule;
    expect(named([capsule("one"), newer])).toEqual(["other-format"]);
  });

  it("say all at once, with the file and the way out", () => {
    const found = refusals([capsule("one", {}, { faults: ["counts: wrong"] }), capsule("two", { header: { run_id: "one" } })], ["new", "old", "third"]);
    expect(found.map(({ name }) => name)).toEqual(["edited", "duplicated", "one-sided"]);
    expect(found[0]?.message).toContain("one: counts: wrong");
  });
});

describe("gatherEvidence", () => {
  const around = {
    now: "2026-11-22T12:00:00.000Z",
    ageDays: 1,
    suiteRootHere: null,
    registration: { state: "none" },
    gatesBefore: null,
    statistics: BY_FAMILY,
  } as const;

  it("adds the epochs of several runs up, task by task", () => {
    const { candidates, capsules } = gatherEvidence({ capsules: [capsule("one"), capsule("two")], cheating: [] }, policyWith(), around);
    expect(candidates.get("new")?.tasks.get("a")).toMatchObject({ passes: 2, trials: 2 });
    expect(candidates.get("new")?.tasks.get("b")).toMatchObject({ passes: 0, trials: 2 });
    expect(capsules.map(({ path }) => path)).toEqual(["one", "two"]);
  });

  it("keeps infrastructure, high risk and attempts outside the policy out of the tasks", () => {
    const script = {
      tasks: [...TASKS, { id: "c", risk: "high" as const }],
      trials: {
        "new/a/1": trial(slot("infrastructure")),
        "new/b/1": trial(slot("passed", { outsidePolicy: true })),
        "new/c/1": trial(slot("passed")),
        "old/a/1": trial(slot("timeout", { detail: "testing took longer than 20 s" }), slot("timeout", { detail: "compiling took longer than 60 s" })),
      },
    };
    const { candidates, harness } = gatherEvidence({ capsules: [capsule("one", script)], cheating: [] }, policyWith(), around);
    expect(candidates.get("new")?.tasks.size).toBe(0);
    expect(harness).toMatchObject({ trials: 4, infrastructure: 1 });
    expect(candidates.get("old")?.attempts.map(({ compiled }) => compiled)).toEqual([true, false]);
  });

  it("knows nothing of a task that the slot was never asked about because its server was out of service, and says how many there are", () => {
    const lost = trial(cloud("passed", { inSlotsPlace: true, costUsd: 0.5 }));
    const script = { trials: { "new/a/1": lost, "new/b/1": trial(slot("passed")), "old/a/1": trial(slot("passed")), "old/b/1": trial(slot("passed")) } };
    const { candidates } = gatherEvidence({ capsules: [capsule("one", script)], cheating: [] }, policyWith(), around);
    expect(candidates.get("new")).toMatchObject({ trials: { planned: 2, unasked: 1 }, attempts: [{ task: "b" }], costUsd: 0 });
    expect([...(candidates.get("new")?.lostTasks.keys() ?? [])]).toEqual(["a"]);
  });

  it("counted such a trial as lost by the first statistics", () => {
    const lost = trial(cloud("passed", { inSlotsPlace: true, costUsd: 0.5 }));
    const script = { trials: { "new/a/1": lost, "new/b/1": trial(slot("passed")), "old/a/1": trial(slot("passed")), "old/b/1": trial(slot("passed")) } };
    const { candidates } = gatherEvidence({ capsules: [capsule("one", script)], cheating: [] }, policyWith(), { ...around, statistics: BY_TASK });
    expect(candidates.get("new")?.tasks.get("a")).toMatchObject({ passes: 0, trials: 1 });
    expect(candidates.get("new")?.tasks.get("a")?.uris).toHaveLength(1);
  });

  it("counts a planned trial that was not even begun as unfinished, and its task as unknown", () => {
    const script = { trials: { "new/b/1": trial(slot("passed")), "old/a/1": trial(slot("passed")), "old/b/1": trial(slot("passed")) } };
    const { candidates } = gatherEvidence({ capsules: [capsule("one", script)], cheating: [] }, policyWith(), around);
    expect(candidates.get("new")).toMatchObject({ trials: { planned: 2, unfinished: 1, infrastructure: 0 } });
    expect([...(candidates.get("new")?.lostTasks.keys() ?? [])]).toEqual(["a"]);
  });

  it("times an attempt whose tree another attempt of the epoch had verified by that verification, whoever came first", () => {
    const passed = (latencyMs: number, durationMs: number) => trial(slot("passed", { latencyMs, durationMs }));
    const record = runOf({
      candidates: ["new", "old"],
      tasks: TASKS,
      trials: { "new/a/1": passed(100, 0), "old/a/1": passed(50, 700), "new/b/1": passed(100, 0), "old/b/1": passed(50, 600) },
    });
    const tree: Readonly<Record<string, string>> = { "new/a/1": "1", "old/a/1": "1", "new/b/1": "2", "old/b/1": "3" };
    const reader = new RunFactsReader(record.header);
    for (const one of record.trials) {
      const events = one.events.flatMap((line) => {
        const { payload } = line;
        if (payload.type !== "ToolResult") return [line];
        const call = { ...callOf(one.events), type: "ToolCall", call_id: payload.call_id, tool_name: "verify", tree_hash: (tree[one.id] ?? "").repeat(64) };
        return [{ ...line, payload: call } as typeof line, { ...line, payload: { ...payload, reused: one.id.startsWith("new") } }];
      });
      reader.trial(foldRecord(one, events));
    }
    const { trials } = reader.end([]);
    // The tree of b is one that nobody else came to, and its own verification was reused: there is nothing to time it by.
    expect(trials.get("new")?.map(({ attempts }) => attempts[0]?.attemptMs)).toEqual([100 + 700, null]);
    expect(trials.get("old")?.map(({ attempts }) => attempts[0]?.attemptMs)).toEqual([750, 650]);
  });

  it("tells where trials of one task and epoch went to more than one worker, by run", () => {
    const trials = Object.fromEntries(["new", "old"].flatMap((name) => TASKS.map(({ id }) => [`${name}/${id}/1`, trial(slot("passed"))])));
    const record = runOf({ candidates: ["new", "old"], tasks: TASKS, trials });
    const reader = new RunFactsReader(record.header);
    for (const one of record.trials) {
      const worker = one.id === "old/b/1" ? "w2" : "w1";
      const events = one.events.map((line) => (line.payload.type === "ToolResult" ? { ...line, payload: { ...line.payload, worker } } : line));
      reader.trial(foldRecord(one, events));
    }
    const found = gatherEvidence({ capsules: [{ ...capsule("one"), run: reader.end([]) }, capsule("two")], cheating: [] }, policyWith(), around);
    expect(found.workers).toEqual([expect.stringMatching(/: in 1 of 2 pairs of task and epoch, trials went to more than one worker/)]);
    expect(gatherEvidence({ capsules: [capsule("two")], cheating: [] }, policyWith(), around).workers).toEqual([]);
  });

  it("takes the stand-in's namesake for the Implementer's place, and names the stand-ins that matter", () => {
    const found = gatherEvidence(
      { capsules: [capsule("one", { candidates: ["oracle", "old"], header: { bindings: STAND_IN_BINDINGS } })], cheating: [] },
      policyWith(),
      around,
    );
    expect(found.reference).toBe("oracle");
    expect(found.standIns).toEqual([
      { role: "Implementer", standIn: "oracle" },
      { role: "Judge", standIn: "test-verdict" },
    ]);
  });

  it("takes a candidate with the Implementer's own provider, model and effort for its place, and none other", () => {
    const snapshot = policyWith();
    const own = { name: "cloud", provider: "openai", model: "gpt-5.2" };
    const run = (header: NonNullable<RunScript["header"]>) => capsule("one", { candidates: ["cloud", "old"], header: { bindings: REAL_BINDINGS, ...header } });
    const old = { name: "old", provider: "sglang", model: "old" };
    const withEffort = {
      ...snapshot,
      candidates: [...snapshot.candidates, { ...own, effort: "high", max_output_tokens: 1000, answer_format: "edits", start: "none" }],
    } as typeof snapshot;
    expect(gatherEvidence({ capsules: [run({ candidates: [own, old] })], cheating: [] }, withEffort, around).reference).toBe("cloud");
    expect(gatherEvidence({ capsules: [run({ candidates: [own, old] })], cheating: [] }, snapshot, around).reference).toBeNull();
  });
});
