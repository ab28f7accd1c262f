// A gate's comment: the gravest decision first, what speaks against it, at most sixty lines.
import { expect, it } from "vitest";
import { gateComment } from "../../../../../src/core/report/gate/comment.ts";
import { documentOf } from "./document.ts";

it("begins with its marker and the verdict, and names what is violated and how to look at a task", () => {
  const text = gateComment([documentOf(60)]);
  const lines = text.split("\n");
  expect(lines[0]).toBe("<!-- bakeoff:gate -->");
  expect(lines[1]).toMatch(/^## 🔴 HOLD new in place of old: violated: /);
  expect(text).toContain("- **violated** `not-inferior`");
  expect(text).toContain("`bakeoff show ");
  expect(lines.length).toBeLessThanOrEqual(61);
});

it("is green for a promotion, and red for one that a person forced", () => {
  expect(gateComment([documentOf(0)])).toContain("## 🟢 PROMOTE new in place of old");
  const held = documentOf(60);
  expect(gateComment([{ ...held, override: { by: "Ann", reason: "known" } }])).toContain("## 🔴 OVERRIDDEN by Ann (known)");
});

it("puts the gravest of several first, and says where nothing was decided", () => {
  expect(gateComment([documentOf(0), documentOf(60)]).split("\n")[1]).toContain("HOLD");
  expect(gateComment([])).toContain("## ⚪ Gate: nothing was decided");
});
