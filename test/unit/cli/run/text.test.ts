// The words around a run's table: opening, bases, looks, where everything is, and the way on after an error.
import { createColors } from "picocolors";
import { describe, expect, it } from "vitest";
import { lookPlan } from "../../../../src/core/gate/looks.ts";
import type { Places } from "../../../../src/app/places.ts";
import {
  closingText,
  decisionLine,
  finishedLine,
  leftOutLine,
  lookLine,
  openingLines,
  preparedLine,
  preparingLine,
  reportHint,
  forecastLines,
  resumeHint,
  stoppedLine,
  unreachableLine,
} from "../../../../src/cli/run/text.ts";
import { base, headerOf } from "../../run/fakes.ts";
import { documentWith } from "../../app/run/gate-document.ts";
import { optionsOf } from "./options.ts";

const plain = createColors(false);
const header = headerOf({});

const places = {
  calledAs: "bakeoff",
  runCalledAs: "bakeoff run",
  shown: (path: string) => path.replace("/work/", ""),
} as Places;

describe("the opening lines", () => {
  it("say what runs where", () => {
    const lines = openingLines(
      { ...header, warnings: ["no sandbox"], left_out: [{ name: "big", reason: "refused", start: "vllm serve big" }] },
      "capsules/x",
      plain,
    );
    expect(lines).toEqual([
      "bakeoff 0.1.0  run run-1",
      "suite tiny 1.0.0: 3 tasks × 2 candidates × 1 epoch = 6 trials",
      "candidates: small, other",
      `sandbox: util-linux   rustc 1.95.0   policy ${header.policy.id} (${header.policy.hash.slice(0, 12)})`,
      "! 1 candidate left out, since no server answered for it: big",
      "! no sandbox",
      "capsule: capsules/x",
    ]);
  });

  it("name each role that a stand-in plays, and no other", () => {
    const bindings = { ...header.bindings, judge: { ...header.bindings.judge, standIn: "test-verdict" } };
    const lines = openingLines({ ...header, bindings }, "c", plain);
    expect(lines.filter((line) => line.includes("test-verdict"))).toHaveLength(1);
    expect(lines).toHaveLength(openingLines(header, "c", plain).length + 1);
    expect(openingLines({ ...header, epochs: 3 }, "c", plain)[1]).toContain("3 epochs = 18 trials");
  });
});

describe("the lines on the way", () => {
  it("tell a base from the cache from one that was built", () => {
    const prepared = {
      base,
      key: "k",
      visibleTests: ["a", "b"],
      heldOutTests: ["c"],
      sentinels: 1,
      compileTime: [],
      observations: new Map(),
      unsteadyObservations: 0,
      preparedMs: 0,
    };
    expect(preparingLine("main", plain)).toBe("preparing base main (built once, then kept in the cache) …");
    expect(preparedLine(prepared)).toBe("base main: from the cache; 2 visible tests, 1 held out, 1 sentinels");
    expect(preparedLine({ ...prepared, preparedMs: 1234 })).toMatch(/^base main: built in 1\.2 s; /);
  });

  it("tell what each model will be asked and what that may cost, before anything is asked", () => {
    const calls = { endpoint: "", roles: [], least: 10, most: 20, mostTokens: 30_000 };
    expect(
      forecastLines(
        [
          { ...calls, provider: "openai", model: "gpt", cloud: true, mostUsd: 0.25 },
          { ...calls, provider: "openai", model: "new", cloud: true, mostUsd: null },
          { ...calls, provider: "sglang", model: "own", cloud: false, mostUsd: 0 },
          { ...calls, provider: "sglang", model: "rented", cloud: false, mostUsd: 0, perHourUsd: 1.5 },
        ],
        plain,
      ),
    ).toEqual([
      "gpt: 10 to 20 calls, about 30000 tokens at most, about $0.2500 at most",
      "new: 10 to 20 calls, about 30000 tokens at most, price unknown",
      "own: 10 to 20 calls, about 30000 tokens at most",
      "rented: 10 to 20 calls, about 30000 tokens at most, $1.5000 for an hour of its machine",
    ]);
  });

  it("tell each look and why it ended", () => {
    const documents = [documentWith("inconclusive"), documentWith("hold")];
    const [look] = lookPlan(
      ["a", "b"].map((id) => ({ id, family: id })),
      { count: 2, fewest: 1, alpha: 0.05, seed: 1, sequential: "betting" },
    );
    if (!look) throw new Error("no look");
    const half = { ...look, tasks: 50, alpha: 0.012_345 };
    expect(lookLine(half, 2, documents)).toBe("look 1 of 2, after 50 tasks, at level 0.0123: inconclusive, hold");
    expect(lookLine({ ...half, number: 2 }, 2, documents)).toContain("after 50 tasks (all of them), ");
    expect(stoppedLine({ decided: true })).toBe("decided");
    expect(stoppedLine({ decided: false, spent: "10 of 10 tokens" })).toBe("no further batch: 10 of 10 tokens");
    expect(leftOutLine("the budget is spent")).toBe("the budget is spent: this batch is left out");
    expect(decisionLine("reports/gates/x.json")).toBe("Decision: reports/gates/x.json");
    expect(finishedLine(header, "capsules/x")).toBe("run run-1 is finished: its report is made from capsules/x");
  });
});

describe("the closing text", () => {
  it("says where capsule and report are, whether it is signed, and how to check it, as a shell takes it", () => {
    const text = closingText({ capsule: "/work/my runs/x.jsonl", signature: null, report: "/work/reports/run-1" }, places);
    expect(text).toContain("Capsule: my runs/x.jsonl (unsigned: set BAKEOFF_SIGNING_KEY, or give --key FILE)\n");
    expect(text).toContain("Check it: bakeoff capsule verify 'my runs/x.jsonl'   Look at it: bakeoff view\n");
    expect(text.trimEnd().split("\n").at(-1)).toBe("Report: reports/run-1/report.html");
    expect(closingText({ capsule: "c", signature: "/work/c.sig.json", report: "r" }, places)).toContain("(signed: c.sig.json)");
  });
});

describe("the way on after an error", () => {
  it("is the command that goes on, with all that the capsule does not know", () => {
    expect(resumeHint(optionsOf(), header, places)).toBe("go on with: bakeoff run --resume run-1");
    expect(resumeHint(optionsOf({ serve: true, answerCache: "my answers" }), header, places)).toBe(
      "go on with: bakeoff run --resume run-1 --serve --answer-cache 'my answers'",
    );
    const options = optionsOf({ suite: "my suite", policy: "p.toml", spec: "s", set: ["a=1", 'b="x y"'], allowOverride: true });
    expect(resumeHint(options, header, places)).toBe(
      `go on with: bakeoff run --resume run-1 --suite 'my suite' --policy p.toml --spec s --set a=1 --set 'b="x y"' --allow-override`,
    );
  });

  it("is to write the report elsewhere once the run is sealed", () => {
    expect(reportHint("/work/c.jsonl", places)).toBe("write the report elsewhere: bakeoff report c.jsonl --out DIR");
  });
});

describe("what a run can't do", () => {
  it("is said in one line, with what tells more", () => {
    expect(unreachableLine("26 families, 59 needed", plain)).toBe("cannot promote: 26 families, 59 needed (bakeoff gate plan tells more)");
  });
});
