// Finds which of many lines occur in some bytes, in one pass however many lines there are.

interface Needle {
  readonly line: string;
  readonly bytes: Buffer;
}

/** Hashes the first bytes of each line, as many as the shortest line has, and rolls a window of that size over the input. */
const MAX_WINDOW = 12;
const FACTOR = 0x01000193;
const FILTER_BITS = 16;

/** Rabin–Karp search for several patterns. Empty lines are never found. */
export function lineFinder(lines: readonly string[]): (bytes: Uint8Array) => string[] {
  const needles = [...new Set(lines)].filter((line) => line !== "").map((line): Needle => ({ line, bytes: Buffer.from(line) }));
  const window = Math.min(MAX_WINDOW, ...needles.map(({ bytes }) => bytes.length));
  const byHash = new Map<number, Needle[]>();
  for (const needle of needles) byHash.set(hashOf(needle.bytes, window), [...(byHash.get(hashOf(needle.bytes, window)) ?? []), needle]);
  const filter = new Uint8Array(1 << FILTER_BITS);
  for (const hash of byHash.keys()) filter[slotOf(hash)] = 1;
  let leaving = 1;
  for (let index = 0; index < window; index += 1) leaving = Math.imul(leaving, FACTOR);
  return (bytes) => {
    const found = new Set<string>();
    if (needles.length === 0 || bytes.length < window) return [];
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let hash = hashOf(bytes, window);
    for (let start = 0; ; start += 1) {
      if (filter[slotOf(hash)] === 1) {
        for (const needle of byHash.get(hash) ?? []) {
          const end = start + needle.bytes.length;
          if (end <= text.length && text.compare(needle.bytes, 0, needle.bytes.length, start, end) === 0) found.add(needle.line);
        }
      }
      const next = start + window;
      if (next >= bytes.length) return needles.flatMap(({ line }) => (found.has(line) ? [line] : []));
      hash = (Math.imul(hash, FACTOR) + (bytes[next] ?? 0) - Math.imul(bytes[start] ?? 0, leaving)) | 0;
    }
  };
}

const slotOf = (hash: number): number => (hash ^ (hash >>> FILTER_BITS)) & ((1 << FILTER_BITS) - 1);

function hashOf(bytes: Uint8Array, window: number): number {
  let hash = 0;
  for (let index = 0; index < window; index += 1) hash = (Math.imul(hash, FACTOR) + (bytes[index] ?? 0)) | 0;
  return hash;
}
