// The packed set of hashes, beside a set of texts: the same answers, whatever is added and taken out.
import fc from "fast-check";
import { expect, it } from "vitest";
import { sha256 } from "../../../../src/core/base/canonical.ts";
import { HashSet } from "../../../../src/core/base/hash-set.ts";

/** Few first bytes, so that most of them meet. */
const hashes = fc.nat(40).map((number) => `${"00".repeat(number % 4)}${sha256(String(number))}`.slice(0, 64));
const steps = fc.array(fc.record({ does: fc.constantFrom("add", "delete", "has"), hash: hashes }), { maxLength: 200 });

it("answers as a set of texts does", () =>
  fc.assert(
    fc.property(steps, (all) => {
      const [packed, plain] = [new HashSet(), new Set<string>()];
      for (const { does, hash } of all) {
        if (does === "add") {
          packed.add(hash);
          plain.add(hash);
        } else if (does === "delete") {
          packed.delete(hash);
          plain.delete(hash);
        }
        expect(packed.has(hash)).toBe(plain.has(hash));
      }
      expect([packed.size, [...packed].toSorted()]).toEqual([plain.size, [...plain].toSorted()]);
    }),
  ));

it("grows, and stays small where as many go as come", () => {
  const set = new HashSet();
  const all = Array.from({ length: 20_000 }, (_, index) => sha256(String(index)));
  for (const hash of all) set.add(hash);
  expect([set.size, all.every((hash) => set.has(hash)), set.has(sha256("other"))]).toEqual([20_000, true, false]);
  for (const hash of all) set.delete(hash);
  for (let round = 0; round < 5; round += 1)
    for (const hash of all) {
      set.add(hash);
      set.delete(hash);
    }
  expect([set.size, [...set]]).toEqual([0, []]);
  set.add(all[0] ?? "");
  set.clear();
  expect([...set]).toEqual([]);
});
