// The policy over many runs: comparable ones together, changes where they are, and what was different then.
import { describe, expect, it } from "vitest";
import { jsonReport } from "../../../../../src/core/report/formats/json.ts";
import { trendMarkdown } from "../../../../../src/core/report/trend/markdown.ts";
import { trendModel } from "../../../../../src/core/report/trend/model.ts";
import { trendText } from "../../../../../src/core/report/trend/text.ts";
import { trendExitCode } from "../../../../../src/cli/trend/exit-code.ts";
import { candidateDigest, digest, passesOf } from "./digests.ts";

const steady = Array.from({ length: 14 }, (_, day) => digest(day + 1, [candidateDigest("gpt", passesOf(14, day))]));
const dropped = Array.from({ length: 16 }, (_, day) =>
  digest(
    day + 1,
    [candidateDigest("gpt", passesOf(day < 10 ? 15 : 6, day))],
    day < 10 ? {} : { servers: [{ provider: "sglang", facts: { version: "0.6.0" } }] },
  ),
);
const improved = Array.from({ length: 16 }, (_, day) => digest(day + 1, [candidateDigest("gpt", passesOf(day < 10 ? 6 : 15, day))]));

describe("runs that can't be compared", () => {
  it.each([
    ["of other tasks", { taskSet: "4".repeat(64) }],
    ["of other epochs", { epochs: 3 }],
    ["verified otherwise", { verification: null }],
    ["with stand-ins", { standIns: ["Judge: test-verdict"] }],
    ["of capability", { capability: true }],
  ])("%s are a group of their own", (_, more) => {
    const model = trendModel([...steady, digest(20, [candidateDigest("gpt", passesOf(3))], more)]);
    expect(model.groups.map(({ runs }) => runs.length)).toEqual([14, 1]);
  });

  it("diagnoses are left out: their tasks were chosen by having been lost", () => {
    const model = trendModel([...steady, digest(21, [], { diagnosisOf: "run-20" })]);
    expect(model.leftOut).toEqual([{ run: "run-21", why: "a diagnosis of run-20" }]);
    expect(trendModel([...steady, digest(21, [], { reusedAnswers: 3 })]).leftOut).toEqual([
      { run: "run-21", why: "3 of its answers are those of earlier calls" },
    ]);
  });

  it("unfinished ones are left out, each with why", () => {
    const model = trendModel([...steady, digest(21, [], { trials: { planned: 20, unfinished: 2, infrastructure: 0 } })]);
    expect(model.leftOut.map(({ run }) => run)).toEqual(["run-21"]);
    expect(model.groups[0]?.runs).toHaveLength(14);
  });

  it("are told the same in any order", () => {
    expect(trendModel(steady.toReversed())).toEqual(trendModel(steady));
  });
});

describe("a drop", () => {
  const model = trendModel(dropped);
  const [group] = model.groups;
  const pass = group?.series.find(({ metric }) => metric === "pass");

  it("is drift, from its first run on, with what was different from then on", () => {
    expect(group?.verdict).toBe("drift");
    expect(pass?.change).toMatchObject({ run: "run-11", direction: "worse", isSignificant: true });
    expect(pass?.change?.differences).toEqual([{ what: "sglang version", before: "0.5.5", after: "0.6.0" }]);
  });

  it("is said first, in text of any width and in Markdown", () => {
    for (const width of [60, 100, 200]) {
      const lines = trendText(model, { width }).split("\n");
      expect(lines[0]).toMatch(/^DRIFT: pass of gpt is worse since 2026-10-11/);
      expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(width);
    }
    const markdown = trendMarkdown(model);
    expect(markdown.split("\n")[1]).toMatch(/^## 🔴 Trend: pass of gpt is worse/);
    expect(markdown.split("\n").length).toBeLessThanOrEqual(61);
  });

  it("fails CI where it was asked to, an improvement only where any change was", () => {
    expect([trendExitCode(model, null), trendExitCode(model, "drift"), trendExitCode(model, "change")]).toEqual([0, 12, 12]);
    const better = trendModel(improved);
    expect(better.groups[0]?.verdict).toBe("changed");
    expect([trendExitCode(better, "drift"), trendExitCode(better, "change")]).toEqual([0, 12]);
  });
});

describe("a steady history", () => {
  it("is steady, and fails nothing", () => {
    const model = trendModel(steady);
    expect(model.groups[0]?.verdict).toBe("steady");
    expect(trendExitCode(model, "change")).toBe(0);
  });

  it("is too little history below the minimum, however bad the newest run", () => {
    const model = trendModel([...steady.slice(0, 6), digest(30, [candidateDigest("gpt", passesOf(0))])]);
    expect(model.groups[0]?.verdict).toBe("too-little-history");
    expect(trendExitCode(model, "drift")).toBe(0);
  });

  it("with figures that are unknown leaves them out, and writes no number that is none", () => {
    const model = trendModel(steady.map((one) => ({ ...one, candidates: one.candidates.map((own) => ({ ...own, costPerTrialUsd: null })) })));
    expect(model.groups[0]?.series.map(({ metric }) => metric)).not.toContain("cost");
    expect(() => jsonReport(model)).not.toThrow();
  });
});

it("has a comment of at most 60 lines for any number of groups, with every fold closed", () => {
  const many = Array.from({ length: 30 }, (_, index) =>
    digest((index % 28) + 1, [candidateDigest("gpt", passesOf(5)), candidateDigest("b", passesOf(9))], { taskSet: String(index) }),
  );
  const markdown = trendMarkdown(trendModel(many));
  expect(markdown.trimEnd().split("\n").length).toBeLessThanOrEqual(60);
  expect(markdown.match(/<details>/g)?.length).toBe(markdown.match(/<\/details>/g)?.length);
});

it("no runs are no drift", () => {
  expect(trendText(trendModel([]), { width: 80 })).toContain("No finished runs here yet.");
  expect(trendExitCode(trendModel([]), "drift")).toBe(0);
});
