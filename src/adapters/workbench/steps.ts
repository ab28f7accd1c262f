// In which order a patched tree is built and tested: the changed packages first, and all that is missing for a pass after them.
import type { BaseMeta, BinaryMeta } from "./base-meta.ts";

/** One build and what is run of it. */
export interface VerifyStep {
  /** Packages to build; `workspace`: all; `none`: what is run is there already. */
  readonly build: readonly string[] | "workspace" | "none";
  readonly binaries: readonly BinaryMeta[];
}

/** One step or two: the second is taken where all tests of the first have passed. */
export type VerifySteps = readonly [VerifyStep] | readonly [VerifyStep, VerifyStep];

/** Members that changed files lie in; these, and all that depend on them. */
export interface ChangedMembers {
  readonly owners: ReadonlySet<string>;
  readonly affected: ReadonlySet<string>;
}

/**
 * A package is built alone only where that gives the same binary as a build of the workspace: cargo may choose other features for its
 * dependencies, and would compile them anew.
 */
export function stepsFor(meta: BaseMeta, { owners, affected }: ChangedMembers, judged: readonly BinaryMeta[]): VerifySteps {
  const isOwn = ({ member }: BinaryMeta) => owners.has(member);
  const own = judged.filter(isOwn);
  const canStandAlone = [...owners].every((owner) => meta.alone.includes(owner));
  const dependents = [...affected].filter((member) => !owners.has(member));
  const others = judged.filter((binary) => !isOwn(binary));
  if (!canStandAlone || own.length === 0 || (dependents.length === 0 && others.length === 0)) return [{ build: "workspace", binaries: judged }];
  return [
    { build: [...owners].toSorted(), binaries: own },
    { build: dependents.length === 0 ? "none" : "workspace", binaries: others },
  ];
}
