import { describe, expect, it } from "vitest";
import { foreignArtefacts } from "../../../../src/core/suite/artefact.ts";

const LOCK = ["serde", "serde_json", "left-pad", "demo", "demo-core"].map((name) => `[[package]]\nname = "${name}"\nversion = "1.0.0"\n`).join("\n");
const tree = new Map([
  ["Cargo.toml", '[package]\nname = "demo"\n'],
  ["core/Cargo.toml", '[package]\nname = "demo-core"\n'],
  ["Cargo.lock", LOCK],
]);

describe("foreignArtefacts", () => {
  const isForeign = foreignArtefacts(tree);

  it.each([
    "target/debug/deps/libserde_json-0a1b2c3d4e5f6071.rlib",
    "target/debug/deps/serde-0a1b2c3d4e5f6071.d",
    "target/debug/.fingerprint/left-pad-0a1b2c3d4e5f6071/output-lib-left_pad",
    "target/debug/build/serde-0a1b2c3d4e5f6071/out/gen.rs",
    "target/x86_64-unknown-linux-gnu/debug/deps/libserde-0a1b2c3d4e5f6071.rmeta",
  ])("knows %s as a dependency's", (path) => expect(isForeign(path)).toBe(true));

  it.each([
    "target/debug/deps/libdemo-0a1b2c3d4e5f6071.rlib",
    "target/debug/deps/libdemo_core-0a1b2c3d4e5f6071.rlib",
    "target/debug/incremental/demo_core-1b2c3d4e5f607/s-x/query-cache.bin",
    "target/debug/.fingerprint/demo-core-0a1b2c3d4e5f6071/dep-lib-demo_core",
    "target/debug/deps/cli-0a1b2c3d4e5f6071",
    "target/debug/demo",
    "src/serde-0a1b2c3d4e5f6071.rs",
  ])("takes %s for the repository's own", (path) => expect(isForeign(path)).toBe(false));

  it("knows of no dependency where the lock file is missing or no TOML", () => {
    for (const lock of [undefined, "[[package", "package = 1"]) {
      const less = new Map([...tree].filter(([path]) => path !== "Cargo.lock"));
      if (lock !== undefined) less.set("Cargo.lock", lock);
      expect(foreignArtefacts(less)("target/debug/deps/libserde-0a1b2c3d4e5f6071.rlib")).toBe(false);
    }
  });
});
