import { describe, expect, it } from "vitest";
import { cargoSources } from "../../../../src/core/suite/cargo-sources.ts";

const CRATES_IO = "registry+https://github.com/rust-lang/crates.io-index";
const locked = (...sources: readonly string[]): string =>
  sources.map((source, index) => `[[package]]\nname = "p${index}"\nversion = "1.0.0"\nsource = "${source}"\n\n`).join("");
const of = (config: string, ...sources: readonly string[]) =>
  cargoSources(
    new Map([
      [".cargo/config.toml", config],
      ["Cargo.lock", locked(...sources)],
    ]),
    "/w",
  );

describe("cargoSources", () => {
  it("asks nothing of a tree that takes all from crates.io", () =>
    expect(of("", CRATES_IO, "sparse+https://index.crates.io/")).toEqual({ named: [], fetching: [], vendored: [], leftOut: [] }));

  it.each([
    ["git+https://host/a?rev=0123abc#0123abcdef", { git: "https://host/a", rev: "0123abc" }],
    ["git+file:///srv/a.git#0123abcdef", { git: "file:///srv/a.git" }],
    ["git+https://host/a?branch=feature%2Fx#0123abcdef", { git: "https://host/a", branch: "feature/x" }],
    ["git+ssh://git@host/a?tag=v1.0#0123abcdef", { git: "ssh://git@host/a", tag: "v1.0" }],
    ["registry+file:///srv/index", { registry: "file:///srv/index" }],
    ["sparse+https://corp.example/index/", { registry: "sparse+https://corp.example/index/" }],
  ])("puts the vendored sources in the place of %s", (source, table) =>
    expect(of("", CRATES_IO, source).vendored).toEqual([
      ...Object.entries(table).map(([key, value]) => `source.locked-0.${key}=${JSON.stringify(value)}`),
      'source.locked-0.replace-with="vendored"',
    ]),
  );

  it("names each source once", () => expect(of("", "git+https://host/a#1", "git+https://host/a#1", "registry+https://b").vendored).toHaveLength(4));

  it("knows the registries that manifests name, and none of their secrets and programs", () => {
    const { named, leftOut } = of('[registries.corp]\nindex = "sparse+https://corp.example/index/"\ntoken = "x"\ncredential-provider = "cargo:token"\n');
    expect([named, leftOut]).toEqual([
      ['registries.corp.index="sparse+https://corp.example/index/"'],
      ["registries.corp.token", "registries.corp.credential-provider"],
    ]);
  });

  it("fetches from what stands in the place of a source, folders being the repository's", () => {
    const text = `[source.crates-io]
replace-with = "here"
[source.here]
directory = "third-party/vendor"
[source.mirror]
registry = "sparse+https://mirror.example/"
[source.there]
local-registry = "/srv/registry"
[net]
git-fetch-with-cli = true
retry = 3
`;
    expect(of(text).fetching).toEqual([
      'source.crates-io.replace-with="here"',
      'source.here.directory="/w/third-party/vendor"',
      'source.mirror.registry="sparse+https://mirror.example/"',
      'source.there.local-registry="/srv/registry"',
      "net.git-fetch-with-cli=true",
    ]);
    expect(of(text).named).toEqual([]);
  });

  it("patches as the configuration does, within the repository", () => {
    const text = `[patch.crates-io]
semver = { path = "forks/semver" }
anyhow = { git = "https://host/anyhow", branch = "next" }
itoa = { path = "../itoa" }
[patch."https://host/x"]
x = { path = "forks/x" }
`;
    expect(of(text)).toMatchObject({
      named: [
        'patch.crates-io.semver.path="/w/forks/semver"',
        'patch.crates-io.anyhow.git="https://host/anyhow"',
        'patch.crates-io.anyhow.branch="next"',
        'patch."https://host/x".x.path="/w/forks/x"',
      ],
      leftOut: ["patch.crates-io.itoa"],
    });
  });

  it("is at peace with what is no configuration", () =>
    expect(of("source = 3\nregistries = []\npatch = { a = 1 }\nnet = 'x'\n")).toEqual({ named: [], fetching: [], vendored: [], leftOut: [] }));
});
