// Any text at all, for property tests: whole characters of every plane, and words that JavaScript has a use of its own for.
import fc from "fast-check";

const SURROGATES = { from: 0xd800, count: 0x800 };

// Fast-check's own unit "binary" works out a table of all of them first, which takes longer than most properties.
const character = fc
  .integer({ min: 0, max: 0x10ffff - SURROGATES.count })
  .map((place) => String.fromCodePoint(place < SURROGATES.from ? place : place + SURROGATES.count));

/** `most`: characters, where not as many as fast-check thinks fit. */
export function anyText(most?: number): fc.Arbitrary<string> {
  const limit = most === undefined ? {} : { maxLength: most };
  return fc.oneof({ weight: 9, arbitrary: fc.string({ unit: character, ...limit }) }, { weight: 1, arbitrary: fc.string(limit) });
}
