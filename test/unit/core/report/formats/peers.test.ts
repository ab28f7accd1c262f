// The formats that other people's tools read from a run: SWE-bench, Parquet, JUnit, GitHub and GitLab.
import { parquetReadObjects } from "hyparquet";
import { beforeAll, describe, expect, it } from "vitest";
import { TRIAL_COLUMNS } from "../../../../../src/core/report/formats/columns.ts";
import type { ReportFile, ReportFormat } from "../../../../../src/core/report/formats/registry.ts";
import { renderReport } from "../../../../../src/core/report/formats/renderers.ts";
import { pullNumber } from "../../../../../src/core/suite/shapes/pull-number.ts";
import type { ReportSource } from "../../../../../src/core/report/source.ts";
import { GOLDEN_RUNS } from "../../../../golden/golden-run.ts";
import { eventsOf, type HonestRun, honestRun, tasksNamed } from "../../../app/replay/honest-run.ts";
import { answered, goodScript, type Script } from "../../../run/fakes.ts";
import { recordSource, sourceOf } from "../report-source.ts";

/** The second task's answers change nothing. */
const half: Script = (request, provider) => {
  const isLost = request.purpose === "patch" && request.material.task.id === "task-1" && provider !== "cloud";
  return isLost ? answered('{"edits":[]}') : goodScript(request, provider);
};

let run: HonestRun;
let source: ReportSource;
beforeAll(async () => {
  run = await honestRun({ tasks: tasksNamed(2), candidates: ["small"], script: half });
  source = sourceOf(run);
});

const render = (format: ReportFormat, of: ReportSource = source): readonly ReportFile[] => renderReport(of, format);
const textOf = (format: ReportFormat, of: ReportSource = source): string => String(render(format, of)[0]?.content);

describe("for SWE-bench's harness", () => {
  it("each trial of the slot is a prediction with the candidate's own patch, and a report where the harness looks", () => {
    const files = new Map(render("swe-bench").map(({ file, content }) => [file, String(content)]));
    const [predictions = ""] = [...files].filter(([file]) => file.startsWith("swe-bench/predictions-small-")).map(([, text]) => text);
    const lines = predictions
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { instance_id: string; model_patch: string });
    expect(lines).toHaveLength(2);
    expect(lines[0]?.model_patch).toMatch(/^diff --git a\/(\S+) b\/\1\n--- a\/\1\n\+\+\+ b\/\1\n@@ /);
    expect(lines[1]?.model_patch).toBe("");
    for (const { instance_id: id } of lines) expect([...files.keys()].some((file) => file.endsWith(`/small/${id}/report.json`))).toBe(true);
    const resolved = [...files]
      .filter(([file]) => file.endsWith("report.json"))
      .map(([, text]) => Object.values(JSON.parse(text) as Record<string, { resolved: boolean }>)[0]?.resolved);
    expect(resolved).toEqual([true, false]);
  });

  it("Multi-SWE-bench has the same patches by number, and counts and ids by outcome", () => {
    const files = new Map(render("multi-swe-bench").map(({ file, content }) => [file.split("/").at(-1), String(content)]));
    const lines = (files.get("patches.jsonl") ?? "")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { org: string; repo: string; number: number; fix_patch: string; task: string });
    expect(lines.map(({ task, number }) => [task, number])).toEqual([
      ["task-0", pullNumber("task-0")],
      ["task-1", pullNumber("task-1")],
    ]);
    expect(lines[0]?.fix_patch).toMatch(/^diff --git /);
    const report = JSON.parse(files.get("final_report.json") ?? "") as Record<string, unknown>;
    expect(report).toMatchObject({ total_instances: 2, resolved_instances: 1, unresolved_instances: 1, empty_patch_instances: 1 });
    expect(report["resolved_ids"]).toEqual([`bakeoff/${source.model.identity.suite.name}:pr-${pullNumber("task-0")}`]);
  });

  it("a patch that the capsule can't tell is listed with the reason, and predicted by nobody", () => {
    const after = new Set(eventsOf(run, "PatchApply").flatMap(({ after_hash: hash }) => hash ?? []));
    const files = render("swe-bench", sourceOf(run, after));
    const leftOut = files.find(({ file }) => file === "swe-bench/left-out.jsonl");
    expect(String(leftOut?.content)).toContain("left out of this safe export");
    expect(files.some(({ file }) => file.includes("task-0/report.json"))).toBe(false);
  });

  it("no name leads out of the folder", async () => {
    const odd = sourceOf(await honestRun({ tasks: tasksNamed(1), candidates: ["../../x"] }));
    for (const { file } of render("swe-bench", odd)) expect(file.split("/")).not.toContain("..");
  });
});

describe("as Parquet", () => {
  it("has the CSV's columns and rows, with types, and null where nothing is known", async () => {
    const odd = recordSource(GOLDEN_RUNS["odd"]?.() as never);
    const bytes = render("parquet", odd)[0]?.content as Uint8Array;
    const rows = await parquetReadObjects({ file: bytes.buffer as ArrayBuffer });
    expect(rows).toHaveLength(odd.model.trials.length);
    for (const [index, row] of rows.entries()) {
      expect(Object.keys(row)).toEqual(TRIAL_COLUMNS.map(({ name }) => name));
      const { slotPass, epoch, slotCostUsd, task } = odd.model.trials[index] ?? {};
      expect(row).toMatchObject({ task, epoch, slot_pass: slotPass, slot_cost_usd: slotCostUsd });
    }
  });

  it("has the same bytes each time", () => {
    expect(render("parquet")).toEqual(render("parquet"));
  });
});

it("JUnit tells of each case what was found, and the patch, and keeps its lines", () => {
  const xml = textOf("junit");
  expect(xml.match(/<system-out>/g)).toHaveLength(2);
  expect(xml).toMatch(/\nAttempt 1 \(slot\): passed/);
  expect(xml).toContain('<property name="policy" value=');
  expect(xml).toMatch(/<failure type="[a-z-]+" message=/);
});

it("GitLab gets an issue for each lost trial, with a fingerprint that lasts and a place", () => {
  const issues = JSON.parse(textOf("gitlab-quality")) as { fingerprint: string; severity: string; location: { path: string; lines: { begin: number } } }[];
  expect(issues).toHaveLength(1);
  expect(issues[0]).toMatchObject({ severity: "minor", fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
  expect(issues[0]?.location.lines.begin).toBeGreaterThan(0);
});

it("OpenMetrics has each rate with its interval and sample, and its end", () => {
  const text = textOf("openmetrics");
  const { value } = source.model.summary.candidates[0]?.slot.pass ?? {};
  expect(text).toContain(
    `bakeoff_slot_pass{suite="${source.model.identity.suite.name}",candidate="small",stand_ins="no",of="value"} ${value?.toFixed(6) ?? ""}`,
  );
  expect(text).toMatch(/\n# EOF\n$/);
});

it("GitHub's check is neutral, unless nothing was judged", () => {
  const check = JSON.parse(textOf("github-check")) as { conclusion: string; output: { summary: string; annotations: object[] } };
  expect(check.conclusion).toBe("neutral");
  expect(check.output.summary).toContain("small");
  const nothing = recordSource({ ...source.record, trials: [] });
  expect(JSON.parse(textOf("github-check", nothing))).toMatchObject({ conclusion: "failure", output: { annotations: [] } });
});
