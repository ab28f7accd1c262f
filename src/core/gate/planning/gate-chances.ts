// The chances of a planned gate to promote, to hold and to stay open, by the true difference: whole gates, simulated.
import { createRandom, type Random } from "../../base/random.ts";
import { decideCandidates, type GateVerdict } from "../decide.ts";
import { BY_FAMILY_ROUGHLY } from "../statistics/by-family.ts";
import type { GateDesign } from "./design.ts";
import { PLAYED, type GateWorld, simulatedEvidence } from "./simulated-evidence.ts";

/** Shares of the simulated gates. */
export type GateChances = Readonly<Record<GateVerdict, number>>;

/** Draws a world in which the candidate's mean rate lies `difference` above the incumbent's (−0.05: five points below). */
export type WorldMaker = (design: GateDesign, difference: number, random: Random) => GateWorld;

export function gateChances(
  design: GateDesign,
  worlds: WorldMaker,
  { difference, gates, seed }: { readonly difference: number; readonly gates: number; readonly seed: number },
): GateChances {
  const random = createRandom(`gate-plan/${seed}/${difference}/${design.tasks.length}/${design.epochs}`);
  const counts: Record<GateVerdict, number> = { promote: 0, hold: 0, inconclusive: 0 };
  for (let gate = 0; gate < gates; gate += 1) {
    const evidence = simulatedEvidence({ design, world: worlds(design, difference, random), statistics: BY_FAMILY_ROUGHLY }, random);
    const [decision] = decideCandidates(evidence, [PLAYED.candidate], PLAYED.incumbent, design.alpha / design.alternatives);
    counts[decision?.verdict ?? "inconclusive"] += 1;
  }
  return { promote: counts.promote / gates, hold: counts.hold / gates, inconclusive: counts.inconclusive / gates };
}
