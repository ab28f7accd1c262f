// The audit report: hostile texts stay texts, every link has its target, overrides are in red, and bytes depend on nothing else.
import { describe, expect, it } from "vitest";
import { foldRun, isCalibrationId, type RunRecord } from "../../../../../src/core/capsule/record.ts";
import { AUDIT_LAYOUTS, writeAudit } from "../../../../../src/core/report/audit/audit.ts";
import { AuditFigures } from "../../../../../src/core/report/audit/figures.ts";
import { type Audit, audit } from "../../../../../src/core/report/audit/model.ts";
import { auditLines } from "../../../../../src/core/report/audit/text.ts";
import { htmlReport } from "../../../../../src/core/report/formats/html.ts";
import { junitReport } from "../../../../../src/core/report/formats/junit.ts";
import { reportModel } from "../../../../../src/core/report/model.ts";
import { recordSource } from "../report-source.ts";
import { svgReport } from "../../../../../src/core/report/formats/svg.ts";
import { GOLDEN_RUNS } from "../../../../golden/golden-run.ts";
import { answered, goodScript, planting, policyWith, type Script, taskNamed } from "../../../run/fakes.ts";
import { edited, readerOf, recorded, type Recorded, replayOf } from "../../replay/recorded.ts";

const XSS = `"><script>alert(1)</script><img src=x onerror=alert(2)> \`]( | =cmd() javascript:alert(3) {{title}} </style>\u202e\u001b[31m`;

const hostile: Script = (request, provider) => {
  if (request.purpose === "critique")
    return answered(JSON.stringify({ severity: "block", kind: "other", message: `=HYPERLINK("http://x") ${XSS}`, evidence_ref: null }));
  if (request.purpose === "judge") return answered(JSON.stringify({ unlock_decision: "BLOCK", decision_rationale: XSS, next_steps: [] }));
  return goodScript(request, provider);
};

const run = await recorded({ tasks: [taskNamed("a", { area: "logic" }), taskNamed("c")], candidates: ["small", `<b>${XSS}`], script: hostile });

const recordOf = ({ header, events }: Recorded): RunRecord => foldRun(header, events);

function auditOf(recordedRun: Recorded): Audit {
  const reader = readerOf(recordOf(recordedRun));
  const figures = new AuditFigures();
  for (const trial of reader.trials()) figures.trial(trial);
  for (const trial of reader.calibrationTrials()) figures.calibration(trial);
  return audit({
    run: reader,
    figures,
    replay: replayOf(recordedRun),
    seal: null,
    signature: { state: "unsigned", key: null, detail: "nobody signed this capsule" },
    version: "0.1.0",
    holds: (hash) => recordedRun.blobs.has(hash),
    counterfactual: null,
    comparison: null,
  });
}

/** The four reports, by the end of their names. */
function reportsOf(made: Audit): Readonly<Record<"md" | "json" | "csv" | "html", string>> {
  const texts: Record<string, string> = {};
  // Going through the steps writes them.
  Array.from(
    writeAudit(made, AUDIT_LAYOUTS, {
      part: ({ file }, text) => void (texts[file] = `${texts[file] ?? ""}${text}`),
      page: ({ file, text }) => void (texts[file] = text),
    }),
  );
  const of = (end: string): string => texts[`replay_report.${end}`] ?? "";
  return { md: of("md"), json: of("json"), csv: of("csv"), html: of("html") };
}

const made = auditOf(run);
const { model } = made;
const { html } = reportsOf(made);
const auditHtml = (recordedRun: Recorded): string => reportsOf(auditOf(recordedRun)).html;

/** The tags of a page, by name: what a browser would make of it. */
const tagsOf = (page: string): ReadonlySet<string> => new Set([...page.matchAll(/<([a-z][a-z0-9]*)/gi)].map(([, tag]) => tag ?? ""));

