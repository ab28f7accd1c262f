// Tests of the instrumented copy: secret names and twins that must fail.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom, type Random } from "../../../../../src/core/base/random.ts";
import { readCode } from "../../../../../src/core/rust/code.ts";
import { readItems } from "../../../../../src/core/rust/items.ts";
import { dropTwins, instrument } from "../../../../../src/core/verdict/twins/sentinel.ts";
import type { Instrumented } from "../../../../../src/core/verdict/twins/sentinel.ts";
import { rustish } from "../rustish.ts";

/** Draws the first of all things, and leaves every order as it is. */
const FIRST: Random = { next: () => 0, int: () => 0, pick: (items) => items[0] as (typeof items)[number], shuffle: (items) => [...items] };

function run(source: string, options: { renameTests?: boolean; maxTwins?: number; random?: Random } = {}): Instrumented {
  let count = 0;
  const names = () => `zq${(count += 1)}`;
  return instrument(source, { names, renameTests: options.renameTests ?? false, maxTwins: options.maxTwins ?? 100, random: options.random ?? FIRST });
}

function twinTexts(result: Instrumented): string[] {
  return result.twins.map(({ start, end }) => result.source.slice(start, end).trim());
}

/** Body of the mutated twin of a test with this body; "" if it has none. */
function mutated(body: string): string {
  const result = run(`#[test] fn a() { ${body} }`);
  const twin = result.twins.find(({ kind }) => kind === "mutate");
  return twin === undefined ? "" : (/\{ (.*) \}$/s.exec(result.source.slice(twin.start, twin.end))?.[1] ?? "");
}

function flippedBody(body: string): string {
  const result = run(`#[test] fn a() { ${body} }`);
  const twin = result.twins.find(({ kind }) => kind === "flip");
  return twin === undefined ? "" : (/\{ (.*) \}$/s.exec(result.source.slice(twin.start, twin.end))?.[1] ?? "");
}

describe("twins of a held-out test", () => {
  const source = "#[test] fn a() { assert_eq!(f(), P { x: 1, y: 'b', z: Some(\"c\") }); }";
  const kinds = (renameTests: boolean) => twinTexts(run(source, { renameTests })).map((text) => /P \{ (.*?) \}\)/.exec(text)?.[1]);

  it("are one for each part of what it expects", () => {
    const plain = "x: 1, y: 'b', z: Some(\"c\")";
    expect(kinds(true).toSorted()).toEqual([plain, "x: 0, y: 'b', z: Some(\"c\")", "x: 1, y: 'x', z: Some(\"c\")", "x: 1, y: 'b', z: Some(\"cx\")"].toSorted());
  });

  it("are more than those of a visible one, whose parts anybody can read", () => expect(kinds(false)).toHaveLength(2));

  it("are drawn: another one has its first part changed", () => {
    const first = (seed: number) => twinTexts(run(source, { random: createRandom(seed) }))[0];
    expect(new Set(Array.from({ length: 40 }, (_, seed) => first(seed)?.replace(/fn \w+/, "fn a"))).size).toBeGreaterThan(2);
  });
});

