// The gate's page: what a release engineer reads first, what each figure had to be, and where to look.
import { describe, expect, it } from "vitest";
import { gateAnnotations, gateJunit } from "../../../../../src/core/report/gate/junit.ts";
import { gateMarkdown, gateText } from "../../../../../src/core/report/gate/page.ts";
import { documentOf } from "./document.ts";

const STAND_INS = [
  { role: "Implementer", standIn: "oracle" },
  { role: "Judge", standIn: "test-verdict" },
] as const;

describe("gateText", () => {
  it("begins with the verdict, and says of every figure how it had to lie, met or not", () => {
    const text = gateText(documentOf(0));
    expect(text).toMatch(/^PROMOTE new in place of old: all 22 criteria are met\n/);
    expect(text).toMatch(/^success-parity +met +≥ 85\.0 % +100\.0 % \[9\d\.\d to 10\d\.\d\], n = 120$/m);
    expect(text).toMatch(/^not-inferior +met +> -5\.0 points +0\.0 points \[-2\.5 to \+2\.5\], n = 120$/m);
    expect(text).toMatch(/^attempt-p95 +met +≤ 5000 ms +900 ms \[900 to 900\], n = 360$/m);
    expect(text).not.toContain("WHY NOT");
  });

  it("gives the reasons against, violations first, in words", () => {
    const text = gateText(documentOf(60, { planted: [] }));
    const reasons = text.slice(text.indexOf("WHY NOT"), text.indexOf("TASKS ON WHICH")).match(/^(?:VIOLATED|open) \S+/gm) ?? [];
    expect(reasons).toEqual([...reasons].toSorted((a, b) => Number(a.startsWith("open")) - Number(b.startsWith("open"))));
    expect(reasons).toContain("VIOLATED not-inferior:");
    expect(reasons).toContain("open false-unlock:");
  });

  it("names each task on which they differ with the events of both sides, and how to look at one", () => {
    const text = gateText(documentOf(60));
    expect(text).toContain("bakeoff show ");
    expect(text).toMatch(/^task-0000 {2}0\/3: epoch 1, event 9 {2}3\/3: epoch 1, event 9$/m);
    expect(text).toContain("… and 45 more, in the decision's page");
  });

  it("shows the latency distribution in one table, each candidate once a measure", () => {
    const text = gateText(documentOf(0));
    expect(text.match(/^new +attempt +360 +900 \[900–900\] +900 \[900–900\] +900 \[900–900\] +900 \[900–\?\]$/gm)).toHaveLength(1);
  });

  it("says once who only stands in", () => {
    const text = gateText(documentOf(0, { standIns: STAND_INS }));
    expect(text.replaceAll(/\s+/g, " ")).toContain("stand-ins: oracle (Implementer), test-verdict (Judge): what they do says nothing about a real model");
  });

  it.each([60, 80, 110, 137, 200])("is no wider than %i columns, and says the same of each criterion", (width) => {
    const document = documentOf(60, { standIns: STAND_INS });
    const text = gateText(document, undefined, width);
    expect(text.split("\n").filter((line) => [...line].length > width && /\S\s+\S/.test(line.trim()))).toEqual([]);
    for (const { criterion, outcome } of document.decision.findings)
      expect(text).toMatch(new RegExp(`^${criterion} +${{ met: "met", violated: "VIOLATED", inconclusive: "open" }[outcome]}`, "m"));
  });
});

describe("gateMarkdown", () => {
  it("has the same, with whole addresses of the evidence", () => {
    const text = gateMarkdown(documentOf(60));
    expect(text).toMatch(/^# 🔴 HOLD new in place of old: violated: success-parity, not-inferior, no-regression\n/);
    expect(text).toContain("| not-inferior | VIOLATED | > -5.0 points | -50.0 points [");
    expect(text).toContain("| task-0000 | 0/3: mv2://bakeoff/task-0000/run/c.1/event/9 | 3/3: mv2://bakeoff/task-0000/run/c.1/event/9 |");
  });
});

describe("an override", () => {
  it("stands in red before everything: page, summary, JUnit and annotations", () => {
    const document = documentOf(60, {}, { by: "Ada", reason: "we must" });
    const red = (text: string): string => `<red>${text}</red>`;
    expect(gateText(document, red)).toMatch(/^<red>OVERRIDDEN by Ada \(we must\); without that: HOLD/);
    expect(gateMarkdown(document)).toMatch(/^# 🔴 OVERRIDDEN by Ada/);
    expect(gateJunit([document])).toContain('name="not-overridden"');
    expect(gateAnnotations(document)[0]).toMatch(/^::error title=gate%3A new::OVERRIDDEN/);
  });
});
