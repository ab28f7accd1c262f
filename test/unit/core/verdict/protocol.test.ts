// Protocols by name: a stored run is verified again by its own, and one that names none by the first.
import { describe, expect, it } from "vitest";
import { sha256 } from "../../../../src/core/base/canonical.ts";
import { patchIdOf } from "../../../../src/core/verdict/patch-id.ts";
import { LATER_PROTOCOLS, PRESENT_PROTOCOL, PROTOCOLS, protocolOf } from "../../../../src/core/verdict/protocol.ts";

describe("a protocol", () => {
  it("that a run's header does not name is the first one, with one build that any foreign word spoils", () => {
    expect(protocolOf(undefined)).toBe("one-build");
    expect(PROTOCOLS[protocolOf(undefined)]).toEqual({ builds: 1, staticRules: "verdict", foreignOutput: "violation", outputLimit: 8_000_000, apart: false });
    expect(LATER_PROTOCOLS).toEqual(["two-builds", "evidence", "observed-apart"]);
  });

  it("that is named is that one", () => {
    for (const name of LATER_PROTOCOLS) expect(protocolOf(name)).toBe(name);
    expect(PROTOCOLS["two-builds"]).toEqual({ ...PROTOCOLS["one-build"], builds: 2 });
  });

  it("of a new run takes what tests print for output, static findings for notes, and observes apart", () => {
    expect(PROTOCOLS[PRESENT_PROTOCOL]).toEqual({ builds: 2, staticRules: "note", foreignOutput: "output", outputLimit: null, apart: true });
    expect(PROTOCOLS.evidence).toEqual({ ...PROTOCOLS[PRESENT_PROTOCOL], apart: false });
  });
});

describe("the id of a patch", () => {
  const [one, two] = [sha256("1"), sha256("2")];
  it("is the same in whatever order its files come", () => {
    expect(
      patchIdOf([
        ["a", one],
        ["b", two],
      ]),
    ).toBe(
      patchIdOf([
        ["b", two],
        ["a", one],
      ]),
    );
  });
  it("is another for other files, other contents and a deleted file", () => {
    const ids = [
      [["a", one]],
      [["b", one]],
      [["a", two]],
      [["a", null]],
      [
        ["a", one],
        ["b", two],
      ],
      [
        ["a", two],
        ["b", one],
      ],
      [],
    ].map((files) => patchIdOf(files as [string, null][]));
    expect(new Set(ids).size).toBe(ids.length);
  });
  it("is that of stored runs: paths and hashes, line by line", () => {
    expect(
      patchIdOf([
        ["b", null],
        ["a", one],
      ]),
    ).toBe(sha256(`a\u0000${one}\nb\u0000deleted`));
  });
});
