// The doctor's lines: a mark by what a finding means, and the way out only where there is something to do.
import { createColors } from "picocolors";
import { expect, it } from "vitest";
import { diagnosisText } from "../../../../src/cli/doctor/text.ts";

const cache = { root: "/cache", entries: 3, bytes: 225_400_000, pruned: 0 };
const found = { what: "git", found: "here", fix: "install git" };

it("marks what is there, what is needed and what is only missed, with the way out below", () => {
  const findings = [
    { ...found, ok: true, needed: true },
    { ...found, ok: false, needed: true },
    { ...found, ok: false, needed: false },
    { ...found, ok: false, needed: false, fix: "" },
  ];
  expect(diagnosisText({ findings, cache, cores: 2 }, createColors(false))).toBe(
    `✓ git: here
✗ git: here
    → install git
– git: here
    → install git
– git: here
· cache: 3 prepared bases, 225 MB in /cache
`,
  );
});

it("says what was pruned only where something was", () => {
  expect(diagnosisText({ findings: [], cache: { ...cache, pruned: 2 }, cores: 2 }, createColors(false))).toMatch(/ in \/cache; pruned 2\n$/);
});
