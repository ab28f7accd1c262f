// Laying a base of a repository until it stands, over a workbench that says what is wrong with it.
import { describe, expect, it } from "vitest";
import { type BaseFailures, WrittenFileError } from "../../../src/core/base/errors.ts";
import type { Base } from "../../../src/core/suite/suite.ts";
import { settleBase } from "../../../src/suite-making/mutation-base.ts";
import type { RepositoryCopy } from "../../../src/ports/repository.ts";
import type { PreparedBase } from "../../../src/ports/workbench.ts";
import { fakeBench } from "../run/fakes.ts";

const TESTS = ["one", "two", "three"].map((name) => `    #[test]\n    fn ${name}() {}\n`).join("");
const LIB = `pub fn sum() {}\n\n#[cfg(test)]\nmod tests {\n${TESTS}}\n`;

const copyOf = (lib: string): RepositoryCopy => ({
  tree: new Map([
    ["Cargo.toml", '[package]\nname = "sums"\n'],
    ["src/lib.rs", lib],
  ]),
  skipped: [],
  commit: null,
  dirty: false,
  workspace: { packages: [{ name: "sums", edition: "2021", dir: "", roots: [{ target: "lib", path: "src/lib.rs" }] }], byDefault: null, dependencies: "none" },
});

const wrong = (message: string, failures: BaseFailures = {}, path = "repo/src/lib.rs"): WrittenFileError =>
  new WrittenFileError([{ path, line: 1, column: 1, message }], failures);

/** `faultOf`: what is wrong with a base; null where it stands. */
async function settled(faultOf: (base: Base) => WrittenFileError | null, lib = LIB, packages: readonly string[] = []) {
  const notes: string[] = [];
  const bench = {
    ...fakeBench(),
    prepare: async (base: Base): Promise<PreparedBase> => {
      const fault = faultOf(base);
      if (fault) throw fault;
      return {
        base,
        key: base.digest,
        visibleTests: ["sums/lib/tests::one"],
        heldOutTests: ["sums/lib/tests::heldout::two"],
        sentinels: 0,
        compileTime: [],
        observations: new Map(),
        unsteadyObservations: 0,
        preparedMs: 1,
      };
    },
  };
  const options = {
    copy: copyOf(lib),
    shown: "repo",
    bench,
    seed: 1,
    features: [],
    packages,
    signal: new AbortController().signal,
    note: (text: string) => void notes.push(text),
  };
  return { ...(await settleBase(options)), notes };
}

