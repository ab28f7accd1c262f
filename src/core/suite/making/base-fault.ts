// From what a base's preparation complained about to the reason for which its task is dropped.
import type { DropReason } from "./drop.ts";

interface FaultRule {
  readonly reason: DropReason;
  readonly sentence: string;
  readonly pattern: RegExp;
}

/** The first that matches a complaint names its reason. */
const FAULT_RULES: readonly FaultRule[] = [
  { reason: "tests-broken", sentence: "tests fail on the repaired tree", pattern: /tests of the clean base fail/ },
  { reason: "no-tests", sentence: "the repaired tree has no tests", pattern: /the clean base has no tests/ },
  {
    reason: "toolchain",
    sentence: "the compiler is too old, too new, or not a nightly one",
    pattern:
      /E0554|E0658|E0725|rustc \S+ is not supported|requires rustc|requires the (Cargo )?feature|feature `edition\d+`|supported edition values|this version of Cargo|lock file version/,
  },
  {
    reason: "networked",
    sentence: "something would have to be fetched",
    pattern:
      /dependencies of base|can't be fetched|--offline|no matching package|failed to (get|download|load source|fetch)|unable to update|Could not resolve host|network/i,
  },
];

export function baseFaultReason(complaint: string): DropReason {
  return FAULT_RULES.find(({ pattern }) => pattern.test(complaint))?.reason ?? "base-broken";
}
