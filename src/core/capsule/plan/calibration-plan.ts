// What becomes of a planted patch: its answer, who is asked about it, and what should come of it.
import { type Binding, EMBEDDED_PROVIDER } from "../../trial/command.ts";
import type { Routing } from "../../trial/routing.ts";
import { editsOf, type PlantKind, plantedChanges } from "../../verdict/plant.ts";
import type { Header } from "../line.ts";

/** The source of a plant's answer: the program itself. */
export const PLANTED: Binding = { provider: EMBEDDED_PROVIDER, model: "planted", standIn: null };

/** The expected outcome of a plant. */
export const expectedFor = (plant: PlantKind): "unlock" | "block" => (plant === "reference" ? "unlock" : "block");

/** The planted answer in the form of a model's answer; null if the task has no place for it. */
export function plantedAnswer(plant: PlantKind, ground: Parameters<typeof plantedChanges>[1]): string | null {
  const changes = plantedChanges(plant, ground);
  const edits = changes && editsOf(ground.tree, changes);
  return edits === null ? null : JSON.stringify({ edits });
}

const STEPS = {
  Implementer: { stage: "Implement", selection_reason: "planted" },
  SidecarCritic: { stage: "Audit", selection_reason: "critic-always-on" },
  Judge: { stage: "Unlock", selection_reason: "judge-unlocks" },
} as const;

/** The roles that a plant passes through, in order, and who plays them. */
export function plantRoutings({
  bindings: { sidecarCritic, judge },
  calibration,
}: Pick<Header, "bindings" | "calibration">): readonly [Routing, Routing, Routing] {
  const planted = routingOf("Implementer", PLANTED);
  // Runs from before plants had a reason of their own borrowed one, though nothing was attempted before them.
  const borrowed = { ...planted, selection_reason: "escalated-after-reflex-attempts" } as const;
  return [calibration === undefined ? borrowed : planted, routingOf("SidecarCritic", sidecarCritic), routingOf("Judge", judge)];
}

function routingOf(role: keyof typeof STEPS, { provider, model, standIn }: Binding): Routing {
  return { role, mode: "Cloud", ...STEPS[role], attempt: 1, provider, model, stand_in: standIn, outside_policy: false };
}

/** Why a drawn plant was shown to nobody: the task has no place for it, or what it became is not what it should be. */
export type PlantOmission = "no-place" | "other-worth";

/** By its verdict: is a plant what it should be, or must it be left out? Null: it is. */
export function plantOmission(plant: PlantKind, verdict: string | undefined): PlantOmission | null {
  const isGood = plant === "reference";
  return (verdict === "passed") !== isGood || verdict === "infrastructure" || verdict === "patch-rejected" ? "other-worth" : null;
}
