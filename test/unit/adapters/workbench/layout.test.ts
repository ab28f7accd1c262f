// What of a hidden file's observed form stays where the compiler refuses a part of it.
import { describe, expect, it } from "vitest";
import { type Layout, layoutOf, withoutFailing } from "../../../../src/adapters/workbench/layout.ts";
import { observedOffset, withObservedForm } from "../../../../src/core/verdict/observed/form.ts";
import { type Base, treeDigest } from "../../../../src/core/suite/suite.ts";

const PATH = "src/heldout.rs";
const SOURCE = `#[derive(Debug, PartialEq)] struct P(u8);
#[test]
fn t() {
    assert_eq!(f(), P(1));
    assert_eq!(g(), 2);
}
`;
const tree = new Map([[PATH, SOURCE]]);
const base: Base = { name: "main", tree, digest: treeDigest(tree), hidden: [PATH], protected: [] };
const fresh = (): Layout => ({ ...layoutOf(base, "confirmation", "/w"), files: new Map() });

const observedOf = (layout: Layout) => {
  if (layout.observed === null) throw new Error("nothing is observed");
  return layout.observed;
};
const none = new Set<number>();
const written = ({ derived, plain, whole, ...layout }: Layout): string =>
  withObservedForm(SOURCE, SOURCE, observedOf({ derived, plain, whole, ...layout }), {
    kind: "beside",
    derived,
    plain: plain.get(PATH) ?? none,
    whole: whole.get(PATH) ?? none,
  }) ?? "";

/** The layout after an error on a line of the file as the suite has it, counted from 1, or in the prelude when a line calls one of its macros. */
function after(layout: Layout, line: number, { inPrelude = false } = {}): Layout | null {
  const text = written(layout);
  const offset = observedOffset(text, observedOf(layout)) ?? 0;
  const at = (number: number) => ({ file_name: PATH, line_start: number, line_end: number, column_start: 5, column_end: 6, is_primary: true });
  const span = inPrelude ? { ...at(offset + 1), expansion: { span: at(offset + line) } } : at(offset + line);
  const message = { level: "error", message: "mismatched types", spans: [span], children: [], rendered: "error", code: null };
  return withoutFailing(layout, JSON.stringify({ reason: "compiler-message", message }), () => text);
}

describe("a line of the observed form that does not compile", () => {
  it("is looked into no more, then told as a bit, then nowhere in the file", () => {
    const first = after(fresh(), 4);
    expect(first?.whole.get(PATH)).toEqual(new Set([4]));
    expect(first?.plain.get(PATH)).toEqual(new Set());
    const second = first && after(first, 4);
    expect(second?.plain.get(PATH)).toEqual(new Set([4]));
    expect(second?.unobserved.size).toBe(0);
    const third = second && after(second, 4);
    expect(third?.unobserved).toEqual(new Set([PATH]));
    expect(third && after(third, 4)).toBeNull();
  });
  it("is told as a bit at once where no value is looked into", () => {
    const layout = after(fresh(), 5);
    expect([layout?.whole.get(PATH), layout?.plain.get(PATH)]).toEqual([new Set(), new Set([5])]);
  });
  it("is the one that calls a macro of the form, where the error lies in that", () => {
    expect(after(fresh(), 4, { inPrelude: true })?.whole.get(PATH)).toEqual(new Set([4]));
    expect(after(fresh(), 5, { inPrelude: true })?.plain.get(PATH)).toEqual(new Set([5]));
  });
  it("gives the form up where it is the form's own", () => {
    const once = after(fresh(), 1);
    expect(once?.plain.get(PATH)).toEqual(new Set([1]));
    expect((once && after(once, 1))?.unobserved).toEqual(new Set([PATH]));
  });
});

it("errors that lie elsewhere are the base's own", () => {
  const layout = fresh();
  const span = { file_name: "src/lib.rs", line_start: 1, line_end: 1, column_start: 1, column_end: 2, is_primary: true };
  const message = { level: "error", message: "no", spans: [span], children: [], rendered: "error", code: null };
  expect(withoutFailing(layout, JSON.stringify({ reason: "compiler-message", message }), () => "")).toBeNull();
});
