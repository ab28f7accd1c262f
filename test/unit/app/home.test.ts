// Where a home is found, and where it must not be.
import { describe, expect, it } from "vitest";
import { findHome, type FolderFacts, policyFileOf } from "../../../src/app/home.ts";

/** A disk with these files; folders belong to user 1000 unless said otherwise. */
const disk = (files: readonly string[], owners: Readonly<Record<string, number>> = {}): FolderFacts => ({
  exists: (path) => files.includes(path),
  list: (folder) => [...new Set(files.flatMap((file) => (file.startsWith(`${folder}/`) ? [file.slice(folder.length + 1).split("/")[0] ?? ""] : [])))],
  owner: (folder) => owners[folder] ?? 1000,
});

const FILES = [
  "/repo/bakeoff/policy/model_policy.toml",
  "/repo/bakeoff/policies/strict/model_policy.toml",
  "/repo/bakeoff/policies/draft/notes.md",
  "/repo/policy/model_policy.toml",
  "/repo/crates/bakeoff/src/lib.rs",
  "/alone/policy/model_policy.toml",
];

const home = (from: string, facts: { readonly named?: string; readonly packageRoot?: string; readonly owners?: Readonly<Record<string, number>> } = {}) =>
  findHome(disk(FILES, facts.owners), { workingFolder: from, packageRoot: facts.packageRoot ?? "/package", named: facts.named ?? null, user: 1000 });

const usage = expect.objectContaining({ code: "usage" }) as Error;

describe("a home", () => {
  it("is the nearest bakeoff/ upward that holds a policy, whatever else is called bakeoff", () => {
    for (const from of ["/repo", "/repo/crates/a/src", "/repo/crates/bakeoff/src", "/repo/bakeoff/policy"]) expect(home(from)).toBe("/repo/bakeoff");
  });

  it("is the folder itself where that has a policy, and that of nothing below it", () => {
    expect(home("/alone")).toBe("/alone");
    expect(home("/repo/bakeoff")).toBe("/repo/bakeoff");
    expect(home("/alone/sub")).toBeNull();
    expect(home("/none")).toBeNull();
  });

  it("is the one that is named, by itself or by the folder that it lies in", () => {
    expect(home("/none", { named: "../repo" })).toBe("/repo/bakeoff");
    expect(home("/none", { named: "/repo/bakeoff" })).toBe("/repo/bakeoff");
    expect(() => home("/repo", { named: "../none" })).toThrow(usage);
  });

  it("is no clone of this project that happens to lie above", () => expect(home("/repo/crates/a", { packageRoot: "/repo/bakeoff" })).toBeNull());

  it("is one above that belongs to somebody else only where it is named, or where the working folder is theirs too", () => {
    const theirs = { "/repo/bakeoff": 7 };
    expect(() => home("/repo/mine", { owners: theirs })).toThrow(usage);
    expect(home("/repo/mine", { owners: theirs, named: "/repo/bakeoff" })).toBe("/repo/bakeoff");
    expect(home("/repo/mine", { owners: { ...theirs, "/repo/mine": 7 } })).toBe("/repo/bakeoff");
    expect(home("/repo/mine", { owners: { "/repo/bakeoff": 0 } })).toBe("/repo/bakeoff");
  });
});

describe("a policy", () => {
  it("is a file by its path, or one of the home's by its name", () => {
    expect(policyFileOf(disk(FILES), "/repo/bakeoff", "x/p.toml")).toBe("x/p.toml");
    expect(policyFileOf(disk(FILES), "/repo/bakeoff", "strict")).toBe("/repo/bakeoff/policies/strict/model_policy.toml");
  });

  it("is none where no such policy lies in the home", () => {
    for (const word of ["strikt", "draft"]) expect(() => policyFileOf(disk(FILES), "/repo/bakeoff", word)).toThrow(usage);
    expect(() => policyFileOf(disk(FILES), null, "strict")).toThrow(usage);
  });
});
