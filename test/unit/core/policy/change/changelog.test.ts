// The policy's changelog: values in one line each, however large, and text that stood there before.
import { describe, expect, it } from "vitest";
import { changeText, valueText, withEntry } from "../../../../../src/core/policy/change/changelog.ts";

it("writes values as JSON, cut where they are long", () => {
  expect(valueText(undefined)).toBe("not there");
  expect(valueText(null)).toBe("null");
  expect(valueText({ a: [1] })).toBe('{"a":[1]}');
  expect(valueText("x".repeat(118))).toBe(`"${"x".repeat(118)}"`);
  expect(valueText("x".repeat(119))).toBe(`"${"x".repeat(118)}…`);
});

it("keeps an introduction where it is, and every older entry", () => {
  const written = "# Changes\n\nWhy we keep one.\n\n## 1.0.0 — 2026-01-01\n\n- a\n";
  expect(withEntry(written, { version: "1.0.1", day: "2026-02-02", reason: null, lines: [] })).toBe(
    "# Changes\n\nWhy we keep one.\n\n## 1.0.1 — 2026-02-02\n\n- No change of content.\n\n## 1.0.0 — 2026-01-01\n\n- a\n",
  );
  expect(withEntry("# Changes\n", { version: "1.0.0", day: "2026-02-02", reason: null, lines: [] })).toBe(
    "# Changes\n\n## 1.0.0 — 2026-02-02\n\n- No change of content.\n",
  );
});

describe("a change of a long value", () => {
  const long = (end: string): string => `python ${"-m sglang ".repeat(30)}${end}`;

  it("shows where the two part, however late that is", () => {
    const text = changeText(long("--port 1"), long("--port 2"));
    expect(text).toMatch(/^….{1,60}--port 1" → ….{1,60}--port 2"$/);
  });

  it("shows both ends as cut where they are", () => {
    expect(changeText("a".repeat(200), "b".repeat(200))).toBe(`"${"a".repeat(118)}… → "${"b".repeat(118)}…`);
  });

  it("leaves short values whole", () => {
    expect(changeText(undefined, [1])).toBe("not there → [1]");
    expect(changeText("short", long(""))).toMatch(/^"short" → "python /);
  });
});
