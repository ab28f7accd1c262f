// Sets tests of a repair aside that can't judge it: red with the repair, or not the same each time.
import { withoutHeldOut } from "./hold-out.ts";
import type { Repair } from "./repair.ts";
import { testIdentities } from "./test-identity.ts";

/** The repair judged without these tests, which may have been held out meanwhile; null where all of them are aside already. */
export function setAside(repair: Repair, ids: readonly string[]): Repair | null {
  const known = new Set(repair.aside ?? []);
  // Only a repair's own tests move, and those that are aside stay where they were.
  const fresh = [...new Set(ids.map(withoutHeldOut))].filter((id) => !known.has(id));
  if (fresh.length === 0) return null;
  const identify = testIdentities(repair.clean);
  return {
    ...repair,
    tests: repair.tests.filter((test) => !fresh.some(identify(test, false))),
    aside: [...known, ...fresh].toSorted(),
  };
}
