// The chances of a planned gate to promote, to hold and to stay open, by the true difference: whole gates, simulated.
import { createRandom, type Random } from "../../base/random.ts";
import { wilson } from "../../metrics/statistics/interval.ts";
import { decideCandidates, type GateVerdict } from "../decide.ts";
import { BY_FAMILY_ROUGHLY } from "../statistics/by-family.ts";
import type { GateDesign } from "./design.ts";
import { PLAYED, type GateWorld, simulatedEvidence } from "./simulated-evidence.ts";

/** Shares of the simulated gates. */
export type GateChances = Readonly<Record<GateVerdict, number>>;

/** Draws a world in which the candidate's mean rate lies `difference` above the incumbent's (−0.05: five points below). */
export type WorldMaker = (design: GateDesign, difference: number, random: Random) => GateWorld;

export interface SimulatedGates {
  /** True difference of the mean rates, as a share. */
  readonly difference: number;
  readonly gates: number;
  readonly seed: number;
}

/** Gate after gate, each in a world of its own. */
export function* simulatedVerdicts(design: GateDesign, worlds: WorldMaker, { difference, gates, seed }: SimulatedGates): Generator<GateVerdict> {
  const random = createRandom(`gate-plan/${seed}/${difference}/${design.tasks.length}/${design.epochs}`);
  for (let gate = 0; gate < gates; gate += 1) {
    const evidence = simulatedEvidence({ design, world: worlds(design, difference, random), statistics: BY_FAMILY_ROUGHLY }, random);
    const [decision] = decideCandidates(evidence, [PLAYED.candidate], PLAYED.incumbent, design.alpha / design.alternatives);
    yield decision?.verdict ?? "inconclusive";
  }
}

export function gateChances(design: GateDesign, worlds: WorldMaker, simulated: SimulatedGates): GateChances {
  const counts: Record<GateVerdict, number> = { promote: 0, hold: 0, inconclusive: 0 };
  for (const verdict of simulatedVerdicts(design, worlds, simulated)) counts[verdict] += 1;
  const { gates } = simulated;
  return { promote: counts.promote / gates, hold: counts.hold / gates, inconclusive: counts.inconclusive / gates };
}

/** How sure it must be on which side a chance lies before no more gates are drawn, and how many are drawn between looks. */
const SURE = 0.99;
const STEP = 10;

/** The chance of an equal candidate to be promoted; of what lies far from `sides`, only so much as tells on which side. */
export function equalChance(design: GateDesign, worlds: WorldMaker, simulated: Omit<SimulatedGates, "difference">, sides: number): number {
  let [promoted, drawn] = [0, 0];
  for (const verdict of simulatedVerdicts(design, worlds, { ...simulated, difference: 0 })) {
    drawn += 1;
    if (verdict === "promote") promoted += 1;
    if (drawn % STEP !== 0) continue;
    const { low, high } = wilson(promoted, drawn, SURE);
    if ((low ?? 0) > sides || (high ?? 1) < sides) break;
  }
  return promoted / drawn;
}
