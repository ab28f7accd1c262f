import { describe, expect, it } from "vitest";
import { furtherInputs, furtherTest, probes, readProbe } from "../../../../../src/core/suite/making/further-inputs.ts";
import { testsIn } from "../../../../../src/core/suite/making/source-test.ts";

const PATH = "src/lib.rs";
const source = (body: string, signature = "fn splits()", attributes = "#[test]"): string =>
  `pub fn parts(text: &str) -> usize { text.len() }\n#[cfg(test)]\nmod tests {\n    use super::*;\n    ${attributes}\n    ${signature} {\n${body}\n    }\n}\n`;

function inputsOf(text: string) {
  const [test] = testsIn(PATH, text);
  if (!test) throw new Error("the source holds no test");
  return furtherInputs(text, test);
}

describe("further inputs of a test", () => {
  it("change a literal of what is observed, and leave what is expected of it behind", () => {
    const found = inputsOf(source('assert_eq!(parts("ab"), 2, "of {}", 7);'));
    expect(found?.head).toBe("#[test]\n    fn ");
    expect(found?.inputs.map(({ observed }) => observed)).toEqual(['"abab"', '"b"', '"a"', '"abb"', '"aab"', '"ba"', '""'].map((text) => `parts(${text})`));
    expect(new Set(found?.inputs.map(({ body }) => body)).size).toBe(1);
  });

  it("change a literal of the statements before it, and nothing after it", () => {
    const found = inputsOf(source("let size = 3u8;\nassert_eq!(6, twice(size));\nlet other = 9;"));
    expect(found?.inputs.map(({ body, observed }) => [/size = (\w+)/.exec(body)?.[1], observed])).toEqual(
      ["4u8", "2u8", "5u8", "6u8", "0u8"].map((size) => [size, "twice(size)"]),
    );
  });

  it("forget what else is asserted, as it may be false of another input", () => {
    const found = inputsOf(source('let text = "a b";\nassert!(text.len() > 2);\nassert!(is_split(text));'));
    expect(found?.inputs.every(({ body, observed }) => observed === "is_split(text)" && !body.includes("len"))).toBe(true);
  });

  it("look at what a helper that asserts is given, and at a value that was bound before", () => {
    const found = inputsOf(source('let wrong = parts("ab");\nassert_to_string(wrong, "2");'));
    expect(found?.inputs.slice(0, 2).map(({ body, observed }) => [/parts\((.*)\)/.exec(body)?.[1], observed])).toEqual([
      ['"abab"', "wrong"],
      ['"b"', "wrong"],
    ]);
    expect(inputsOf(source('check(parts("ab"));'))?.inputs[0]?.observed).toBe('parts("abab")');
  });

  it("are those of the assertion that is new, and change the literal next to it first", () => {
    const body = (middle: string) => source(`let first = "x";\n${middle}assert_eq!(parts("old"), 3);`);
    const [test] = testsIn(PATH, body('assert_eq!(parts("new"), 3);\n'));
    const [earlier] = testsIn(PATH, body(""));
    if (!test || !earlier) throw new Error("the source holds no test");
    const found = furtherInputs(body('assert_eq!(parts("new"), 3);\n'), { ...test, earlier: earlier.text });
    expect(found?.inputs.slice(0, 2).map(({ observed }) => observed)).toEqual(['parts("newnew")', 'parts("ew")']);
    expect(found?.inputs.at(-1)?.body).not.toContain('"x"');
  });

  it.each([
    ["a result", source('assert_eq!(parts("ab"), 2);\nOk(())', "fn splits() -> Result<(), String>")],
    ["a panic", source('assert_eq!(parts("ab"), 2);', "fn splits()", "#[test]\n#[should_panic]")],
    ["no call", source("assert_eq!(WIDTH, 2);")],
    ["no literal", source("assert_eq!(parts(TEXT), LENGTH);")],
    ["no value that is observed", source('let text = "ab";\ncheck("ab");')],
  ])("are none for a test with %s", (_, text) => expect(inputsOf(text)).toBeNull());

  it("leave strings alone that could be cut within an escape", () => {
    expect(inputsOf(source('assert_eq!(parts("a\\n"), 2);'))).toBeNull();
  });
});

describe("the tests that are made of them", () => {
  const further = inputsOf(source('let text = "ab";\nassert_eq!(parts(text), 2);'));
  if (!further) throw new Error("no further inputs");

  it("tell what they see only where they are asked, each under a name of its own", () => {
    const text = source('assert_eq!(parts("ab"), 2);') + probes(further, "asked");
    const names = testsIn(PATH, text).map(({ name }) => name);
    expect(names).toEqual(["splits", ...further.inputs.map((_, index) => `bakeoff_probe_${index}`)]);
    expect(text).toContain("/asked");
    expect(text).not.toContain("\u0000");
  });

  it("read back what a probe printed, whatever stands around it", () => {
    const [, before = "", after = ""] = /panic!\("(.*)\{:\?\}(.*)",/.exec(probes(further, "asked")) ?? [];
    expect(readProbe(`thread 'x' panicked:\n${before}["a", "b"]${after}\nnote`)).toBe('["a", "b"]');
    expect(readProbe(`thread 'x' panicked:\n${before}["a", "b`)).toBeNull();
    expect(readProbe("thread 'x' panicked: index out of bounds")).toBeNull();
  });

  it("hold the values that were seen, as Rust writes them", () => {
    const [first] = further.inputs;
    const text = furtherTest(further.head, "splits_further", first ? [{ ...first, value: 'a "b"\\\n' }] : []);
    expect(text).toContain('assert_eq!(::std::format!("{:?}", parts(text)), "a \\"b\\"\\\\\\u{a}");');
    expect(testsIn(PATH, text).map(({ name }) => name)).toEqual(["splits_further"]);
  });
});