describe("settleBase", () => {
  it("sets tests aside that fail here, as often as others do, and leaves the sources alone", async () => {
    const failing = ["sums/lib/tests::one", "sums/lib/tests::three"];
    const made = await settled(({ aside = [] }) => {
      const next = failing.find((id) => !aside.includes(id));
      return next === undefined ? null : wrong("tests fail", { tests: [next] });
    });
    expect(made.base.aside).toEqual(failing);
    expect(made.leftOut.map(({ what }) => what)).toEqual(failing);
    expect([...made.base.tree.values()].join("")).toContain("fn one()");
  });

  it("names the packages that it builds, where these are not all, and is another base by them", async () => {
    const [part, whole] = [await settled(() => null, LIB, ["sums"]), await settled(() => null)];
    expect([part.base.packages, whole.base.packages, part.base.digest === whole.base.digest]).toEqual([["sums"], [], false]);
  });

  it("lets lints only warn that keep it from compiling", async () => {
    const made = await settled(({ warn = [] }) =>
      warn.includes("deprecated") ? null : wrong("the clean base does not compile (deprecated: old)", { lints: ["deprecated"] }),
    );
    expect([made.base.warn, made.leftOut.map(({ what }) => what), made.base.hidden.length]).toEqual([["deprecated"], ["deprecated"], 1]);
  });

  it("keeps the tests of a file together that do not compile as a child module", async () => {
    const two = new Map([...copyOf(LIB).tree, ["src/other.rs", LIB]]);
    const bench = {
      ...fakeBench(),
      prepare: async (base: Base): Promise<PreparedBase> => {
        if (base.hidden.includes("src/tests/heldout.rs")) throw wrong("the clean base does not compile (E0425: gone)", {}, "repo/src/tests/heldout.rs");
        return {
          base,
          key: base.digest,
          visibleTests: [],
          heldOutTests: ["sums/lib/other::tests::heldout::two"],
          sentinels: 0,
          compileTime: [],
          observations: new Map(),
          unsteadyObservations: 0,
          preparedMs: 1,
        };
      },
    };
    const facts = {
      copy: { ...copyOf(LIB), tree: two },
      shown: "repo",
      bench,
      seed: 1,
      features: [],
      packages: [],
      signal: new AbortController().signal,
      note: () => undefined,
    };
    const made = await settleBase(facts);
    expect([made.base.hidden, made.leftOut.map(({ what }) => what)]).toEqual([["src/other/tests/heldout.rs"], ["src/lib.rs"]]);
  });

  describe("where it does not compile with half of a test's assertions", () => {
    const body = "        let x = 1;\n        assert_eq!(x, 1);\n        assert_ne!(x, 2);\n";
    const lib = `pub fn sum() {}\n\n#[cfg(test)]\nmod tests {\n${["one", "two", "three", "four"].map((name) => `    #[test]\n    fn ${name}() {\n${body}    }\n`).join("")}}\n`;
    const visible = (base: Base): string => String(base.tree.get("src/lib.rs"));
    const halved = (base: Base): string[] => [...visible(base).matchAll(/fn (\w+)\(\) \{\n.*\n.*assert_eq.*\n {4}\}/g)].map(([, name]) => name ?? "");
    const lineOf = (base: Base, name: string): number =>
      visible(base)
        .split("\n")
        .findIndex((line) => line.includes(`fn ${name}(`)) + 2;
    const errorAt = (line: number, path = "repo/src/lib.rs") =>
      new WrittenFileError([{ path, line, column: 1, message: "the clean base does not compile (E0282: type annotations needed)" }]);

    it("leaves that test whole and the others as they are", async () => {
      let bad = "";
      const made = await settled((base) => {
        bad ||= halved(base)[0] ?? "";
        return halved(base).includes(bad) ? errorAt(lineOf(base, bad)) : null;
      }, lib);
      expect([halved(made.base).length, halved(made.base).includes(bad), made.base.hidden.length]).toEqual([2, false, 1]);
      expect(made.leftOut).toEqual([]);
    });

    it("halves none of the file where the error is elsewhere in it, and splits it no more where that is not enough", async () => {
      const made = await settled((base) => (halved(base).length > 0 ? errorAt(1) : null), lib);
      expect([halved(made.base), made.base.hidden]).toEqual([[], ["src/tests/heldout.rs"]]);
      await expect(settled((base) => (base.hidden.length > 0 ? errorAt(1, "repo/src/tests/heldout.rs") : null), lib)).rejects.toBeInstanceOf(WrittenFileError);
    });
  });

  it("tells the compiler's own error where the repository does not compile, with the flag that helps, and not that it lacks tests", async () => {
    const error = wrong("the clean base does not compile (E0583: file not found for module `generated`): repair the base tree");
    await expect(settled(() => error)).rejects.toMatchObject({
      issues: [
        expect.objectContaining({
          message: "the clean base does not compile (E0583: file not found for module `generated`): if git ignores it: --include '**/generated.rs'",
        }),
      ],
    });
  });

  it("sends nobody to a base tree whose own repository does not compile", async () => {
    const error = wrong("the clean base does not compile (E0433: cannot find crate `tokio`): repair the base tree");
    await expect(settled(() => error)).rejects.toMatchObject({ issues: [{ message: expect.stringMatching(/: see that cargo test builds it$/) as string }] });
  });

  it("says that tests are lacking where they are", async () =>
    expect(settled(() => null, "pub fn sum() {}\n")).rejects.toMatchObject({
      code: "usage",
      message: expect.stringContaining("no test of the repository") as string,
      hint: expect.stringContaining("write more tests first") as string,
    }));

  describe("tests that a macro of their file makes", () => {
    const macro = (test: string): string =>
      `pub fn sum() {}\n\n#[cfg(test)]\nmod tests {\n    macro_rules! t {\n        ($name:ident) => {\n            ${test}\n            fn $name() {}\n        };\n    }\n    t!(one);\n    t!(two);\n}\n`;

    it("are written out and held out as others are", async () => {
      const { base } = await settled(() => null, macro("#[test]"));
      expect(String(base.tree.get("src/lib.rs")).match(/fn (one|two)\(/g)).toHaveLength(1);
      expect(String(base.tree.get("src/tests/heldout.rs")).match(/fn (one|two)\(/g)).toHaveLength(1);
    });

    it("stay as they are where that does not compile, which is said where there are no others", async () => {
      const error = wrong("the clean base does not compile (E0425: gone)", {}, "repo/src/lib.rs");
      const failed = settled(({ tree }) => (/fn (one|two)\(/.test(String(tree.get("src/lib.rs"))) ? error : null), macro("#[test]"));
      await expect(failed).rejects.toBeInstanceOf(WrittenFileError);
      const others = LIB.replace("mod tests {", "mod others {") + macro("#[test]").replace("pub fn sum() {}\n", "");
      const made = await settled(
        ({ tree }) => (/fn (one|two)\(\) \{\}\s+#\[test\]/.test(String(tree.get("src/lib.rs")).split("mod tests")[1] ?? "") ? error : null),
        others,
      );
      expect(String(made.base.tree.get("src/lib.rs"))).toContain("mod heldout;");
    });

    it("are none that could be held out where a macro of another name writes them", async () => {
      await expect(settled(() => null, macro("#[tokio::test] #[test]").replaceAll("t!(", "crate::t!("))).rejects.toMatchObject({
        hint: expect.stringContaining("a macro of the repository makes") as string,
      });
    });
  });

  it("takes loose tests into a module, and leaves them where that does not compile", async () => {
    const loose = `pub fn sum() {}\n\n${["one", "two"].map((name) => `#[test]\nfn ${name}() {}\n`).join("")}\n#[cfg(test)]\nmod tests {\n${TESTS}}\n`;
    expect(String((await settled(() => null, loose)).base.tree.get("src/lib.rs"))).toContain("mod loose_tests");
  });
});
