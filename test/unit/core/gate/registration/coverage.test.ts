// What keeps a registration from covering a gate or a run: each fault by itself, and what is no fault.
import { describe, expect, it } from "vitest";
import { coverageFault, looksFault, plannedLooks, type RegistrationClaim, runFault } from "../../../../../src/core/gate/registration/coverage.ts";
import type { FirstRegistration, Registration } from "../../../../../src/core/gate/registration/registration.ts";
import { headerOf } from "../../metrics/summary-fixture.ts";

const ROOT = "1".repeat(64);
const POLICY = "2".repeat(64);
const CRITERIA = "3".repeat(64);
const OWN = "4".repeat(64);

const promised = {
  registered_at: "2026-11-22T09:00:00.000Z",
  candidates: ["new", "other"],
  incumbent: "old",
  suite: { name: "reflex-patchloop-v1", version: "1.0.0", root: ROOT },
  policy: { id: "p", hash: POLICY },
  criteria_hash: CRITERIA,
};
const first: FirstRegistration = { format: 1, ...promised };
const second: Registration = { format: 2, ...promised, tasks: ["a", "b"], epochs: 2, seed: 7, runs: 1, looks: null, place: { index: 0, previous: null } };

type Head = RegistrationClaim["headers"][number];
const header = (changes: Partial<Head> = {}, tasks = ["a", "b"]): Head => ({
  ...headerOf({ candidates: ["new", "other", "old"], tasks: tasks.map((id) => ({ id })), epochs: 2 }),
  registration: { sha256: OWN } as NonNullable<Head["registration"]>,
  ...changes,
});
const run = "2026-11-22-a";

const claim = (changes: Partial<RegistrationClaim> = {}): RegistrationClaim => ({
  alternatives: ["new", "other"],
  incumbent: "old",
  headers: [header()],
  criteriaHash: CRITERIA,
  registration: OWN,
  looks: null,
  begun: [{ runId: run, state: "sealed" }],
  sharedDays: null,
  ...changes,
});
const fault = (changes: Partial<RegistrationClaim> = {}, registration: Partial<Registration> = {}) =>
  coverageFault({ ...second, ...registration }, claim(changes));

describe("a registration of either format", () => {
  it("covers the gate that it names", () => {
    expect(coverageFault(first, claim())).toBeNull();
    expect(fault()).toBeNull();
    expect(fault({ alternatives: ["other", "new"] })).toBeNull();
    expect(fault({}, { candidates: ["other", "new"] })).toBeNull();
  });

  it.each<readonly [string, Partial<RegistrationClaim>]>([
    [
      "it was made at 2026-11-22T09:00:00.000Z, after run r began at 2026-11-22T09:00:00.000Z",
      { headers: [header({ run_id: "r", created_at: "2026-11-22T09:00:00.000Z" })] },
    ],
    [
      "it is about another suite than the runs: reflex-patchloop-v1 1.0.0 (111111111111)",
      { headers: [header({ suite: { ...promised.suite, root: "9".repeat(64) } })] },
    ],
    [
      "it is about another policy than the runs went by: p (222222222222)",
      { headers: [header(), header({ policy: { id: "q", hash: "9".repeat(64), snapshot_hash: "9".repeat(64) } })] },
    ],
    ["the criteria are not the ones that were registered", { criteriaHash: "9".repeat(64) }],
    ["it is about new, other against old, not new, other against gpt", { incumbent: "gpt" }],
    ["it is about new, other against old, not new, third against old", { alternatives: ["new", "third"] }],
  ])("does not where %s", (said, changes) => {
    expect(coverageFault(first, claim(changes))).toBe(said);
    expect(fault(changes)).toBe(said);
  });

  it("of the first format may name more candidates, of the second just those of the gate", () => {
    const fewer = { alternatives: ["new"] };
    expect(coverageFault(first, claim(fewer))).toBeNull();
    expect(fault(fewer)).toBe("it is about new, other against old, not new against old");
  });

  it("of the first format knows neither tasks, epochs and seed nor runs and looks", () => {
    const other = {
      headers: [header({ epochs: 5, seed: 9, registration: undefined }, ["c"])],
      begun: "no log",
      sharedDays: 9,
      looks: { most: 3, sequential: undefined },
    };
    expect(coverageFault(first, claim(other))).toBeNull();
  });
});

