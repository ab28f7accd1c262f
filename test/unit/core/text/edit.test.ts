// Search/replace edits: each way of not fitting, order, and trees with changes laid over them.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyEdits, treeChanges, type Content, type Edit, withChanges } from "../../../../src/core/text/edit.ts";

const tree = new Map<string, Content>([
  ["a.rs", "one two three two\n"],
  ["b.rs", "aaa"],
  ["empty.rs", ""],
  ["logo.png", Buffer.of(0xff)],
]);
const edit = (path: string, search: string, replace: string): Edit => ({ path, search, replace });
const ending = (...edits: readonly Edit[]) => {
  const edited = applyEdits(tree, edits);
  return edited.ok ? Object.fromEntries(edited.changes) : `${edited.index} ${edited.why}`;
};

describe("applyEdits", () => {
  const CASES: readonly [string, readonly Edit[], unknown][] = [
    ["replaces the one place", [edit("a.rs", "one", "1")], { "a.rs": "1 two three two\n" }],
    ["refuses a text that is not there", [edit("a.rs", "four", "4")], "0 text-not-found"],
    ["refuses a text that is there twice", [edit("a.rs", "two", "2")], "0 ambiguous"],
    ["refuses a text that overlaps itself", [edit("b.rs", "aa", "b")], "0 ambiguous"],
    ["makes a file where the search is empty", [edit("new.rs", "", "fn n() {}\n")], { "new.rs": "fn n() {}\n" }],
    ["refuses to make a file that is there", [edit("a.rs", "", "x")], "0 text-not-found"],
    ["refuses to make a file that is there and empty", [edit("empty.rs", "", "x")], "0 text-not-found"],
    ["refuses a file that is not there", [edit("c.rs", "x", "y")], "0 path-not-allowed"],
    ["refuses a file that is not text", [edit("logo.png", "x", "y")], "0 path-not-allowed"],
    ["lets an edit see what the one before it left", [edit("a.rs", "one two", "two"), edit("a.rs", "two three", "3")], { "a.rs": "3 two\n" }],
    ["refuses an edit whose text the one before it took", [edit("a.rs", "one", "1"), edit("a.rs", "one", "I")], "1 text-not-found"],
    ["refuses an edit whose text the one before it doubled", [edit("a.rs", "one", "three"), edit("a.rs", "three", "3")], "1 ambiguous"],
    ["edits a file that an edit before it made", [edit("n.rs", "", "x y"), edit("n.rs", "y", "z")], { "n.rs": "x z" }],
    ["applies none where one does not fit", [edit("a.rs", "one", "1"), edit("b.rs", "zzz", "y")], "1 text-not-found"],
    ["has nothing to do for no edits", [], {}],
    ["takes replacements as they are", [edit("a.rs", "one", "$& $1 $$ \\n")], { "a.rs": "$& $1 $$ \\n two three two\n" }],
    ["keeps an edit that changes nothing among the changes", [edit("a.rs", "one", "one")], { "a.rs": "one two three two\n" }],
    ["can empty a file", [edit("b.rs", "aaa", "")], { "b.rs": "" }],
    ["searches texts, not patterns", [edit("a.rs", "o.e", "x")], "0 text-not-found"],
  ];
  for (const [name, edits, end] of CASES) it(name, () => expect(ending(...edits)).toEqual(end));

  it("leaves the tree as it was", () => {
    const before = new Map(tree);
    ending(edit("a.rs", "one", "1"));
    expect(tree).toEqual(before);
  });

  it("undoes itself by the edit turned round, wherever both fit", () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), fc.string(), fc.string({ minLength: 1 }), (head, search, tail, replace) => {
        const first = new Map([["f", head + search + tail]]);
        const there = applyEdits(first, [edit("f", search, replace)]);
        if (!there.ok) return;
        const back = applyEdits(withChanges(first, there.changes), [edit("f", replace, search)]);
        if (back.ok) expect(back.changes.get("f")).toBe(head + search + tail);
      }),
      { seed: 5, numRuns: 1000 },
    );
  });
});

describe("changes", () => {
  it("laid over a tree and taken from it again are the same", () => {
    const path = fc.constantFrom("a", "b", "c", "d");
    const contents = fc.dictionary(path, fc.string(), { maxKeys: 4 });
    fc.assert(
      fc.property(contents, contents, (before, after) => {
        const [first, second] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
        const changes = treeChanges(first, second);
        expect(new Map([...withChanges(first, changes)].toSorted())).toEqual(new Map([...second].toSorted()));
        for (const [changed, content] of changes) expect(first.get(changed)).not.toBe(content);
      }),
      { seed: 6, numRuns: 500 },
    );
  });

  it("mark a file that is gone", () => expect(treeChanges(new Map([["a", "1"]]), new Map())).toEqual(new Map([["a", null]])));
});
