// Could a perfect candidate meet every criterion? If not, no candidate can, and what is missing is known before anything runs.
import { createRandom } from "../../base/random.ts";
import type { CriterionName } from "../criteria/names.ts";
import { CRITERIA, criteriaAsked } from "../criteria/criteria.ts";
import { noFacts } from "../facts.ts";
import type { GateRules } from "../registration/registration.ts";
import { BY_FAMILY_ROUGHLY } from "../statistics/by-family.ts";
import { type DesignSize, type GateDesign, MOST_IMPOSSIBLE, sizeOf, withFamilies, withTasks } from "./design.ts";
import { PLAYED, type GateWorld, simulatedEvidence } from "./simulated-evidence.ts";

/** A criterion that nobody could meet, and the least of one figure that would let a perfect candidate meet it; null: no number would. */
export interface Unreachable {
  readonly criterion: CriterionName;
  readonly needs: { readonly what: keyof DesignSize; readonly is: number; readonly least: number } | null;
}

const QUICK = { modelMs: 0, attemptMs: 0, ttftMs: 0, tokensPerSecond: Number.MAX_SAFE_INTEGER, json: true };
const AT_ONCE = { ...QUICK, compiled: true, first: QUICK };

/** Solves everything at once and is never ill served; the incumbent and the Implementer are as good, and the compiler solves nothing. */
const PERFECT: GateWorld = {
  passes: (role) => (role === "compiler" ? 0 : 1),
  infrastructure: 0,
  falseUnlock: 0,
  falseBlock: 0,
  flake: 0,
  attempt: () => AT_ONCE,
};

/** As much as is asked of anybody: where this will not do, more of something else is wanted. */
const MOST: DesignSize = { families: 600, tasks: 1500, epochs: 20, plants: 1500, impossible: MOST_IMPOSSIBLE };

const MORE: { readonly [K in keyof DesignSize]: (design: GateDesign, value: number) => GateDesign } = {
  families: withFamilies,
  tasks: withTasks,
  epochs: (design, epochs) => ({ ...design, epochs }),
  plants: (design, plants) => ({ ...design, plants }),
  impossible: (design, impossible) => ({ ...design, impossible }),
};

/** What is tried first is told where it helps: more repeats are cheaper than more plants, and those than tasks and families to be written. */
const DIMENSIONS: readonly (keyof DesignSize)[] = ["epochs", "plants", "impossible", "tasks", "families"];

/** What was found of the designs that were asked about last: sessions that follow each other in one process ask about the same ones. */
const lastFound = new Map<string, readonly Unreachable[]>();
const MOST_FOUND = 16;

/** The criteria that a perfect candidate would not meet with this design; empty: it can promote. */
export function unreachable(design: GateDesign): readonly Unreachable[] {
  const key = JSON.stringify(design);
  const unmetBy = lastFound.get(key) ?? lookedFor(design);
  // The one that was not asked about for the longest time goes first.
  lastFound.delete(key);
  lastFound.set(key, unmetBy);
  if (lastFound.size > MOST_FOUND) lastFound.delete([...lastFound.keys()][0] as string);
  return unmetBy;
}

function lookedFor(design: GateDesign): readonly Unreachable[] {
  if (design.tasks.length === 0) return [{ criterion: "enough-tasks", needs: null }];
  const judges = new Map<string, Judge>();
  // Criteria are asked about the same designs over and over: each is drawn once.
  const at = (what: keyof DesignSize, value: number): Judge => {
    const known = judges.get(`${what} ${value}`) ?? perfectlyMet(MORE[what](design, value));
    judges.set(`${what} ${value}`, known);
    return known;
  };
  return unmet(design).map((criterion) => ({ criterion, needs: needsOf(sizeOf(design), criterion, at) }));
}

/** Whether a perfect candidate would be promoted, without what is missing where it would not. */
export const canPromote = (design: GateDesign): boolean => design.tasks.length > 0 && unmet(design).length === 0;

/** The criteria that a perfect candidate would not meet with any suite, so many repeats and so many alternatives: the policy itself forbids promotion. */
export function hopeless(rules: GateRules, alternatives = 1): readonly CriterionName[] {
  const tasks = Array.from({ length: MOST.families }, (_, index) => ({ id: String(index), family: String(index) }));
  return unmet({ tasks, epochs: MOST.epochs, alternatives, plants: MOST.plants, impossible: MOST.impossible, rules, alpha: rules.alpha });
}

function unmet(design: GateDesign): readonly CriterionName[] {
  const isMet = perfectlyMet(design);
  return criteriaAsked(BY_FAMILY_ROUGHLY, design.rules).filter((criterion) => !isMet(criterion));
}

/** Whether a perfect candidate meets a criterion. */
type Judge = (criterion: CriterionName) => boolean;

function perfectlyMet(design: GateDesign): Judge {
  const evidence = simulatedEvidence({ design, world: PERFECT, statistics: BY_FAMILY_ROUGHLY }, createRandom("perfect"));
  const [candidate, incumbent] = [PLAYED.candidate, PLAYED.incumbent].map((name) => evidence.candidates.get(name) ?? noFacts(name));
  if (candidate === undefined || incumbent === undefined) return () => false;
  // Alternatives that are all perfect pass at the first step of Holm's procedure, at α / m.
  return (criterion) => CRITERIA[criterion].judge({ evidence, candidate, incumbent }, design.alpha / design.alternatives).outcome === "met";
}

function needsOf(size: DesignSize, criterion: CriterionName, at: (what: keyof DesignSize, value: number) => Judge): Unreachable["needs"] {
  for (const what of DIMENSIONS) {
    const least = leastThat((value) => at(what, value)(criterion), size[what], MOST[what]);
    if (least !== null) return { what, is: size[what], least };
  }
  return null;
}

/** The least value above `from` for which it holds: doubled until it does, then halved down; null where none up to `most` does. */
function leastThat(holds: (value: number) => boolean, from: number, most: number): number | null {
  if (from >= most || !holds(most)) return null;
  // Nothing, doubled, stays nothing: a policy may ask for no plants.
  let [low, high] = [from, Math.min(most, Math.max(1, 2 * from))];
  while (!holds(high)) [low, high] = [high, Math.min(most, 2 * high)];
  while (low + 1 < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}

const NOUNS: Readonly<Record<keyof DesignSize, readonly [one: string, several: string]>> = {
  families: ["family", "families"],
  tasks: ["low-risk task", "low-risk tasks"],
  epochs: ["epoch", "epochs"],
  plants: ["calibration plant", "calibration plants"],
  impossible: ["family of impossible tasks", "families of impossible tasks"],
};

/** `26 families, 59 needed; 1 epoch, 6 needed`: the most that any criterion asks for, once for each figure. Empty where all is reachable. */
export function missingText(found: readonly Unreachable[]): string {
  const most = new Map<keyof DesignSize, { readonly is: number; readonly least: number }>();
  for (const { needs } of found) if (needs !== null && needs.least > (most.get(needs.what)?.least ?? 0)) most.set(needs.what, needs);
  const told = [...most].map(([what, { is, least }]) => `${is} ${NOUNS[what][is === 1 ? 0 : 1]}, ${least} needed`);
  const without = found.flatMap(({ criterion, needs }) => (needs === null ? [criterion] : []));
  return [...told, ...(without.length === 0 ? [] : [`${without.join(", ")} can't be met by any candidate`])].join("; ");
}
