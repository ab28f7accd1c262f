import { describe, expect, it } from "vitest";
import { cargoConfig, NO_CARGO_CONFIG } from "../../../../src/core/suite/cargo-config.ts";

const place = { root: "/w", host: "x86_64-unknown-linux-gnu" };
const of = (text: string, path = ".cargo/config.toml") => cargoConfig(new Map([[path, text]]), place);

describe("cargoConfig", () => {
  it.each([
    ['[build]\nrustflags = ["--cfg", "fast"]\n', ["--cfg", "fast"]],
    ['[build]\nrustflags = "--cfg fast  -Copt-level=1"\n', ["--cfg", "fast", "-Copt-level=1"]],
    ['[build]\nrustflags = ["-Ca"]\n[target.x86_64-unknown-linux-gnu]\nrustflags = ["-Cb"]\n', ["-Cb"]],
    ['[target.aarch64-apple-darwin]\nrustflags = ["-Cb"]\n', []],
    ['[build]\nrustflags = ["-C", "linker=clang", "-Clinker=x", "-C", "target-cpu=native"]\n', ["-C", "target-cpu=native"]],
  ])("takes the flags of %j", (text, flags) => expect(of(text).rustflags).toEqual(flags));

  it("takes the environment, and leads relative values to the workspace", () => {
    const text = '[env]\nLEVEL = "3"\nDATA = { value = "data", relative = true }\nFORCED = { value = "x", force = true }\nODD = 3\n';
    expect(of(text).env).toEqual({ LEVEL: "3", DATA: "/w/data", FORCED: "x" });
  });

  it("takes what profiles change of a build's behaviour", () => {
    const text = '[profile.dev]\noverflow-checks = false\ndebug = 2\n[profile.dev.package."*"]\nopt-level = "s"\n';
    expect(of(text).settings).toEqual(["profile.dev.overflow-checks=false", 'profile.dev.package."*".opt-level="s"']);
  });

  it("takes registries and what is patched to every call of cargo, and the vendored sources of a lock file to where they lie", () => {
    const lock = '[[package]]\nname = "a"\nversion = "1.0.0"\nsource = "git+https://host/a#1"\n';
    const text = '[registries.corp]\nindex = "https://corp.example"\n[patch.crates-io]\nb = { path = "b" }\n';
    const config = cargoConfig(
      new Map([
        [".cargo/config.toml", text],
        ["Cargo.lock", lock],
      ]),
      place,
    );
    expect(config.settings).toEqual(['registries.corp.index="https://corp.example"', 'patch.crates-io.b.path="/w/b"']);
    expect(config.sources).toEqual(['source.locked-0.git="https://host/a"', 'source.locked-0.replace-with="vendored"']);
    expect(cargoConfig(new Map([["Cargo.lock", lock]]), place).sources).toEqual(config.sources);
  });

  it.each([
    ["[profile.dev]\nopt-level = 1\n", true],
    ['[profile.dev.package."*"]\nopt-level = 3\n', true],
    ["[profile.test]\nopt-level = 2\n", true],
    ["[profile.release]\nopt-level = 3\n", false],
    ["[profile.dev]\ndebug = 1\n", false],
  ])("knows whether %j says how tests are optimised, in a manifest and in a configuration", (text, optimizes) => {
    expect(of(text).optimizes).toBe(optimizes);
    expect(of(`[package]\nname = "a"\n${text}`, "Cargo.toml").optimizes).toBe(optimizes);
  });

  it("names what it leaves out: programs, secrets, other targets", () => {
    const text = `[build]
rustc-wrapper = "sccache"
target = "wasm32-unknown-unknown"
jobs = 3
[target.x86_64-unknown-linux-gnu]
linker = "clang"
runner = "qemu"
[target.'cfg(unix)']
rustflags = []
[registry]
default = "corp"
global-credential-providers = ["cargo:token"]
[registries.corp]
index = "https://corp.example"
token = "x"
[term]
quiet = true
[alias]
b = "build"
`;
    expect(of(text).leftOut).toEqual([
      "build.rustc-wrapper",
      "build.target",
      "registries.corp.token",
      "registry.global-credential-providers",
      "target.cfg(unix).rustflags",
      "target.x86_64-unknown-linux-gnu.linker",
      "target.x86_64-unknown-linux-gnu.runner",
    ]);
  });

  it("reads the older name, and nothing of what is no configuration", () => {
    expect(of('[build]\nrustflags = ["-Ca"]\n', ".cargo/config").rustflags).toEqual(["-Ca"]);
    for (const tree of [new Map<string, string>(), new Map([[".cargo/config.toml", "[build"]]), new Map([["sub/.cargo/config.toml", "[env]\nA = '1'\n"]])])
      expect(cargoConfig(tree, place)).toEqual(NO_CARGO_CONFIG);
    expect(of("build = 3\nenv = []\nprofile = 'x'\n")).toEqual({ ...NO_CARGO_CONFIG, leftOut: [] });
  });
});
