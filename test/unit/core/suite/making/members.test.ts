import { describe, expect, it } from "vitest";
import { chooseMembers, memberAround, type MemberRequest, namesDefaultMembers } from "../../../../../src/core/suite/making/members.ts";

const members = [
  { name: "root", dir: "" },
  { name: "core", dir: "crates/core" },
  { name: "core-derive", dir: "crates/core/derive" },
];
const chosen = (request: Partial<MemberRequest>, byDefault: readonly string[] | null = null) => {
  const { chosen: list, packages, unknown } = chooseMembers({ members, byDefault }, { packages: [], exclude: [], ...request });
  return [list.map(({ name }) => name), packages, unknown];
};

describe("chooseMembers", () => {
  it.each<[string, Partial<MemberRequest>, readonly string[] | null, readonly unknown[]]>([
    ["all, where nobody says anything: a base then names none", {}, null, [["root", "core", "core-derive"], [], []]],
    ["what the manifest builds by default", {}, ["core"], [["core"], ["core"], []]],
    ["what is named, whatever the manifest says", { packages: ["root", "core-*"] }, ["core"], [["root", "core-derive"], ["core-derive", "root"], []]],
    ["all but what is left out, whatever the manifest says", { exclude: ["core"] }, ["core"], [["root", "core-derive"], ["core-derive", "root"], []]],
    ["what is named but what is left out", { packages: ["core*"], exclude: ["*-derive"] }, null, [["core"], ["core"], []]],
    ["all by a glob", { packages: ["*"] }, ["core"], [["root", "core", "core-derive"], [], []]],
    ["none, with what is unknown", { packages: ["cor"], exclude: ["x"] }, null, [[], [], ["cor", "x"]]],
  ])("takes %s", (_, request, byDefault, expected) => expect(chosen(request, byDefault)).toEqual(expected));
});

describe("memberAround", () => {
  it.each([
    ["src/lib.rs", "root"],
    ["crates/core/src/lib.rs", "core"],
    ["crates/core/derive/src/lib.rs", "core-derive"],
    ["crates/core-other/src/lib.rs", "root"],
  ])("has %s in %s", (path, name) => expect(memberAround(members, path)?.name).toBe(name));
  it("has a file outside of all in none", () => expect(memberAround(members.slice(1), "src/lib.rs")).toBeNull());
});

describe("namesDefaultMembers", () => {
  it.each([
    ['[workspace]\nmembers = ["a"]\ndefault-members = ["a"]\n', true],
    ['[workspace]\nmembers = ["a"]\n', false],
    ["[package]\nname = 'a'\n", false],
    ["[workspace", false],
  ])("reads %j", (manifest, says) => expect(namesDefaultMembers(manifest)).toBe(says));
});
