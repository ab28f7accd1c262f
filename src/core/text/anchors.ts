// Lines by which two large texts are laid beside each other: those that stand once in each, as many as keep their order.

/** Places in both texts, in order. */
export function anchors(before: readonly string[], after: readonly string[]): (readonly [before: number, after: number])[] {
  const [left, right] = [onceIn(before), onceIn(after)];
  const pairs = [...left].flatMap(([line, place]): (readonly [number, number])[] => {
    const other = right.get(line);
    return other === undefined ? [] : [[place, other]];
  });
  return longestRising(pairs);
}

/** Lines that stand there once, by their place and in its order. */
function onceIn(lines: readonly string[]): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  const again = new Set<string>();
  for (const [place, line] of lines.entries()) {
    if (places.has(line)) again.add(line);
    else places.set(line, place);
  }
  for (const line of again) places.delete(line);
  return places;
}

/** The longest run of pairs, which come by their first places, whose second ones rise too. Patience sorting: n log n. */
function longestRising(pairs: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const piles: number[] = [];
  const before: number[] = [];
  for (const [index, pair] of pairs.entries()) {
    let [low, high] = [0, piles.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[piles[middle] ?? 0]?.[1] ?? 0) < pair[1]) low = middle + 1;
      else high = middle;
    }
    before[index] = piles[low - 1] ?? -1;
    piles[low] = index;
  }
  const run: (readonly [number, number])[] = [];
  for (let index = piles.at(-1) ?? -1; index >= 0; index = before[index] ?? -1) {
    const pair = pairs[index];
    if (pair) run.push(pair);
  }
  return run.toReversed();
}
