import { describe, expect, it } from "vitest";
import { buildOutputOf, isBuildOutput } from "../../../../src/core/suite/build-output.ts";

describe("isBuildOutput", () => {
  it.each<[string, string[]]>([
    ["target", []],
    ["crates/a/target", ["CACHEDIR.TAG", "debug"]],
    ["web/node_modules", [".package-lock.json"]],
    [".git", ["HEAD"]],
    ["vendor/x/.git", ["HEAD"]],
  ])("knows %s", (path, names) =>
    expect(
      isBuildOutput(
        path,
        names.map((name) => ({ name })),
      ),
    ).toBe(true),
  );

  it.each<[string, string[]]>([
    ["src/target", ["mod.rs"]],
    ["crates/a/target", ["lib.rs"]],
    ["tests/fixtures/node_modules", ["package.json"]],
    ["src/.github", ["x.yml"]],
    ["", ["CACHEDIR.TAG"]],
    ["src", ["CACHEDIR.TAG"]],
  ])("takes %s for sources", (path, names) =>
    expect(
      isBuildOutput(
        path,
        names.map((name) => ({ name })),
      ),
    ).toBe(false),
  );
});

describe("a home of ours", () => {
  it("is told by its policy, wherever it lies", () => {
    const isOutput = buildOutputOf(["a/bakeoff/policy/model_policy.toml", "bakeoff/policy/lib.rs"]);
    expect(["a/bakeoff/suites/s.rs", "bakeoff/policy/lib.rs", "a/src/lib.rs"].map(isOutput)).toEqual([true, false, false]);
  });
});

describe("buildOutputOf", () => {
  const isOutput = buildOutputOf(["src/target/mod.rs", "a/target/CACHEDIR.TAG", "a/target/debug/x.rs", "target/y.rs", "b/node_modules/p/index.js"]);

  it("knows files by the folder that holds a mark", () => {
    expect(["a/target/CACHEDIR.TAG", "a/target/debug/x.rs", "target/y.rs", "a/.git/HEAD"].filter(isOutput)).toHaveLength(4);
    expect(["src/target/mod.rs", "b/node_modules/p/index.js", "target.rs", "src/a/target.rs", ".gitignore", ".github/x.yml"].filter(isOutput)).toEqual([]);
  });
});
