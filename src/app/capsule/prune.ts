// Old sealed capsules: which a rule takes, and removing them.
import { BakeoffError } from "../../core/base/errors.ts";
import { daysBefore } from "../../core/base/instant.ts";
import type { ListedCapsule, StoredCapsules } from "../../ports/capsules.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Places } from "../places.ts";

export interface PrunePorts {
  readonly capsules: Pick<StoredCapsules, "list" | "remove">;
  readonly clock: Pick<Clock, "wall">;
  readonly places: Pick<Places, "capsules">;
}

export interface PruneRequest {
  /** Keep so many of the newest. */
  readonly keep: number | null;
  /** Take only those that were begun longer ago. */
  readonly olderThanDays: number | null;
  /** False: only say which. */
  readonly remove: boolean;
}

/** Gives the capsules that the rule takes, as each is removed. Throws `usage` where there is no rule. */
export async function* pruneCapsules({ capsules, clock, places }: PrunePorts, request: PruneRequest): AsyncGenerator<ListedCapsule> {
  const { keep, olderThanDays, remove } = request;
  if (keep === null && olderThanDays === null) throw new BakeoffError("usage", "nothing says what to prune", "give --keep N, --older-than DAYS, or both");
  const before = olderThanDays === null ? null : daysBefore(clock.wall(), olderThanDays);
  for (const capsule of prunable(await capsules.list(places.capsules), { keep, before })) {
    if (remove) await capsules.remove(capsule);
    yield capsule;
  }
}

interface PruneRule {
  readonly keep: number | null;
  /** RFC 3339. */
  readonly before: string | null;
}

/** Which sealed capsules a rule takes, newest first. Those in use, unfinished or damaged are never taken. */
export function prunable(shelf: readonly ListedCapsule[], { keep, before }: PruneRule): readonly ListedCapsule[] {
  const sealed = shelf.filter(({ state, inUse }) => state === "sealed" && !inUse).toSorted((a, b) => (begun(a) < begun(b) ? 1 : -1));
  return sealed.slice(keep ?? 0).filter((capsule) => before === null || begun(capsule) < before);
}

const begun = ({ header }: ListedCapsule): string => header?.created_at ?? "";
