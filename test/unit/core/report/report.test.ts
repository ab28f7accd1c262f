// What reports say, in what order, and what two runs with the same outcome share.
import { describe, expect, it } from "vitest";
import { wilson } from "../../../../src/core/metrics/statistics/interval.ts";
import { TRIAL_COLUMNS } from "../../../../src/core/report/formats/columns.ts";
import { csvReport } from "../../../../src/core/report/formats/csv.ts";
import { TEXT_WIDTH } from "../../../../src/core/report/grid.ts";
import { htmlReport } from "../../../../src/core/report/formats/html.ts";
import { jsonReport } from "../../../../src/core/report/formats/json.ts";
import { markdownReport } from "../../../../src/core/report/formats/markdown.ts";
import { type ReportModel, reportModel } from "../../../../src/core/report/model.ts";
import { textTable } from "../../../../src/core/report/formats/table.ts";
import { GOLDEN_RUNS, ordinaryAgain } from "../../../golden/golden-run.ts";
import { runOf, slot, trial } from "../metrics/summary-fixture.ts";

const golden = (name: "ordinary" | "odd"): ReportModel => {
  const run = GOLDEN_RUNS[name];
  if (!run) throw new Error(name);
  return reportModel(run());
};
const [ordinary, odd] = [golden("ordinary"), golden("odd")];

describe("the model", () => {
  it("names roles that stand-ins play", () => {
    expect(ordinary.standIns.map(({ role, standIn }) => [role, standIn])).toEqual([
      ["Implementer", "oracle"],
      ["Judge", "test-verdict"],
    ]);
  });

  it("warns of unfinished trials, lost ones and errors of the run", () => {
    expect(odd.warnings.slice(-4)).toEqual([
      "server-gone: sglang stopped answering",
      "gpt-oss-20b: 1 of 13 model calls failed: timeout-total 1",
      "10 trials of 24 not finished and in no rate; resume the run to complete them",
      "1 trial of 24 lost to failures of the harness and in no rate",
    ]);
  });

  it("has no warning for an ordinary run", () => {
    expect(ordinary.warnings).toEqual([]);
  });

  it("has a row for every planned trial, also one that has not begun", () => {
    expect([ordinary.trials.length, odd.trials.length]).toEqual([64, 24]);
  });

  it("has no pass for a trial that does not count", () => {
    const lost = odd.trials.find(({ standing }) => standing === "infrastructure");
    expect([lost?.passAt1, lost?.slotPass, lost?.finalPass]).toEqual([null, null, null]);
  });

  it("has no slot pass for a trial that skips the slot", () => {
    const high = ordinary.trials.find(({ risk }) => risk === "high");
    expect([high?.slotPass, high?.finalPass, high?.passedBy, high?.timings.modelMs]).toEqual([null, true, "stand-in:oracle", null]);
  });
});