describe("hostile texts", () => {
  it("make no element, no attribute and no request in HTML", () => {
    for (const page of [html, htmlReport(reportModel(recordOf(run)))]) {
      expect([...tagsOf(page)].filter((tag) => /^(script|img|iframe|object|embed|link|base|form|input|foreignobject)$/i.test(tag))).toEqual([]);
      expect(page).not.toMatch(/<[^>]*\son[a-z]+\s*=/i);
      expect(page).not.toMatch(/(src|href)\s*=\s*"?(?!#)[a-z]+:/i);
      expect(page).not.toContain("\u001b");
      expect(page).not.toContain("\u202e");
      expect(page).toContain("default-src &#x27;none&#x27;".replaceAll("&#x27;", "'"));
    }
  });

  it("break no table and make no tag in Markdown", () => {
    const markdown = reportsOf(made).md;
    expect([...tagsOf(markdown)].filter((tag) => tag !== "details" && tag !== "summary")).toEqual([]);
    expect(markdown).not.toMatch(/[^\\]\]\(/);
  });

  it("are no formulas in CSV", () => {
    const evil = edited(
      run,
      (event) => event.type === "ModelCallEnvelope",
      (event) => Object.assign(event, { effort: "=1+1", resolved_model: "@SUM(A1)", error: "+cmd|' /C calc'!A0" }),
    );
    const csv = reportsOf(auditOf(evil)).csv;
    expect(csv).toContain("'=1+1");
    expect(csv).toContain("'@SUM(A1)");
    expect(csv).not.toMatch(/(^|,)"?[=@+]/m);
  });

  it("are no control sequences on a terminal, and no line is wider than 110 characters", () => {
    for (const line of auditLines(model)) {
      expect(line).not.toMatch(/[\p{Cc}\u202e]/u);
      expect([...line].length).toBeLessThanOrEqual(110);
    }
  });

  it("leave XML well-formed: JUnit and SVG", () => {
    const report = reportModel(recordOf(run));
    for (const xml of [junitReport(recordSource(recordOf(run))), svgReport(report)]) {
      expect(xml).not.toContain("<script>");
      expect(xml).not.toMatch(/&(?!amp;|lt;|gt;|quot;|apos;)/);
      const tags = [...xml.matchAll(/<(\/?)([a-zA-Z]+)(?:\s[^<>]*?)?(\/?)>/g)];
      const open: string[] = [];
      for (const [, close, name = "", empty] of tags) {
        if (close) expect(open.pop()).toBe(name);
        else if (!empty) open.push(name);
      }
      expect(open).toEqual([]);
    }
  });
});

describe("the HTML page", () => {
  it("has a target for every link, and each anchor once", () => {
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of html.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(target);
  });

  it("links a divergence to its event", () => {
    const changed = edited(
      run,
      (event) => event.type === "GateDecision" && event.gate_name === "unlock",
      (event) => void (event["outcome"] = "Pass"),
    );
    const page = auditHtml(changed);
    const [, target = ""] = /The first divergence[\s\S]*?href="#(e\d+-\d+)"/.exec(page) ?? [];
    expect(page).toContain(`id="${target}"`);
  });

  it("links every step that can't be reconstructed", async () => {
    const sparse = await recorded({ tasks: [taskNamed("a")], candidates: ["small"], snapshot: policyWith((policy) => void (policy.capture.mode = "none")) });
    const page = auditHtml(sparse);
    expect(page).toContain("These 3 steps cannot be fully reconstructed:");
    expect(/can(?:'|&#x27;)t be reconstructed<\/h2>[\s\S]*?<\/section>/.exec(page)?.[0].match(/href="#e1-/g)).toHaveLength(3);
  });

  it("shows an override in red, at its head and in its place", () => {
    const overridden = edited(
      run,
      (event) => event.type === "GateDecision" && event.gate_name === "unlock",
      (event) => void (event["override"] = { by: "somebody", reason: "a demonstration" }),
    );
    const page = auditHtml(overridden);
    expect(page).toMatch(/class="alarm" role="alert"><h2>Overridden/);
    expect(page).toContain('class="override"');
    expect(reportsOf(auditOf(overridden)).md).toContain("OVERRIDDEN");
  });
});

describe("planted patches", () => {
  it("stand in every report after the trials, with links of their own", async () => {
    const snapshot = policyWith(planting(4));
    const planted = await recorded({ tasks: [taskNamed("a"), taskNamed("c")], candidates: ["small"], snapshot });
    const changed = edited(
      planted,
      (event, line) => isCalibrationId(line.trial) && event.type === "GateDecision",
      (event) => void (event["outcome"] = "Fail"),
    );
    const count = auditOf(changed).model.plantCount;
    const { md, json, csv, html: page } = reportsOf(auditOf(changed));
    expect(count).toBeGreaterThan(0);
    expect(md.match(/<summary>calibration\//g)).toHaveLength(count);
    expect((JSON.parse(json) as { plants: { right: string; timeline: unknown[] }[] }).plants).toHaveLength(count);
    const calls = planted.events.filter(({ trial, payload }) => isCalibrationId(trial) && payload.type === "ModelCallEnvelope");
    expect(csv.match(/^planted,/gm)).toHaveLength(calls.length);
    const [, target = ""] = /The first divergence[\s\S]*?href="#(e\d+-\d+)"/.exec(page) ?? [];
    expect(page.slice(page.indexOf("<h2>Planted patches</h2>"))).toContain(`id="${target}"`);
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe("every layout", () => {
  it("is the same for the same record, whatever the time zone and language", () => {
    const { TZ, LANG } = process.env;
    const all = () => Object.values(reportsOf(auditOf(run)));
    const before = all();
    try {
      Object.assign(process.env, { TZ: "Asia/Kathmandu", LANG: "tr_TR.UTF-8" });
      expect(all()).toEqual(before);
    } finally {
      for (const [name, value] of Object.entries({ TZ, LANG })) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  });

  it("ends with one newline, and JSON holds the whole model but the calls", () => {
    for (const text of Object.values(reportsOf(made))) expect(text).toMatch(/[^\n]\n$/);
    expect(JSON.parse(reportsOf(made).json)).toMatchObject({ format: 1, outcome: "proven", run: { id: "run-1" } });
    expect(reportsOf(made).json).not.toContain('"calls": [');
  });
});

describe.each(Object.keys(GOLDEN_RUNS))("the %s run in the other formats", (name) => {
  const report = reportModel(GOLDEN_RUNS[name]?.() as never);

  it("as JUnit has a case for every trial, and counts that add up", () => {
    const xml = junitReport(recordSource(GOLDEN_RUNS[name]?.() as never));
    expect(xml.match(/<testcase /g)).toHaveLength(report.trials.length);
    const [, tests, failures, errors, skipped] = /<testsuites [^>]*tests="(\d+)" failures="(\d+)" errors="(\d+)" skipped="(\d+)"/.exec(xml) ?? [];
    expect(Number(tests)).toBe(report.trials.length);
    expect([xml.match(/<failure /g)?.length ?? 0, xml.match(/<error /g)?.length ?? 0, xml.match(/<skipped /g)?.length ?? 0].map(String)).toEqual([
      failures,
      errors,
      skipped,
    ]);
  });

  it("as SVG has a mark for every candidate that was measured", () => {
    const measured = report.summary.candidates.filter(({ slot }) => slot.pass.value !== null).length;
    expect(svgReport(report).match(/class="i"/g) ?? []).toHaveLength(measured);
  });
});
