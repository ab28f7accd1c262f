// Canonical JSON against RFC 8785's own examples, and Merkle roots against RFC 6962's known vectors.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson, hashOf, merkleRoot, sha256 } from "../../../../src/core/base/canonical.ts";

const refused = expect.objectContaining({ code: "invariant" }) as Error;

describe("canonicalJson", () => {
  it("writes the example of RFC 8785 § 3.2.2 as § 3.2.3 has it", () => {
    const value = {
      numbers: [Number("333333333.33333329"), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\u002f",
      literals: [null, true, false],
    };
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it("sorts keys by UTF-16 code units, as § 3.2.3 shows", () => {
    const value = {
      "\u20ac": "Euro Sign",
      "\r": "Carriage Return",
      "\ufb33": "Hebrew Letter Dalet With Dagesh",
      "1": "One",
      "\ud83d\ude00": "Emoji: Grinning Face",
      "\u0080": "Control",
      "\u00f6": "Latin Small Letter O With Diaeresis",
    };
    expect(Object.values(JSON.parse(canonicalJson(value)) as object)).toHaveLength(7);
    const order = [...canonicalJson(value).matchAll(/:"([^"]*)"/g)].map(([, text]) => text);
    expect(order).toEqual([
      "Carriage Return",
      "One",
      "Control",
      "Latin Small Letter O With Diaeresis",
      "Euro Sign",
      "Emoji: Grinning Face",
      "Hebrew Letter Dalet With Dagesh",
    ]);
  });

  // RFC 8785 appendix B: IEEE 754 bits to text.
  const NUMBERS: readonly [string, string][] = [
    ["0000000000000000", "0"],
    ["8000000000000000", "0"],
    ["0000000000000001", "5e-324"],
    ["8000000000000001", "-5e-324"],
    ["7fefffffffffffff", "1.7976931348623157e+308"],
    ["ffefffffffffffff", "-1.7976931348623157e+308"],
    ["4340000000000000", "9007199254740992"],
    ["c340000000000000", "-9007199254740992"],
    ["4430000000000000", "295147905179352830000"],
    ["44b52d02c7e14af5", "9.999999999999997e+22"],
    ["44b52d02c7e14af6", "1e+23"],
    ["44b52d02c7e14af7", "1.0000000000000001e+23"],
    ["444b1ae4d6e2ef4e", "999999999999999700000"],
    ["444b1ae4d6e2ef4f", "999999999999999900000"],
    ["444b1ae4d6e2ef50", "1e+21"],
    ["3eb0c6f7a0b5ed8c", "9.999999999999997e-7"],
    ["3eb0c6f7a0b5ed8d", "0.000001"],
    ["41b3de4355555553", "333333333.3333332"],
    ["41b3de4355555554", "333333333.33333325"],
    ["41b3de4355555555", "333333333.3333333"],
    ["41b3de4355555556", "333333333.3333334"],
    ["41b3de4355555557", "333333333.33333343"],
    ["becbf647612f3696", "-0.0000033333333333333333"],
    ["43143ff3c1cb0959", "1424953923781206.2"],
  ];
  for (const [bits, text] of NUMBERS) {
    it(`writes the number ${bits} as ${text}`, () => expect(canonicalJson(Buffer.from(bits, "hex").readDoubleBE())).toBe(text));
  }

  it("sorts names that are numbers as texts, though engines put them first, however deep", () => {
    expect(canonicalJson({ b: { 10: 1, 9: { 2: 0, 11: 0 }, a: 1 }, "": 0 })).toBe('{"":0,"b":{"10":1,"9":{"11":0,"2":0},"a":1}}');
  });

  it("leaves undefined members out", () => expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}'));

  it("keeps a member called __proto__ as a member", () => {
    const value = JSON.parse('{"__proto__":{"a":1},"constructor":2}') as unknown;
    expect(canonicalJson(value)).toBe('{"__proto__":{"a":1},"constructor":2}');
  });

  const REFUSED: readonly [string, unknown][] = [
    ["NaN", Number.NaN],
    ["infinity", Number.POSITIVE_INFINITY],
    ["minus infinity", Number.NEGATIVE_INFINITY],
    ["a function", () => 1],
    ["undefined", undefined],
    ["a symbol", Symbol("a")],
    ["a bigint", 1n],
    ["half a surrogate pair", "\ud800"],
    ["the other half", "a\udc00b"],
    ["a Date", new Date(0)],
    ["a Map", new Map([[1, 2]])],
    ["a Set", new Set([1])],
    ["bytes", Buffer.from("a")],
    ["an Error", new Error("a")],
  ];
  for (const [name, value] of REFUSED) {
    it(`refuses ${name}, at the top and inside`, () => {
      for (const holder of [value, [value], { a: { b: [value] } }].slice(value === undefined ? 1 : 0, value === undefined ? 2 : 3))
        expect(() => canonicalJson(holder)).toThrow(refused);
    });
  }

  it("refuses keys that hold half a surrogate pair", () => expect(() => canonicalJson({ "\ud800": 1 })).toThrow(refused));

  it("refuses an array with a hole in it", () => {
    const holed: number[] = [1, 2, 3];
    delete holed[1];
    expect(() => canonicalJson(holed)).toThrow(refused);
  });

  it("says where the value is that it refuses", () => expect(() => canonicalJson({ a: [0, { b: Number.NaN }] })).toThrow("$.a[1].b"));

  it("gives the same text for any order of keys, and reads back as it was", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        if (typeof value === "object" && value !== null && !Array.isArray(value)) {
          expect(canonicalJson(Object.fromEntries(Object.entries(value).toReversed()))).toBe(text);
        }
      }),
      { seed: 8785, numRuns: 1000 },
    );
  });
});

describe("hashes", () => {
  it("are those of FIPS 180-4", () => {
    expect(sha256("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(sha256(new Uint8Array())).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  });

  it("are over the canonical text", () => expect(hashOf({ b: 1, a: [] })).toBe(sha256('{"a":[],"b":1}')));
});

describe("merkleRoot", () => {
  // The leaves and roots of certificate-transparency's own tests (RFC 6962 § 2.1).
  const LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"].map((hex) =>
    Buffer.from(hex, "hex").toString("latin1"),
  );
  const ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  ];
  for (const [size, root] of ROOTS.entries()) it(`of ${size} known leaves is the known root`, () => expect(merkleRoot(LEAVES.slice(0, size))).toBe(root));

  it("agrees with the recursive definition at every size", () => {
    const node = (left: string, right: string) => sha256(Buffer.concat([Buffer.of(1), Buffer.from(left, "hex"), Buffer.from(right, "hex")]));
    const recursive = (leaves: readonly string[]): string => {
      if (leaves.length === 1) return sha256(Buffer.concat([Buffer.of(0), Buffer.from(leaves[0] ?? "")]));
      const half = 2 ** Math.floor(Math.log2(leaves.length - 1));
      return node(recursive(leaves.slice(0, half)), recursive(leaves.slice(half)));
    };
    for (let size = 1; size <= 130; size += 1) {
      const leaves = Array.from({ length: size }, (_, index) => `leaf ${index} é`);
      expect(merkleRoot(leaves)).toBe(recursive(leaves));
    }
  });

  it("tells order, number and content apart", () => {
    const roots = [[], [""], ["a"], ["a", "b"], ["b", "a"], ["ab"], ["a", "b", "b"], ["a", "a", "b"]].map(merkleRoot);
    expect(new Set(roots).size).toBe(roots.length);
  });
});
