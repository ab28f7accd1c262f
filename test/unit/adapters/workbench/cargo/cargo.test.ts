// Tests of how cargo is called and what of its reports is read.
import { describe, expect, it } from "vitest";
import { NO_CARGO_CONFIG } from "../../../../../src/core/suite/cargo-config.ts";
import { buildTests, cargoEnv, type CargoFlags, readExecutables, readMembers, runClippy } from "../../../../../src/adapters/workbench/cargo/cargo.ts";

const flags: CargoFlags = {
  forbidUnsafe: true,
  vendored: false,
  features: [],
  packages: [],
  warn: [],
  members: [{ name: "a", dir: "" }],
  config: NO_CARGO_CONFIG,
  jobs: 2,
  root: "/w",
  rust: "/rust",
  home: "/cargo",
  vendor: "/vendor",
};

const MEMBERS = [
  { name: "meter", dir: "" },
  { name: "gauge", dir: "crates/a gauge" },
];

const item = (name: string, dir: string, uses: readonly string[], kind = "lib") => ({
  name,
  manifest_path: dir === "" ? "/w/Cargo.toml" : `/w/${dir}/Cargo.toml`,
  targets: [{ kind: [kind], name }],
  dependencies: [...uses.map((other) => ({ name: other, path: `/w/${other}` })), { name: "serde" }],
});

describe("cargoEnv", () => {
  it("forbids unsafe code only where the base has none", () => {
    expect(cargoEnv(flags)["RUSTFLAGS"]).toBe("-Funsafe-code");
    expect(cargoEnv({ ...flags, forbidUnsafe: false })["RUSTFLAGS"]).toBeUndefined();
    expect(cargoEnv({ ...flags, warn: ["deprecated", "unused_mut"] })["RUSTFLAGS"]).toBe("-Funsafe-code --force-warn=deprecated --force-warn=unused_mut");
  });

  it("passes on what the base's own configuration says, but for what is ours", () => {
    const config = {
      rustflags: ["--cfg", "fast"],
      env: { LEVEL: "3", PATH: "/evil", CARGO_TARGET_DIR: "/elsewhere" },
      settings: ["profile.dev.overflow-checks=false"],
      sources: [],
      optimizes: false,
      leftOut: [],
    };
    const env = cargoEnv({ ...flags, config });
    expect([env["LEVEL"], env["RUSTFLAGS"], env["CARGO_TARGET_DIR"]]).toEqual(["3", "--cfg fast -Funsafe-code", "/w/target"]);
    expect(env["PATH"]).not.toContain("evil");
    const spaced = cargoEnv({ ...flags, config: { ...config, rustflags: ["--cfg", 'name="a b"'] } });
    expect([spaced["RUSTFLAGS"], spaced["CARGO_ENCODED_RUSTFLAGS"]]).toEqual([undefined, '--cfg\u001fname="a b"\u001f-Funsafe-code']);
    expect(buildTests({ ...flags, config }).join(" ")).toContain("--config profile.dev.overflow-checks=false");
  });
});

