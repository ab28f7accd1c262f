// The page of a comparison: the verdict, both rates, the interval where it lies, every sample that differs, and no text that is more than text.
import { expect, it } from "vitest";
import type { ResultArm } from "../../../../../src/core/report/compare/arm.ts";
import { compareArms } from "../../../../../src/core/report/compare/comparison.ts";
import { comparisonPage } from "../../../../../src/core/report/compare/page.ts";

const arm = (name: string, passed: readonly boolean[]): ResultArm => ({
  name,
  samples: passed.map((one, index) => ({ sample: `s${index}`, family: `f${index}`, passed: one })),
  unscored: 0,
});
const half = Array.from({ length: 40 }, (_, index) => index < 30);
const none = half.map(() => false);

it("says who is better, by how much, and on which samples", () => {
  const comparison = compareArms(arm("one", half), arm("two", none));
  const page = comparisonPage(comparison);
  expect(page).toContain("A is better: the whole interval is above 0.");
  expect(page).toContain('class="outcome proven"');
  expect(page).toContain('<td class="n">75.0 %</td>');
  expect(page).toContain('<td class="n">30</td><td class="n">0</td><td class="n">10</td>');
  for (const sample of comparison.aBetter) expect(page).toContain(`<li>${sample}</li>`);
  const [, x1 = "", x2 = ""] = /x1="([\d.]+)" y1="20" x2="([\d.]+)"/.exec(page) ?? [];
  const shareAt = (x: string): number => (Number(x) - 10) / 290 - 1;
  expect(shareAt(x1)).toBeCloseTo(comparison.difference.low ?? 9, 2);
  expect(shareAt(x2)).toBeCloseTo(comparison.difference.high ?? 9, 2);
});

it("is inconclusive where the interval holds 0, and says so where nothing can be paired", () => {
  expect(comparisonPage(compareArms(arm("one", half), arm("two", half)))).toContain("Inconclusive: the difference may be chance.");
  expect(comparisonPage(compareArms(arm("one", []), arm("two", half)))).toContain("Nothing can be paired.");
});

it("shows hostile names as text, and asks nobody for anything", () => {
  const page = comparisonPage(
    compareArms(
      { ...arm("<script>x</script>", [true]), samples: [{ sample: "<img src=x>", family: "f", passed: true }] },
      { ...arm("b\u001b[2J", []), samples: [{ sample: "<img src=x>", family: "f", passed: false }] },
    ),
  );
  expect(page).not.toMatch(/<script|<img|https?:/);
  expect(page).not.toContain("\u001b");
  expect(page).toContain("&lt;script&gt;");
});
