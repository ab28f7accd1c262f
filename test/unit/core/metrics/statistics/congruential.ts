// A linear congruential generator: draws the same data here as in numpy, where expected values are from.
export function congruential(seed: bigint): () => number {
  let x = seed;
  return () => {
    x = (1_103_515_245n * x + 12_345n) % 2_147_483_648n;
    return Number(x >> 8n);
  };
}