describe("the page", () => {
  const calibration = { falseUnlock: wilson(1, 4), falseBlock: wilson(0, 4), criticBlocksGood: wilson(0, 4), byPlant: [] };

  it.each(["ordinary", "odd"] as const)("has every section and list item of the Markdown report: %s run", (name) => {
    const model = { ...golden(name), calibration };
    const titles = (text: string, heading: RegExp): readonly string[] =>
      [...text.matchAll(heading)].map(([, title]) => (title ?? "").replaceAll("&#x27;", "'"));
    const inMarkdown = titles(markdownReport(model), /^## (.+)$/gm).filter((title) => title !== "Trials");
    expect(inMarkdown).toContain("The Judge and the critic on patches of known quality");
    expect(titles(htmlReport(model), /<h2>(.+?)<\/h2>/g).filter((title) => title !== "To be read with it")).toEqual(inMarkdown);
    const items = (text: string, item: RegExp): number => text.match(item)?.length ?? 0;
    expect(items(htmlReport(model), /<li>/g)).toBe(items(markdownReport(model), /^(> +)?- /gm));
  });
});

describe("a breaker that opened", () => {
  const turned = (current_state: "Open" | "HalfOpen" | "Closed", reason: string) =>
    ({
      type: "BreakerStateChanged",
      breaker_id: "sglang/gpt",
      previous_state: current_state === "Open" ? "Closed" : "Open",
      current_state,
      reason,
      failure_count: 3,
      retry_after_seconds: 30,
    }) as const;
  const warningsOf = (...runEvents: readonly ReturnType<typeof turned>[]) =>
    reportModel(runOf({ candidates: ["gpt"], tasks: [{ id: "a" }], trials: { "gpt/a/1": trial(slot("passed")) }, runEvents })).warnings;

  it("is warned of, with the reason and how often", () => {
    const [once] = warningsOf(turned("Open", "too many calls in a row failed"), turned("HalfOpen", "the cooldown is over"), turned("Closed", "answered"));
    expect(once).toMatch(/^the breaker of sglang\/gpt opened \(too many calls in a row failed\): while it was open, trials went to the cloud/);
    expect(warningsOf(turned("Open", "a"), turned("Open", "b"))[0]).toMatch(/opened 2 times \(a\)/);
  });
});

describe("what model servers said of themselves", () => {
  const said = (facts: Readonly<Record<string, string | boolean>> | null, changed: readonly string[] = []) => ({
    type: "ServerIdentity" as const,
    provider: "sglang",
    facts: facts && { ...facts },
    changed: [...changed],
    error: facts === null ? "gone" : null,
  });
  const modelOf = (...runEvents: readonly ReturnType<typeof said>[]) =>
    reportModel(runOf({ candidates: ["gpt"], tasks: [{ id: "a" }], trials: { "gpt/a/1": trial(slot("passed")) }, runEvents }));

  it("is told as it was first said, and a change is warned of", () => {
    const model = modelOf(said(null), said({ model_path: "o/small|1", enable_metrics: true }), said({ model_path: "o/other" }, ["model_path"]));
    expect(model.servers).toEqual([{ provider: "sglang", facts: { model_path: "o/small|1", enable_metrics: true } }]);
    expect(markdownReport(model)).toContain(String.raw`| server sglang | model_path o/small\|1; enable_metrics true |`);
    expect(model.warnings).toContain("server sglang changed during the run: model_path");
  });
  it("is left out where none said anything", () => {
    expect(modelOf(said(null))).not.toHaveProperty("servers");
  });
});

describe("the text table", () => {
  const text = textTable(ordinary);
  const lines = text.split("\n");

  it("has rates first, and below them in a line each what is the same for everybody", () => {
    expect(lines.slice(0, 3)).toEqual([expect.stringMatching(/^Bakeoff of /), "", "PASS RATES"]);
    const after = lines.indexOf("BEHIND THE RATES");
    const [standIns = "", ...more] = lines.slice(0, after).filter((line) => line.includes("stand-ins"));
    expect(standIns).toContain("! 2 roles played by stand-ins (Implementer: oracle, Judge: test-verdict): what they do");
    expect(more).toEqual([]);
    const leftOut = ["a", "b"].map((name) => ({ name, reason: "no server", start: `serve ${name}` }));
    expect(textTable({ ...ordinary, leftOut }, 200)).toContain(
      "\n! 2 candidates left out, since no server answered for them: a, b; how to start each: bakeoff doctor\n",
    );
  });

  it("names left-out candidates with the command that starts them, on one line to copy", () => {
    expect(text).toMatch(/! left out: qwen3-coder-30b-a3b-awq: no server [^\n]*\n {4}python -m sglang[^\n]*qwen3_coder\n/);
  });

  it.each([
    ["ordinary", ordinary],
    ["odd", odd],
  ] as const)("is at most 110 columns wide for the %s run, start commands apart", (_, model) => {
    const wide = textTable(model)
      .split("\n")
      .filter((line) => [...line].length > TEXT_WIDTH && !line.startsWith("    python"));
    expect(wide).toEqual([]);
  });

  it("is at most 110 columns wide with ten candidates of long names", () => {
    const candidates = Array.from({ length: 10 }, (_, index) => `a-candidate-with-a-remarkably-long-name-${index}`);
    const trials = Object.fromEntries(
      candidates.flatMap((name, index) =>
        ["x", "y"].map((task) => [`${name}/${task}/1`, trial(slot(task === "x" || index === 0 ? "passed" : "failed"))] as const),
      ),
    );
    const wide = textTable(reportModel(runOf({ candidates, tasks: [{ id: "x" }, { id: "y" }], trials })));
    expect(Math.max(...wide.split("\n").map((line) => [...line].length))).toBeLessThanOrEqual(TEXT_WIDTH);
  });

  it.each([60, 80, 100, 137, 200])("is no wider than %i columns, wraps between words, and ends with the same words", (width) => {
    for (const model of [ordinary, odd]) {
      const narrow = textTable(model, width);
      // A command to copy, and a word alone on its line, may be wider.
      const wide = narrow.split("\n").filter((line) => [...line].length > width && !line.startsWith("    python") && /\S\s+\S/.test(line.trim()));
      expect(wide).toEqual([]);
      const proseOf = (whole: string): string => whole.slice(whole.lastIndexOf("97.9% [89")).replaceAll(/\s+/g, " ");
      expect(proseOf(narrow)).toBe(proseOf(textTable(model)));
    }
  });

  it("never writes a rate without its interval and n", () => {
    for (const [rate] of text.matchAll(/\d+\.\d%.{0,30}/g)) expect(rate).toMatch(/^\d+\.\d% \[\d+–\d+\] n=\d+/);
  });

  it("writes an error code's rates only for candidates that the codes tell apart", () => {
    expect(text).toContain("None in any code: nop. All in every code: oracle.");
  });

  it("explains its columns at its end", () => {
    expect(text).toMatch(/pass@1: the candidate's first attempt passed every test/);
  });

  it("points at tampering and at gate errors", () => {
    expect(textTable(odd)).toMatch(/! gpt-oss-20b: 1 of 13 attempts tampered/);
    expect(textTable(odd)).toContain("! gpt-oss-20b: 1 of 6 unlocks without a passing verdict");
  });

  it("marks a capability run's slot attempts as outside the policy", () => {
    expect(textTable(odd)).toContain("HIGH-RISK TASKS IN THE SLOT: OUTSIDE THE POLICY");
    expect(text).not.toContain("OUTSIDE THE POLICY");
  });

  it("holds no control characters, whatever a capsule holds", () => {
    expect(textTable(odd).replaceAll("\n", "")).not.toMatch(/\p{Cc}|\p{Cf}/u);
  });

  it("survives a run that planned nothing", () => {
    expect(textTable(reportModel(runOf({ candidates: [], tasks: [], trials: {} })))).toContain("0 tasks");
  });

  it("survives a run that has not begun", () => {
    expect(textTable(reportModel(runOf({ candidates: ["gpt"], tasks: [{ id: "a" }], trials: {} })))).toContain("1 trial of 1 not finished");
  });
});

describe("the Markdown report", () => {
  const text = markdownReport(ordinary);

  it("tells right below the rates what they have to be read with", () => {
    const places = ["## Pass rates", "2 roles played by stand-ins", "stand-in: oracle", "## Behind the rates"].map((words) => text.indexOf(words));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(0);
  });

  it("has the headline first and the trials folded away last", () => {
    const titles = [...text.matchAll(/^## (.+)$/gm)].map(([, title]) => title);
    expect([titles[0], titles.at(-1)]).toEqual(["Pass rates", "Trials"]);
    expect(text.trimEnd().endsWith("</details>")).toBe(true);
  });

  it("has no quote block where there is nothing to know first", () => {
    const plain = reportModel(runOf({ candidates: ["gpt"], tasks: [{ id: "a" }], trials: { "gpt/a/1": trial(slot("passed")) } }));
    expect(markdownReport(plain)).not.toContain("\n>");
  });

  it("opens and closes as many details", () => {
    for (const model of [ordinary, odd]) {
      const report = markdownReport(model);
      expect(report.match(/<details>/g)?.length).toBe(report.match(/<\/details>/g)?.length);
    }
  });

  it("gives every table row as many cells as its head", () => {
    for (const block of markdownReport(odd)
      .split("\n\n")
      .filter((part) => part.startsWith("|"))) {
      const widths = new Set(
        block
          .trim()
          .split("\n")
          .map((line) => line.replaceAll(String.raw`\|`, "").split("|").length),
      );
      expect(widths.size).toBe(1);
    }
  });

  it("lists tampered attempts", () => {
    expect(markdownReport(odd)).toContain("`logic-02`, epoch 1, attempt 1: sentinel: tests::reads");
  });

  it("passes no HTML of a capsule on", () => {
    expect(markdownReport(odd)).not.toContain("<b>");
  });

  it("survives a run that planned nothing", () => {
    expect(markdownReport(reportModel(runOf({ candidates: [], tasks: [], trials: {} })))).toContain("0 trials");
  });
});

const jsonFacts = (text: string): unknown => JSON.parse(text, (key, value: unknown) => (key === "timings" || key === "run" ? null : value));
const markdownFacts = (text: string): string =>
  text
    .replace(/## Timings[^]*?(?=\n## )/, "")
    .replaceAll(/^\| (run|created) \|.*$/gm, "")
    .replace(/bakeoff show \S+ /, "");
const csvFacts = (text: string): string[] =>
  text.split("\n").map((line) =>
    line
      .split(",")
      .filter((_, index) => index < 18 || index > 20)
      .join(),
  );

describe("two runs with the same verdicts", () => {
  const again = reportModel(ordinaryAgain());

  it("differ in JSON only under timings and in the run's id and time", () => {
    expect(jsonReport(again)).not.toBe(jsonReport(ordinary));
    expect(jsonFacts(jsonReport(again))).toEqual(jsonFacts(jsonReport(ordinary)));
  });

  it("differ in Markdown only in the timings and in the run's id and time", () => {
    expect(markdownFacts(markdownReport(again))).toBe(markdownFacts(markdownReport(ordinary)));
  });

  it("differ in CSV only in the columns of milliseconds", () => {
    expect(TRIAL_COLUMNS.slice(18, 21).map(({ name }) => name)).toEqual(["model_ms", "harness_ms", "whole_ms"]);
    expect(csvFacts(csvReport(again))).toEqual(csvFacts(csvReport(ordinary)));
  });
});

describe("the JSON report", () => {
  it("says which format it is", () => {
    expect(JSON.parse(jsonReport(ordinary))).toMatchObject({ format: 1 });
  });

  it("keeps what to know first before the figures", () => {
    expect(Object.keys(JSON.parse(jsonReport(ordinary)) as object)).toEqual([
      "format",
      "title",
      "standIns",
      "warnings",
      "leftOut",
      "run",
      "identity",
      "summary",
      "routing",
      "calibration",
      "beyondProof",
      "trials",
    ]);
  });

  it("rounds numbers to six decimals", () => {
    expect(jsonReport(ordinary)).not.toMatch(/\d\.\d{7}/);
  });

  it("refuses a number that JSON does not have", () => {
    expect(() => jsonReport({ ...ordinary, format: Number.NaN as never })).toThrow(RangeError);
  });
});

describe("the CSV report", () => {
  const rows = csvReport(odd).trimEnd().split("\n");

  it("has a header and one row a trial", () => {
    expect(rows).toHaveLength(25);
    expect(rows[0]).toBe(TRIAL_COLUMNS.map(({ name }) => name).join());
  });

  it("writes booleans as words", () => {
    expect(rows[1]).toContain(",true,true,true,slot,");
  });

  it("leaves an unknown cost empty", () => {
    expect(rows[1]?.endsWith(",300.000,701.000,,,types-01,,0.000")).toBe(true);
  });

  it("defuses cells that a spreadsheet would run", () => {
    const model = reportModel(runOf({ candidates: ["=cmd()"], tasks: [{ id: "a" }], trials: {} }));
    expect(csvReport(model).split("\n")[1]?.startsWith("'=cmd()")).toBe(true);
  });

  it("says of every column what it means", () => {
    for (const { meaning } of TRIAL_COLUMNS) expect(meaning.length).toBeGreaterThan(5);
  });
});