describe("buildTests", () => {
  it("names the vendor folder only where there is one", () => {
    expect(buildTests(flags)).not.toContain("--config");
    expect(buildTests({ ...flags, vendored: true })).toContain('source.vendored.directory="/vendor"');
    const config = { ...NO_CARGO_CONFIG, sources: ['source.locked-0.replace-with="vendored"'] };
    expect([buildTests({ ...flags, config }).length, buildTests({ ...flags, config, vendored: true })]).toEqual([
      buildTests(flags).length,
      expect.arrayContaining(config.sources),
    ]);
    expect(buildTests(flags)).toEqual(expect.arrayContaining(["--frozen", "--no-run", "--no-fail-fast"]));
  });

  it("builds all members, or those that are chosen, or some of these", () => {
    const chosen = { ...flags, members: MEMBERS, packages: ["meter", "gauge"] };
    const named = (argv: readonly string[]): string =>
      argv.filter((word, index) => word === "--workspace" || word === "-p" || argv[index - 1] === "-p").join(" ");
    expect([buildTests(flags), buildTests(chosen), buildTests(chosen, ["gauge"]), runClippy(flags), runClippy(chosen)].map(named)).toEqual([
      "--workspace",
      "-p file:///w#meter -p file:///w/crates/a%20gauge#gauge",
      "-p file:///w/crates/a%20gauge#gauge",
      "--workspace",
      "-p file:///w#meter -p file:///w/crates/a%20gauge#gauge",
    ]);
  });

  it("optimises dependencies, and neither the workspace's crates nor what only runs while something compiles", () => {
    const built = buildTests({ ...flags, vendored: true, members: MEMBERS });
    expect(built).toEqual(
      expect.arrayContaining(["profile.dev.opt-level=2", "profile.dev.package.meter.opt-level=0", "profile.dev.package.gauge.opt-level=0"]),
    );
    // Cargo puts a package's profile, `*` too, before the one for build scripts and procedural macros.
    expect(built.join(" ")).not.toMatch(/package\."\*"|build-override/);
  });

  it("optimises as the repository says, where it says so", () => {
    const config = { ...NO_CARGO_CONFIG, optimizes: true };
    expect(buildTests({ ...flags, vendored: true, config }).join(" ")).not.toContain("opt-level");
  });
});

describe("the features that a base asks for", () => {
  it.each<[readonly string[], readonly string[]]>([
    [[], []],
    [
      ["wide", "b/deep"],
      ["--features", "wide,b/deep"],
    ],
    [["*"], ["--all-features"]],
  ])("%j", (features, told) => {
    for (const argv of [buildTests({ ...flags, features }), runClippy({ ...flags, features })]) {
      expect(argv.filter((word, index) => word.endsWith("features") || argv[index - 1] === "--features")).toEqual(told);
    }
  });
});

describe("readMembers", () => {
  it("finds folders and who is built again, through others too", () => {
    const members = readMembers(
      JSON.stringify({ packages: [item("a", "", []), item("b", "crates/b", ["a"]), item("c", "c", ["b"]), item("m", "m", [], "proc-macro")] }),
      "/w",
    );
    expect(members.map(({ name, dir, dependents, procMacro }) => [name, dir, dependents, procMacro])).toEqual([
      ["a", "", ["a", "b", "c"], false],
      ["b", "crates/b", ["b", "c"], false],
      ["c", "c", ["c"], false],
      ["m", "m", ["m"], true],
    ]);
  });

  it("throws on anything else", () => {
    expect(() => readMembers("", "/w")).toThrow();
    expect(() => readMembers('{"packages":[{}]}', "/w")).toThrow();
  });
});

describe("readExecutables", () => {
  const artifact = (kind: string, name: string, executable: string | null, test = true) =>
    JSON.stringify({ reason: "compiler-artifact", manifest_path: "/w/crates/b/Cargo.toml", target: { kind: [kind], name }, profile: { test }, executable });

  it("names targets by kind, and leaves out what is no executable", () => {
    const stdout = [
      artifact("lib", "b", "/w/target/debug/deps/b-1"),
      artifact("proc-macro", "b", "/w/target/debug/deps/b-2"),
      artifact("bin", "run", "/w/target/debug/run", false),
      artifact("test", "show", "/w/target/debug/deps/show-3"),
      artifact("lib", "b", null),
      '{"reason":"build-finished","success":true}',
      "noise",
      "",
    ].join("\n");
    expect(readExecutables(stdout, "/w")).toEqual([
      { exe: "debug/deps/b-1", target: "lib", test: true, dir: "crates/b" },
      { exe: "debug/deps/b-2", target: "lib", test: true, dir: "crates/b" },
      { exe: "debug/run", target: "bin:run", test: false, dir: "crates/b" },
      { exe: "debug/deps/show-3", target: "test:show", test: true, dir: "crates/b" },
    ]);
  });
});
