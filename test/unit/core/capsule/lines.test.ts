// What lines may hold: the bounds of a header, the addresses of events and policies, how older runs are read.
import { describe, expect, it } from "vitest";
import { blobLine, eventUri, header as headerSchema, type Header, policyUri, readingOf, withheldLine } from "../../../../src/core/capsule/line.ts";
import { headerOf, taskNamed } from "../../run/fakes.ts";

const header = headerOf({ tasks: [taskNamed("a")], candidates: ["small"] });
const hash = "0".repeat(64);

describe("a header", () => {
  const takes = (change: object): boolean => headerSchema.safeParse({ ...header, ...change }).success;

  it("plans no more trials than any run has: two millions", () => {
    const candidates = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `c${index}`, provider: "p", model: "m" }));
    const tasks = (count: number) => Array.from({ length: count }, () => header.tasks[0]);
    expect(takes({ tasks: tasks(20), candidates: candidates(100), epochs: 1000 })).toBe(true);
    const over = headerSchema.safeParse({ ...header, tasks: tasks(20), candidates: candidates(101), epochs: 1000 });
    expect(over.error?.issues).toMatchObject([{ message: "more than 2000000 trials", path: ["epochs"] }]);
    expect(takes({ candidates: candidates(1000) })).toBe(true);
    expect(takes({ candidates: candidates(1001) })).toBe(false);
  });

  it.each<[string, readonly unknown[], readonly unknown[]]>([
    ["epochs", [1, 1000], [0, 1001, 1.5]],
    ["reflex_max_attempts", [1], [0, 0.5]],
    ["seed", [0, 7], [-1, 0.5]],
    ["run_id", ["r", "a-b_c.1", "r".repeat(80)], ["", "r".repeat(81), "a b", "../x"]],
    ["decision_register_hash", [null, hash], ["", hash.slice(1), `${hash}0`, hash.replace("0", "A"), undefined]],
    [
      "concurrency",
      [{ cargo: 1, model: 1 }],
      [
        { cargo: 0, model: 1 },
        { cargo: 1, model: 0 },
      ],
    ],
    [
      "draw",
      [undefined, { tasks: null, limit: null, refused_high_risk: false }, { tasks: [], limit: 1, refused_high_risk: true }],
      [{ tasks: null, limit: 0, refused_high_risk: false }],
    ],
    ["calibration", [undefined, "complete", "whole-run"], ["none"]],
    ["registration", [undefined, { sha256: hash }], [{ sha256: "x" }]],
    ["turns", [undefined, [["a"]]], [["a"]]],
  ])("has a %s within its bounds", (member, good, wrong) => {
    for (const value of good) expect([value, takes({ [member]: value })]).toEqual([value, true]);
    for (const value of wrong) expect([value, takes({ [member]: value })]).toEqual([value, false]);
  });

  it.each<[string, readonly unknown[], readonly unknown[]]>([
    ["loaded", [undefined, "files", "last-good"], ["guessed"]],
    ["signature", [undefined, "valid", "absent", "wrong"], ["maybe"]],
    ["signature_hash", [undefined, hash], ["x"]],
  ])("says of its policy's %s only what there is to say", (member, good, wrong) => {
    const takesPolicy = (value: unknown) => takes({ policy: { ...header.policy, [member]: value } });
    for (const value of good) expect([value, takesPolicy(value)]).toEqual([value, true]);
    for (const value of wrong) expect([value, takesPolicy(value)]).toEqual([value, false]);
  });

  it("calls a task impossible or says nothing of it", () => {
    const [task] = header.tasks;
    expect(takes({ tasks: [{ ...task, impossible: true }] })).toBe(true);
    expect(takes({ tasks: [{ ...task, impossible: false }] })).toBe(false);
  });

  it("that does not say how answers are read is of the time when they were read narrowly", () => {
    expect(readingOf({})).toBe("narrow");
    expect(readingOf(header)).toBe(header.answers);
    expect(readingOf(header)).not.toBe("narrow");
  });
});

describe("texts in lines", () => {
  it("are deflated and in base64, or left out with their size", () => {
    expect(blobLine.safeParse({ kind: "blob", sha256: hash, encoding: "deflate+base64", data: "AAAA" }).success).toBe(true);
    expect(blobLine.safeParse({ kind: "blob", sha256: hash, encoding: "gzip", data: "AAAA" }).success).toBe(false);
    expect(blobLine.safeParse({ kind: "blob", sha256: hash, encoding: "deflate+base64", data: "{}" }).success).toBe(false);
    expect(withheldLine.safeParse({ kind: "withheld", sha256: hash, bytes: 0 }).success).toBe(true);
    expect(withheldLine.safeParse({ kind: "withheld", sha256: hash, bytes: -1 }).success).toBe(false);
  });
});

describe("addresses", () => {
  const run: Pick<Header, "run_id" | "policy"> = { run_id: "run-1", policy: { id: "p@1", hash, snapshot_hash: "5".repeat(64) } };

  it("of events go by task, run, branch of the trial and number", () => {
    expect(eventUri("run-1", { trial: "small/fix-a/2", task: "fix-a", seq: 3 })).toBe("mv2://bakeoff/fix-a/run-1/small.2/event/3");
    expect(eventUri("run-1", { trial: "calibration/fix-a/broken-1", task: "fix-a", seq: 0 })).toBe("mv2://bakeoff/fix-a/run-1/calibration.broken-1/event/0");
    expect(eventUri("run-1", { trial: null, task: null, seq: 1 })).toBe("mv2://bakeoff/run/run-1/run/event/1");
  });

  it("of a policy name the text that holds it: the run's own, or another that was seen", () => {
    expect(policyUri(run)).toBe(`mv2://bakeoff/run/run-1/policy/${"5".repeat(64)}`);
    expect(policyUri(run, hash)).toBe(`mv2://bakeoff/run/run-1/policy/${hash}`);
  });
});