describe("a registration of the second format", () => {
  it.each<readonly [string, Partial<RegistrationClaim>]>([
    ["run r was not begun under it (bakeoff run --registration FILE)", { headers: [header({ run_id: "r", registration: undefined })] }],
    [
      "run r was not begun under it (bakeoff run --registration FILE)",
      { headers: [header({ run_id: "r", registration: { sha256: "9".repeat(64) } as NonNullable<Head["registration"]> })] },
    ],
    ["run r is of other tasks than were registered", { headers: [header({ run_id: "r" }, ["a"])] }],
    ["run r is of other tasks than were registered", { headers: [header({ run_id: "r" }, ["b", "a"])] }],
    ["run r is of other tasks than were registered", { headers: [header(), header({ run_id: "r" }, ["a", "b", "c"])] }],
    ["run r has 3 epochs by seed 7; 2 by seed 7 were registered", { headers: [header({ run_id: "r", epochs: 3 })] }],
    ["run r has 2 epochs by seed 8; 2 by seed 7 were registered", { headers: [header({ run_id: "r", seed: 8 })] }],
    ["the log can't be read", { begun: "the log can't be read" }],
    ["0 of 1 registered runs are there: ", { begun: [] }],
    [
      `2 runs began under it, and 1 was registered: ${run} (looked at), r (aborted); go on with an interrupted run, or register anew`,
      {
        begun: [
          { runId: run, state: "sealed" },
          { runId: "r", state: "aborted" },
        ],
      },
    ],
    ["run r began under it and is not looked at: r (gone)", { begun: [{ runId: "r", state: "gone" }] }],
    ["it does not say that it shares its level with other gates for the same place: register anew", { sharedDays: 90 }],
  ])("does not cover a gate where %s", (said, changes) => {
    expect(fault(changes)).toBe(said);
  });

  it("covers so many runs as it says, and looks at the runs that there are", () => {
    const two = [header(), header({ run_id: "r" })];
    const begun = [run, "r"].map((runId) => ({ runId, state: "sealed" as const }));
    expect(fault({ headers: two, begun }, { runs: 2 })).toBeNull();
    expect(fault({ begun: begun.slice(0, 1) }, { runs: 2 })).toBe(`1 of 2 registered runs are there: ${run} (looked at)`);
    expect(fault({ headers: two, begun: [...begun, { runId: "s", state: "gone" }] }, { runs: 2 })).toMatch(/^3 runs began under it, and 2 were registered: /);
    const out = ["r", "s"].map((runId) => ({ runId, state: "sealed" as const }));
    expect(fault({ begun: [...begun.slice(0, 1), ...out] }, { runs: 3 })).toMatch(/^run r began under it and is not looked at/);
    expect(fault({ sharedDays: 90 }, { shared_days: 90 })).toBeNull();
    expect(fault({ sharedDays: 90 }, { shared_days: 91 })).toMatch(/^it does not say that it shares its level/);
  });

  it("with looks may be of a part of its tasks at each of them, and of each task once", () => {
    const looks = { most: 3, sequential: "betting" as const };
    const planned = { looks: 3, sequential: "betting" as const, runs: 2 };
    const begun = [run, "r"].map((runId) => ({ runId, state: "sealed" as const }));
    const parts = [header({}, ["a"]), header({ run_id: "r" }, ["b"])];
    expect(fault({ headers: parts, begun, looks }, planned)).toBeNull();
    expect(fault({ headers: parts.slice(0, 1), begun: begun.slice(0, 1), looks }, planned)).toBeNull();
    expect(fault({ headers: [header({}, ["c"])], begun, looks }, planned)).toMatch(/is of other tasks than were registered$/);
    expect(fault({ headers: [header({}, ["a", "b"]), header({ run_id: "r" }, ["b"])], begun, looks }, planned)).toBe("a task was run at more than one look");
    expect(fault({ headers: parts, begun }, planned)).toBe("no look was planned, and 3 registered");
  });
});

describe("planned looks", () => {
  const registered = { looks: 4, sequential: "betting" as const };
  it.each([
    [registered, { most: 4, sequential: "betting" }, null],
    [registered, { most: 3, sequential: "betting" }, "3 looks were planned, and 4 registered"],
    [registered, null, "no look was planned, and 4 registered"],
    [{ looks: null }, { most: 3, sequential: "betting" }, "3 looks were planned, and none registered"],
    [{ looks: null }, null, null],
    [registered, { most: 4, sequential: "spending" }, "its looks share the level by spending, and betting was registered"],
    [registered, { most: 4, sequential: undefined }, "its looks share the level by nobody's word, and betting was registered"],
    [{ looks: 4 }, { most: 4, sequential: "spending" }, null],
  ] as const)("%o against %o", (registration, planned, said) => {
    expect(looksFault({ sequential: undefined, ...registration }, planned)).toBe(said);
  });

  it("are what a look that was taken says of its plan", () => {
    const look = { number: 1, planned: 3, tasks: 10, ofTasks: 30 };
    expect(plannedLooks(null)).toBeNull();
    expect(plannedLooks(look)).toBeNull();
    expect(plannedLooks({ ...look, most: 4, sequential: "spending" })).toEqual({ most: 4, sequential: "spending" });
  });
});

describe("a planned run", () => {
  it("is the registered one where its players, ground, tasks and draws are", () => {
    expect(runFault(second, header({ registration: undefined }))).toBeNull();
    expect(runFault({ ...second, candidates: ["new", "third"] }, header())).toBe("third is not tried in it");
    expect(runFault({ ...second, incumbent: "gpt" }, header())).toBe("gpt is not tried in it");
    expect(runFault({ ...second, criteria_hash: "9".repeat(64) }, header())).toBeNull();
    expect(runFault(second, header({ seed: 8 }))).toMatch(/by seed 8/);
    expect(runFault(second, header({}, ["a"]))).toMatch(/is of other tasks/);
    expect(runFault(second, header({ created_at: "2026-11-22T08:00:00.000Z" }))).toMatch(/^it was made at/);
  });
});
