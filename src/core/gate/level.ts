// The level of a gate that is one of several, and how the looks of one gate share it: together they err with a chance of at most α.

/** How looks share a level: by bets that may be looked at at any time, or by a spending function over the looks that were planned. */
export const SEQUENTIAL = ["betting", "spending"] as const;
export type Sequential = (typeof SEQUENTIAL)[number];

/** The first gate's share of α. The rest is left for gates that come again. */
const FIRST_SHARE = 0.8;

/**
 * The level of the gate that comes after `before` others of the same registration chain: 0.8 α for the first, 0.2 α / (k (k − 1)) for the
 * k-th. All of them together, however many there are, spend α: whoever gates again, with more runs or another candidate, until
 * something passes, errs no more often than who gates once. Null: no chain tells how many there were, and the level is this gate's own.
 */
export function levelOfGate(alpha: number, before: number | null): number {
  if (before === null) return alpha;
  const k = before + 1;
  return k === 1 ? FIRST_SHARE * alpha : ((1 - FIRST_SHARE) * alpha) / (k * (k - 1));
}