describe("a mutated twin", () => {
  it.each([
    ["an integer, one less", "assert_eq!(f(), 3);", "assert_eq!(f(), 2);"],
    ["zero to one", "assert_eq!(f(), 0);", "assert_eq!(f(), 1);"],
    ["an integer with suffix and underscores", "assert_eq!(f(), 1_000u64);", "assert_eq!(f(), 999u64);"],
    ["a hexadecimal integer", "assert_eq!(f(), 0xffu8);", "assert_eq!(f(), 254u8);"],
    ["a hexadecimal integer that looks like a float suffix", "assert_eq!(f(), 0x1f32);", "assert_eq!(f(), 7985);"],
    ["a binary integer", "assert_eq!(f(), 0b1000_0000);", "assert_eq!(f(), 127);"],
    ["an integer of 128 bits", "assert_eq!(f(), 340282366920938463463374607431768211455);", "assert_eq!(f(), 340282366920938463463374607431768211454);"],
    ["a float", "assert_eq!(f(), 0.5);", "assert_eq!(f(), 10.5);"],
    ["a negative integer", "assert_eq!(f(), -7);", "assert_eq!(f(), -6);"],
    ["a bool", "assert_eq!(f(), true);", "assert_eq!(f(), false);"],
    ["a string", 'assert_eq!(f(), "ab");', 'assert_eq!(f(), "abx");'],
    ["a raw string", 'assert_eq!(f(), r#"a"b"#);', 'assert_eq!(f(), r#"a"bx"#);'],
    ["a byte string of the same length", 'assert_eq!(f(), b"ab");', 'assert_eq!(f(), b"xb");'],
    ["a char", "assert_eq!(f(), 'a');", "assert_eq!(f(), 'x');"],
    ["the char x", "assert_eq!(f(), b'x');", "assert_eq!(f(), b'y');"],
    ["a value in Some and Ok", "assert_eq!(f(), Some(Ok(&5)));", "assert_eq!(f(), Some(Ok(&4)));"],
    ["a value in vec!", "assert_eq!(f(), vec![1, 2]);", "assert_eq!(f(), vec![0, 2]);"],
    ["a value in an array, not its length", "assert_eq!(f(), [7; 3]);", "assert_eq!(f(), [6; 3]);"],
    ["a tuple's value", "assert_eq!(f(), (x, 2));", "assert_eq!(f(), (x, 1));"],
    ["a struct's field", "assert_eq!(f(), P { x: 1, y });", "assert_eq!(f(), P { x: 0, y });"],
    ["a value in String::from", 'assert_eq!(f(), String::from("a"));', 'assert_eq!(f(), String::from("ax"));'],
    ["a string before a method", 'assert_eq!(f(), "a".to_string());', 'assert_eq!(f(), "ax".to_string());'],
    ["the second argument rather than the first", "assert_eq!(2, 3);", "assert_eq!(2, 2);"],
    ["the first argument if the second has no literal", "assert_eq!(3, f(9));", "assert_eq!(2, f(9));"],
    ["the second argument behind generic arguments", "assert_eq!(f::<A, 4>(), 3);", "assert_eq!(f::<A, 4>(), 2);"],
    ["a literal behind generic arguments", "assert_eq!(f(), g::<4>() + 2);", "assert_eq!(f(), g::<4>() + 1);"],
    ["an assertion in a block, where there is no other", "if c { assert_eq!(a, 5); }", "if c { assert_eq!(a, 4); }"],
    ["the first assertion that holds a literal", "assert_eq!(x, y); assert_eq!(z, 3);", "assert_eq!(x, y); assert_eq!(z, 2);"],
    ["a value in new", "assert_eq!(f(), Point::new(3));", "assert_eq!(f(), Point::new(2));"],
    ["the second of two, where generic arguments hold a comma", "assert_eq!(f::<A<B>, (C, D)>(x), 3);", "assert_eq!(f::<A<B>, (C, D)>(x), 2);"],
    ["a byte string that begins with x", 'assert_eq!(f(), b"xb");', 'assert_eq!(f(), b"yb");'],
    ["an assertion that surely runs before one in a block", "if c { assert_eq!(a, 5); } assert_eq!(b, 7);", "if c { assert_eq!(a, 5); } assert_eq!(b, 6);"],
  ])("changes %s", (_name, body, expected) => {
    expect(mutated(body)).toBe(expected);
  });

  it.each([
    ["an array length", "assert_eq!(f(), [x; 3]);"],
    ["a tuple index", "assert_eq!(f(), t.0);"],
    ["an index", "assert_eq!(f(), v[0]);"],
    ["a generic argument", "assert_eq!(f(), g::<3>());"],
    ["a function's argument", "assert_eq!(f(), g(3));"],
    ["a literal of a macro other than vec!", 'assert_eq!(f(), format!("a {}", 1));'],
    ["the message", 'assert_eq!(f(), x, "message {}", 1);'],
    ["a pattern", "assert_eq!(f(), match y { 1 => a, _ => b });"],
    ["a closure's literal", "assert_eq!(f(), g(|x| x + 1));"],
    ["a divisor", "assert_eq!(f(), x / 1);"],
    ["a dividend", "assert_eq!(f(), 1 / x);"],
    ["a part of a remainder", "assert_eq!(f(), x % 2);"],
    ["a factor", "assert_eq!(f(), 2 * x);"],
    ["a bit mask", "assert_eq!(f(), x | 1);"],
    ["an exclusive or", "assert_eq!(f(), x ^ 1);"],
    ["a comparison", "assert_eq!(f(), x < 1);"],
    ["the other side of a comparison", "assert_eq!(f(), 1 > x);"],
    ["the argument of a function with generic arguments", "assert_eq!(f(), g::<A>(3));"],
    ["the argument of what a question mark gives", "assert_eq!(f(), g()?(3));"],
    ["a block", "assert_eq!(f(), unsafe { 3 });"],
    ["the argument of a called expression", "assert_eq!(f(), (g)(3));"],
    ["an index of a constant", "assert_eq!(f(), TABLE[3]);"],
    ["a generic argument among others", "assert_eq!(f(), g::<A, 4, B>());"],
    ["a statement that is no assertion", "f(3); let x = 4;"],
    ["assert_ne", "assert_ne!(f(), 1);"],
    ["a bigger number than any type holds", `assert_eq!(f(), ${"9".repeat(300)});`],
  ])("doesn't come from %s", (_name, body) => {
    expect(mutated(body)).toBe("");
  });
});

