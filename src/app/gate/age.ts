// How old evidence may be that is acted on.
import { daysFrom } from "../../core/base/instant.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";

/** Why runs that began then can't be acted on now; null where they can. */
export function ageRefusal(oldest: string, { policy }: PolicySnapshot, now: string): string | null {
  const { max_age_days: most } = policy.gates.reflex_promotion;
  const days = daysFrom(oldest, now);
  return days >= 0 && days <= most ? null : `its oldest run began ${days.toFixed(1)} days ago; at most ${most} days are allowed`;
}
