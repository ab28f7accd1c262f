// A seeded random generator: the same seed gives the same draws on every machine.
import { invariant } from "./errors.ts";

/** A stream of draws; each call advances it. */
export interface Random {
  /** Uniform in [0, 1), with 53 random bits. */
  next(): number;
  /** Uniform integer in [0, n); `n` is a positive integer. */
  int(n: number): number;
  /** One of the items, each equally likely; `items` is not empty. */
  pick<T>(items: readonly T[]): T;
  /** A new array with the items in random order (Fisher–Yates). */
  shuffle<T>(items: readonly T[]): T[];
}

/** A generator for the seed (`1` and `"1"` are the same seed). Source: sfc32, Doty-Humphrey, PractRand. */
export function createRandom(seed: string | number): Random {
  const draw = startSfc32(String(seed));
  const next = (): number => ((draw() >>> 5) * 2 ** 26 + (draw() >>> 6)) / 2 ** 53;
  const int = (n: number): number => {
    invariant(Number.isSafeInteger(n) && n >= 1, `random integer below ${n}: the limit is at least 1`);
    return Math.floor(next() * n);
  };
  return {
    next,
    int,
    pick: <T>(items: readonly T[]): T => items[int(items.length)] as T,
    shuffle: <T>(items: readonly T[]): T[] => shuffleWith(int, items),
  };
}

function shuffleWith<T>(int: (n: number) => number, items: readonly T[]): T[] {
  const shuffled = [...items];
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = int(last + 1);
    [shuffled[last], shuffled[other]] = [shuffled[other] as T, shuffled[last] as T];
  }
  return shuffled;
}

function startSfc32(seed: string): () => number {
  let a = hashSeed(seed, 0x811c9dc5);
  let b = hashSeed(seed, 0x9e3779b9);
  let c = hashSeed(seed, 0x85ebca6b);
  let counter = 1;
  const draw = (): number => {
    const output = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + output) | 0;
    return output >>> 0;
  };
  for (let round = 0; round < 15; round += 1) draw();
  return draw;
}

/** FNV-1a over UTF-16 code units from the given basis, finished with MurmurHash3's mixer. */
function hashSeed(seed: string, basis: number): number {
  let hash = basis;
  for (let index = 0; index < seed.length; index += 1) hash = Math.imul(hash ^ seed.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