describe("a flipped twin", () => {
  it.each([
    ["assert_eq! to assert_ne!", "assert_eq!(a, b);", "assert_ne!(a, b);"],
    ["assert_ne! to assert_eq!", 'assert_ne!(a, b, "m");', 'assert_eq!(a, b, "m");'],
    ["assert!", "assert!(a == b);", "assert!(!(a == b));"],
    ["assert! with a message", 'assert!(a, "m {}", 1);', 'assert!(!(a), "m {}", 1);'],
    ["assert! with a trailing comma", "assert!(a,);", "assert!(!(a),);"],
    ["assert! with a comma in generic arguments", "assert!(f::<A, B>(x));", "assert!(!(f::<A, B>(x)));"],
    ["assert! in brackets", "assert![a];", "assert![!(a)];"],
  ])("turns %s round", (_name, body, expected) => {
    expect(flippedBody(body)).toBe(expected);
  });
});

describe("what a held-out test expects", () => {
  it.each([
    ['"abc"[1..]', 1],
    ["[1, 2, 3]", 3],
    ["[1, 2, 3, 4, 5, 6]", 4],
    ["(1, g(2), 3)", 2],
    ["x", 0],
  ])("is changed part by part, four of them at the most: %s", (expected, count) => {
    const { twins } = run(`#[test] fn a() { assert_eq!(f(), ${expected}); }`, { renameTests: true });
    expect(twins.filter(({ kind }) => kind === "mutate")).toHaveLength(count);
  });
});

describe("a test of which nothing can be turned round", () => {
  it.each(["assert!();", "assert_that!(a);", ""])("has a plain twin: %j", (body) => {
    expect(run(`#[test] fn a() { ${body} }`).twins.map(({ kind }) => kind)).toEqual(["plain"]);
  });
});

