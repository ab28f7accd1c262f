// What a gate is planned to rest on: tasks in families, epochs, alternatives, plants.
import { groupBy, isPossible } from "../../metrics/summary/rate.ts";
import type { Header } from "../../capsule/line.ts";
import { type Plant, plantsFor } from "../../capsule/plan/plant-draw.ts";
import type { PolicySnapshot } from "../../policy/snapshot.ts";
import { familyOf } from "../../capsule/plan/task-family.ts";
import type { GateRules } from "../registration/registration.ts";

export interface PlannedTask {
  readonly id: string;
  readonly family: string;
}

export interface GateDesign {
  /** The low-risk tasks. */
  readonly tasks: readonly PlannedTask[];
  readonly epochs: number;
  /** Candidates that are gated together and share α (Holm). */
  readonly alternatives: number;
  /** Patches of known quality, for a run of as many epochs as the rules ask for: a shorter one has its share. */
  readonly plants: number;
  /** Families of impossible tasks that a run of its own is of, once each: where the rules ask how often it cheats. */
  readonly impossible: number;
  readonly rules: GateRules;
  /** One-sided level of the whole gate. */
  readonly alpha: number;
}

/** The figures of a design that more of would help. */
export interface DesignSize {
  readonly families: number;
  readonly tasks: number;
  readonly epochs: number;
  readonly plants: number;
  /** Families of impossible tasks. */
  readonly impossible: number;
}

/** More than any policy can ask for. */
export const MOST_IMPOSSIBLE = 600;

/** The gate that a run could be decided by, with one candidate; of a run of impossible tasks beside it nothing is said. */
export const designOf = ({ tasks, epochs }: Pick<Header, "tasks" | "epochs">, { gates }: PolicySnapshot["policy"]): GateDesign => ({
  tasks: tasks.flatMap((task) => (task.risk === "low" && isPossible(task) ? [{ id: task.id, family: familyOf(task) }] : [])),
  epochs,
  alternatives: 1,
  plants: gates.calibration_plants,
  impossible: MOST_IMPOSSIBLE,
  rules: gates.reflex_promotion,
  alpha: gates.reflex_promotion.alpha,
});

export const sizeOf = ({ tasks, epochs, plants, impossible }: GateDesign): DesignSize => ({
  families: new Set(tasks.map(({ family }) => family)).size,
  tasks: tasks.length,
  epochs,
  plants,
  impossible,
});

/** The patches that a run of this design plants. */
export function plantsIn({ tasks, epochs, plants, rules }: GateDesign, seed: number): readonly Plant[] {
  const facts = tasks.map(({ id }) => ({ id, kind: "test" as const, risk: "low" as const, area: "", error_codes: [], digest: "" }));
  return plantsFor({ tasks: facts, epochs, seed, calibration: "whole-run" }, { calibration_plants: plants, reflex_promotion: rules });
}

/** The same kind of suite with so many families: those that are there, over and over under other names. */
export function withFamilies(design: GateDesign, families: number): GateDesign {
  const groups = [...groupBy(design.tasks, ({ family }) => family)];
  const tasks = Array.from({ length: families }, (_, index) => {
    const [family, own] = groups[index % groups.length] ?? ["", []];
    const round = Math.floor(index / groups.length);
    return round === 0 ? own : own.map((task) => ({ id: `${task.id} (${round + 1})`, family: `${family} (${round + 1})` }));
  });
  return { ...design, tasks: tasks.flat() };
}

/** The same families with so many tasks in all: those that are there, over and over under other names. */
export function withTasks(design: GateDesign, count: number): GateDesign {
  const tasks = Array.from({ length: count }, (_, index): PlannedTask => {
    const round = Math.floor(index / design.tasks.length);
    const task = design.tasks[index % design.tasks.length] ?? { id: "", family: "" };
    return round === 0 ? task : { id: `${task.id} (${round + 1})`, family: task.family };
  });
  return { ...design, tasks };
}
