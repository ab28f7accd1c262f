import { describe, expect, it } from "vitest";
import { outsideDependencies, outsideText } from "../../../../../src/core/suite/making/outside.ts";

const found = (files: Readonly<Record<string, string>>) => outsideDependencies(new Map(Object.entries(files))).map(outsideText);

describe("outsideDependencies", () => {
  it.each([
    ["[dependencies]\nshared = { path = '../shared' }\n", "../shared"],
    ["[dev-dependencies.shared]\npath = '../x/shared'\n", "../x/shared"],
    ["[build-dependencies]\nshared = { path = '/home/me/shared' }\n", "/home/me/shared"],
    ["[target.'cfg(unix)'.dependencies]\nshared = { path = '..' }\n", ".."],
    ["[workspace.dependencies]\nshared = { path = 'a/../../shared' }\n", "a/../../shared"],
    ["[patch.crates-io]\nshared = { path = '../fork' }\n", "../fork"],
  ])("finds %j", (manifest, path) => expect(found({ "Cargo.toml": manifest })).toEqual([`Cargo.toml: shared lies in ${path}`]));

  it("takes a path within the repository for what it is, from a member too", () => {
    const member = "[dependencies]\nother = { path = '../other' }\nserde = '1'\n";
    expect(found({ "crates/a/Cargo.toml": member, "Cargo.toml": "[dependencies]\na = { path = './crates/a' }\n" })).toEqual([]);
    expect(found({ "a/Cargo.toml": "[dependencies]\nother = { path = '../../other' }\n" })).toEqual(["a/Cargo.toml: other lies in ../../other"]);
  });

  it("asks nothing of what is no manifest", () =>
    expect(
      found({ "Cargo.toml": "[dependencies", "notes.toml": "[dependencies]\nx = { path = '../x' }\n", "b/Cargo.toml": "dependencies = 3\npatch = []\n" }),
    ).toEqual([]));
});
