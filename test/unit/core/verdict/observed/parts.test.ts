import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCode } from "../../../../../src/core/rust/code.ts";
import { partsPattern } from "../../../../../src/core/verdict/observed/parts.ts";

const derived = new Set(["Reading", "Metres", "Kind", "Route"]);
const seen = (expression: string) => {
  const code = readCode(expression);
  return partsPattern(code, 0, code.tokens.length, { prefix: "p", derived });
};
const pattern = (expression: string) => seen(expression)?.pattern ?? null;

describe("the pattern of a value that is spelled out", () => {
  it.each([
    ["Reading { unit: 'A', value: 3 }", "Reading { unit: p_0, value: p_1 }"],
    ["Reading { unit, value: f(1, 2) }", "Reading { unit: p_0, value: p_1 }"],
    ["crate::Reading { r#type: 1, }", "crate::Reading { r#type: p_0 }"],
    ["Reading { unit: 'A', ..Reading::default() }", "Reading { unit: p_0, .. }"],
    ["Metres(3)", "Metres(p_0)"],
    ["Kind::Small(1, b)", "Kind::Small(p_0, p_1)"],
    ["Kind::<Vec<u8>>::Named { at: 1 }", "Kind::<Vec<u8>>::Named { at: p_0 }"],
    ["Route { from: Metres(1), to: Some(&Metres(2)) }", "Route { from: Metres(p_0), to: Some(Metres(p_1)) }"],
    ["Ok(Some((1, Metres(2))))", "Ok(Some((p_0, Metres(p_1))))"],
    ["(Metres(2),)", "(Metres(p_0),)"],
    ["&(Metres(2))", "Metres(p_0)"],
    ["Reading {\n  // what it is\n  unit: 'A',\n  value: a::b::<u8, u16>(1),\n}", "Reading { unit: p_0, value: p_1 }"],
    ["Reading { 0: 1 }", "Reading { 0: p_0 }"],
  ])("of %j is %j", (expression, expected) => {
    expect(seen(expression)).toEqual({ pattern: expected, bindings: expected.match(/p_\d/g), isList: false });
  });

  it("is held against all elements of a list, whatever it is called", () => {
    expect(seen("vec![Metres(1), at]")).toEqual({ pattern: "[Metres(p_0), p_1]", bindings: ["p_0", "p_1"], isList: true });
    expect(seen("&[Metres(1)]")).toMatchObject({ pattern: "[Metres(p_0)]", isList: true });
    // A list within another value may be of any kind: it is shown as a whole.
    expect(pattern("Route { from: vec![Metres(1)] }")).toBe("Route { from: p_0 }");
    expect(pattern("[Metres(1); 3]")).toBeNull();
  });

  it.each([
    "3",
    "Some(3)",
    "(1, 2)",
    "[1, 2]",
    "f(Metres(1))",
    "Reading::new('A', 3)",
    "Metres(1).doubled()",
    "!Metres(1)",
    "Metres(1) + Metres(2)",
    "Kind::Small",
    "Metres",
    "Metres()",
    "Unknown { a: 1 }",
    // Compared and shown by what std or somebody else wrote: another one of them may be as equal.
    "Cow::Borrowed(1)",
    "Unknown::Reading(1)",
    "Metres[0]",
    "Reading! { a: 1 }",
    "",
  ])("is none for %j, of which the whole is all there is to see", (expression) => {
    expect(pattern(expression)).toBeNull();
  });

  it.each([
    ["let want = Metres(1); let other = 2; assert_eq!(f(), want)", "Metres(p_0)"],
    ["let want: Kind<Vec<u8>> = Kind::Small(1); assert_eq!(f(), &want)", "Kind::Small(p_0)"],
    ["let want = [Metres(1)]; assert_eq!(f(), want)", "[Metres(p_0)]"],
    ["let want = Kind::Small(1, 2); { let want = Metres(1); assert_eq!(f(), want)", "Metres(p_0)"],
    ["let want = f(); assert_eq!(f(), want)", null],
    ["let want; want = Metres(1); assert_eq!(f(), want)", "Metres(p_0)"],
    ["if let want = Metres(1) { assert_eq!(f(), want)", null],
    ["fn g(want: Metres) { assert_eq!(f(), want)", null],
    ["let want = Metres(1); assert_eq!(f(), want.0)", null],
    ["let want = Metres(1); assert_eq!(f(), *want)", null],
  ])("of a variable is that of what it is bound to: %s", (source, expected) => {
    const code = readCode(source);
    const comma = code.tokens.findLastIndex(({ start }) => source[start] === ",");
    const end = code.tokens.length - 1;
    expect(partsPattern(code, comma + 1, end, { prefix: "p", derived })?.pattern ?? null).toBe(expected);
  });

  it("is none for a value of more parts than anybody wants to be told", () => {
    const list = (length: number) => `[${Array.from({ length }, (_, at) => `Metres(${at})`).join(", ")}]`;
    expect(seen(list(64))?.bindings).toHaveLength(64);
    expect(seen(list(65))).toBeNull();
  });

  it("is one line for whatever stands there, and binds each name once", () => {
    const piece = fc.constantFrom(
      "Metres",
      "Kind",
      "::",
      "Small",
      "(",
      ")",
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      "..",
      "&",
      "1",
      "vec",
      "!",
      "<",
      ">",
      "\n",
      "// x\n",
      "#",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const found = seen(pieces.join(" "));
        if (found === null) return;
        expect(found.pattern).not.toContain("\n");
        expect(found.pattern.match(/p_\d+/g)).toEqual(found.bindings);
        expect(new Set(found.bindings).size).toBe(found.bindings.length);
      }),
      { numRuns: 1000, seed: 5 },
    );
  });
});
