// Tests of which sources run while other code compiles, by cargo's metadata and rustc's dependency information.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readMembers } from "../../../../../src/adapters/workbench/cargo/cargo.ts";
import { compileTimeSources, readDepInfo } from "../../../../../src/adapters/workbench/cargo/compile-time.ts";

const item = (name: string, kinds: readonly string[], dependencies: readonly (readonly [string, string | null])[] = []) => ({
  name,
  manifest_path: `/w/${name}/Cargo.toml`,
  dependencies: dependencies.map(([other, kind]) => ({ name: other, kind, path: `/w/${other}` })),
  targets: kinds.map((kind) => ({ kind: [kind], name: kind === "custom-build" ? "build-script-build" : name })),
});
const metadata = JSON.stringify({
  packages: [
    item(
      "app",
      ["lib", "custom-build"],
      [
        ["plain", null],
        ["quiet-macro", null],
        ["grammar", "build"],
        ["helper", "dev"],
      ],
    ),
    item("quiet-macro", ["proc-macro"], [["shared", null]]),
    item(
      "grammar",
      ["rlib"],
      [
        ["deep", null],
        ["helper", "dev"],
      ],
    ),
    ...["plain", "shared", "deep", "helper"].map((name) => item(name, ["lib"])),
  ],
});

describe("members that run at compile time", () => {
  it("are proc macros, what build scripts depend on, and what those depend on", () => {
    const members = readMembers(metadata, "/w");
    expect(members.map(({ name, compileTimeCrates }) => [name, compileTimeCrates])).toEqual([
      ["app", []],
      ["quiet-macro", ["quiet_macro"]],
      ["grammar", ["grammar"]],
      ["plain", []],
      ["shared", ["shared"]],
      ["deep", ["deep"]],
      ["helper", []],
    ]);
  });

  it("give their sources by rustc's own dependency information", async () => {
    const tree = mkdtempSync(join(tmpdir(), "bakeoff-test-"));
    try {
      const info = (path: string, files: readonly string[]): void => {
        mkdirSync(join(tree, "target/debug", path, ".."), { recursive: true });
        writeFileSync(join(tree, "target/debug", path), `/w/target/debug/${path}: ${files.join(" ")}\n\n${files.map((file) => `${file}:\n`).join("\n")}`);
      };
      info("deps/app-0123456789abcdef.d", ["app/src/lib.rs"]);
      info("deps/quiet_macro-0123456789abcdef.d", ["quiet-macro/src/lib.rs", "/w/words.txt", "/elsewhere/x.rs"]);
      info("build/app-0123456789abcdef/build_script_build-0123456789abcdef.d", ["app/build.rs", String.raw`app/src/a\ b.rs`]);
      const base = new Map(["app/src/lib.rs", "quiet-macro/src/lib.rs", "words.txt", "app/build.rs", "app/src/a b.rs"].map((path) => [path, ""]));
      expect(await compileTimeSources(tree, "/w", base, readMembers(metadata, "/w"))).toEqual([
        "app/build.rs",
        "app/src/a b.rs",
        "quiet-macro/src/lib.rs",
        "words.txt",
      ]);
    } finally {
      rmSync(tree, { recursive: true });
    }
  });

  it("are none where nothing was built", async () => {
    expect(await compileTimeSources("/nowhere", "/w", new Map(), readMembers(metadata, "/w"))).toEqual([]);
    expect(readDepInfo("a.d: b.rs\n# env-dep:X=y:\n")).toEqual([]);
  });
});
