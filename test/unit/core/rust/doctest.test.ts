// Doctests by text alone: which there are, which changed, and the functions that they become.
import { describe, expect, it } from "vitest";
import { changedDocTests, docTestFile, docTestsIn } from "../../../../src/core/rust/doctest.ts";

const doc = (...lines: readonly string[]): string => `${lines.map((line) => `/// ${line}`.trimEnd()).join("\n")}\npub fn f() {}\n`;
const codes = (source: string): string[] => docTestsIn("src/a.rs", source).map(({ code }) => code);

describe("docTestsIn", () => {
  it("finds what rustdoc would run, and says where", () => {
    const source = `//! \`\`\`\n//! let a = 1;\n//! \`\`\`\n${doc("Text.", "", "```rust,should_panic", "f();", "```")}`;
    expect(docTestsIn("src/deep/a-b.rs", source)).toEqual([
      { name: "src_deep_a_b_1", code: "let a = 1;", shouldPanic: false },
      { name: "src_deep_a_b_2", code: "f();", shouldPanic: true },
    ]);
  });

  it.each(["text", "ignore", "no_run", "compile_fail", "toml", "rust,no_run", "rust ignore"])("leaves out %s", (words) => {
    expect(codes(doc(`\`\`\`${words}`, "f();", "```"))).toEqual([]);
  });

  it("leaves out what must stand at the top of a crate, what is empty, and what is never closed", () => {
    expect(codes(doc("```", "#![allow(dead_code)]", "f();", "```"))).toEqual([]);
    expect(codes(doc("```", "```"))).toEqual([]);
    expect(codes(doc("```", "f();"))).toEqual([]);
  });

  it("shows hidden lines, keeps attributes, and knows longer fences", () => {
    expect(codes(doc("````", "# use x::y;", "#", "## not hidden", "#[derive(Debug)]", "```", "struct S;", "````"))).toEqual([
      "use x::y;\n\n# not hidden\n#[derive(Debug)]\n```\nstruct S;",
    ]);
  });

  it("takes no string and no plain comment for a doc comment", () => {
    expect(codes('const A: &str = "\n/// ```\n/// f();\n/// ```\n";\n// ```\n// f();\n// ```\n//// ```\n//// f();\n//// ```\n')).toEqual([]);
  });

  it("does not run the comments of two items together", () => {
    expect(codes(`/// \`\`\`\n/// a();\nfn a() {}\n/// b();\n/// \`\`\`\nfn b() {}\n`)).toEqual([]);
  });
});

describe("changedDocTests", () => {
  it("goes by their code, wherever they stand", () => {
    const before = doc("```", "f();", "```");
    expect(changedDocTests("src/a.rs", before, `\n\n${before}`)).toEqual([]);
    expect(changedDocTests("src/a.rs", before, doc("```", "f(); f();", "```")).map(({ code }) => code)).toEqual(["f(); f();"]);
    expect(changedDocTests("src/a.rs", null, before)).toHaveLength(1);
  });
});

describe("docTestFile", () => {
  const fileOf = (code: string, shouldPanic = false): string => docTestFile([{ name: "a_1", code, shouldPanic }]);

  it("makes a test function of each", () => {
    expect(fileOf("f();", true)).toContain("#[test]\n#[should_panic]\n#[allow(unused)]\nfn a_1() {\nf();\n}\n");
  });

  it("lets one that ends in Ok use the question mark, and calls a main of its own", () => {
    expect(fileOf("f()?;\nOk::<(), Error>(())")).toContain("fn run() -> Result<(), impl core::fmt::Debug> {\nf()?;\nOk::<(), Error>(())\n}\nrun().unwrap();");
    expect(fileOf("fn main() {\n f();\n}")).toContain("}\nmain();\n}");
    expect(fileOf("fn main() -> Result<(), E> {\n f()\n}")).toContain("}\nmain().unwrap();\n}");
  });
});