describe("instrument", () => {
  const inline = "fn a() {}\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn t() { // why\n        assert_eq!(a(), 3);\n    }\n}\nfn last() {}\n";

  it("inserts twins of an inline module before its brace, on one line", () => {
    const result = run(inline, { maxTwins: 1 });
    expect(result.source).toBe(inline.replace("\n}\nfn last", "\n #[test] fn zq1() { assert_eq!(a(), 2); } }\nfn last"));
  });

  it("moves no line of the source", () => {
    expect(run(inline).source.split("\n")).toHaveLength(inline.split("\n").length);
  });

  it("appends twins of file-level tests to the file", () => {
    const source = '#[test]\nfn t() {\n assert_eq!(a(), "x\ny");\n}\n// end';
    expect(run(source, { maxTwins: 1 }).source).toBe(`${source}\n#[test] fn zq1() { assert_eq!(a(), "x\nyx"); }`);
  });

  it("twins no test with a string of several lines where code follows", () => {
    const result = run(inline.replace("// why", 'let s = "a\nb";'));
    expect(twinTexts(result)).toEqual(["#[test] fn zq1() { panic!() }"]);
  });

  it("twins such a test where nothing follows", () => {
    const result = run(inline.replace("// why", 'let s = "a\nb";').replace("fn last() {}\n", ""));
    expect(result.twins.map(({ kind }) => kind)).toEqual(["mutate", "flip"]);
  });

  it("twins a test with a string of one line and a comment of several where code follows", () => {
    for (const body of ['let s = "a";', "/* a\nb */"]) expect(run(inline.replace("// why", body)).twins.map(({ kind }) => kind)).toEqual(["mutate", "flip"]);
  });

  it("lets a should_panic test's twin panic unexpectedly", () => {
    const result = run('#[test]\n#[should_panic(expected = "x")]\nfn t() { panic!("x") }');
    expect(result.twins).toMatchObject([{ kind: "unexpected-panic", original: "t", alias: "zq1" }]);
    expect(twinTexts(result)[0]).toMatch(/^#\[test\] +fn zq1\(\) \{ panic!\("x"\) \}$/);
  });

  it("gives an ignored test no twin but its module a plain one", () => {
    const result = run("#[test] #[ignore] fn t() { assert!(true); }");
    expect(result.twins).toMatchObject([{ kind: "plain", original: null }]);
    expect(twinTexts(result)).toEqual(["#[test] fn zq1() { panic!() }"]);
  });

  it("keeps the other attributes and drops comments", () => {
    const result = run('/// Doc.\n#[tokio::test(flavor = "x")] // c\nasync fn t() { /* d */ assert!(x); }');
    expect(twinTexts(result)).toEqual(['#[tokio::test(flavor = "x")] async fn zq1() { assert!(!(x)); }']);
  });

  it("has both kinds in a module with one test that allows both", () => {
    expect(run(inline).twins.map(({ kind, original }) => [kind, original])).toEqual([
      ["mutate", "t"],
      ["flip", "t"],
    ]);
  });

  it("alternates kinds over the tests of a module", () => {
    const source =
      "#[test] fn a() { assert_eq!(x, 1); } #[test] fn b() { assert_eq!(x, 2); } #[test] fn c() { assert!(x); } #[test] fn d() { assert_eq!(x, 3); }";
    expect(run(source).twins.map(({ kind, original }) => `${kind} ${original}`)).toEqual(["mutate a", "flip c", "mutate b", "flip d"]);
  });

  it("spreads a small number of twins over modules", () => {
    const module = (name: string) => `mod ${name} { #[test] fn a() { assert_eq!(x, 1); } #[test] fn b() { assert_eq!(x, 2); } }`;
    const result = run(`${module("p")} ${module("q")} ${module("r")}`, { maxTwins: 3 });
    expect(result.twins.map(({ module: path }) => path)).toEqual([["p"], ["q"], ["r"]]);
    expect(run(`${module("p")} ${module("q")} ${module("r")}`, { maxTwins: 2 }).twins.map(({ module: path }) => path)).toEqual([["p"], ["q"]]);
  });

  it("makes no more twins than allowed", () => {
    expect(run(inline, { maxTwins: 0 })).toEqual({ source: inline, aliases: [], twins: [] });
  });

  it("renames each test of a hidden file", () => {
    const result = run(inline, { renameTests: true, maxTwins: 1 });
    expect(result.aliases).toEqual([{ alias: "zq1", original: "t", module: ["tests"] }]);
    expect(result.source).toContain("fn zq1() { // why");
    expect(result.twins).toMatchObject([{ alias: "zq2", original: "t" }]);
  });

  it("keeps the name of a test that its module calls", () => {
    const result = run("#[test] fn a() { assert!(x); } #[test] fn b() { a(); }", { renameTests: true, maxTwins: 0 });
    expect(result.aliases.map(({ original }) => original)).toEqual(["b"]);
  });

  it("renames a test that shares its name with what it tests", () => {
    const result = run("fn a() {} fn z() { a() } mod t { use super::*; #[test] fn a() { assert!(super::a()); x.a(); } }", { renameTests: true });
    expect(result.aliases.map(({ original }) => original)).toEqual(["a"]);
  });

  it("draws what is changed and where the twin stands, and moves no line by it", () => {
    const source = "mod t {\n    #[test]\n    fn a() {\n        assert_eq!(x, 1);\n        assert_eq!(y, 5);\n    }\n\n    #[test]\n    fn b() {}\n}\n";
    const drawn = Array.from({ length: 40 }, (_, seed) => run(source, { random: createRandom(seed) }));
    const texts = drawn.flatMap((result) => twinTexts(result));
    expect(texts.some((text) => text.includes("x, 0"))).toBe(true);
    expect(texts.some((text) => text.includes("y, 4"))).toBe(true);
    expect(new Set(drawn.map(({ source: text }) => text.split("\n").findIndex((line) => line.includes("zq1")))).size).toBe(3);
    for (const result of drawn) {
      expect(result.source.split("\n")).toHaveLength(source.split("\n").length);
      const names = result.twins.map(({ alias }) => alias);
      expect(dropTwins(result, names).source).toBe(source);
    }
  });

  it("leaves a file with unbalanced delimiters alone", () => {
    const source = "#[test] fn a() { assert!(x); } }";
    expect(run(source)).toEqual({ source, aliases: [], twins: [] });
  });

  it("leaves a file without tests alone", () => {
    expect(run("fn a() { assert!(x); }").twins).toEqual([]);
  });

  it("is deterministic", () => {
    expect(run(inline)).toEqual(run(inline));
  });

  it("survives expected values nested beyond all reason", () => {
    const deep = `#[test] fn a() { assert_eq!(x, ${"(".repeat(20_000)}1${")".repeat(20_000)}); }`;
    expect(run(deep).twins.map(({ kind }) => kind)).toEqual(["flip"]);
  });

  it("changes nothing but twins and names", () => {
    fc.assert(
      fc.property(rustish, fc.boolean(), fc.nat({ max: 5 }), fc.nat(), (source, renameTests, maxTwins, seed) => {
        const result = run(source, { renameTests, maxTwins, random: createRandom(seed) });
        let rest = dropTwins(
          result,
          result.twins.map(({ alias }) => alias),
        ).source;
        for (const { alias, original } of result.aliases) rest = rest.replace(alias, () => original);
        expect(rest).toBe(source);
        expect(result.twins.length).toBeLessThanOrEqual(maxTwins);
      }),
    );
  });

  it("gives twins that are whole test functions of their module", () => {
    const result = run(`${inline}\n#[test] fn z() { assert!(a); }`);
    const found = readItems(readCode(result.source)).tests.map(({ name, modulePath }) => `${modulePath.join("::")} ${name}`);
    expect(result.twins.every(({ alias, module }) => found.includes(`${module.join("::")} ${alias}`))).toBe(true);
  });
});

describe("dropTwins", () => {
  const source = "mod p { #[test] fn a() { assert_eq!(x, 1); } }\n#[test] fn b() { assert_eq!(y, 2); } // end";

  it("removes the named twins and keeps the others' offsets right", () => {
    const all = run(source);
    expect(all.twins).toHaveLength(4);
    const [first, second, third] = all.twins;
    const left = dropTwins(all, [first?.alias ?? "", third?.alias ?? ""]);
    expect(left.twins.map(({ alias }) => alias)).toEqual([second?.alias, all.twins[3]?.alias]);
    for (const { alias, start, end } of left.twins) expect(left.source.slice(start, end).trim()).toMatch(new RegExp(`^#\\[test\\] fn ${alias}\\(\\) .*\\}$`));
  });

  it("restores the source when all are dropped", () => {
    const all = run(source);
    expect(
      dropTwins(
        all,
        all.twins.map(({ alias }) => alias),
      ).source,
    ).toBe(source);
  });

  it("ignores unknown names", () => {
    expect(dropTwins(run(source), ["nobody"])).toEqual(run(source));
  });
});
