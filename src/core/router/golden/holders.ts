// Which golden scenarios hold a key of the policy: those that come to another decision where its value is another one.
import { isTable, type Table } from "../../policy/layer.ts";
import type { PolicySnapshot } from "../../policy/snapshot.ts";
import { formatCommand } from "../format-command.ts";
import { decide } from "../next.ts";
import { type Scenario, stageScenario } from "./scenario.ts";

/** The names of the scenarios, in their order. `path`: the key's, as `reflex.max_attempts` is written. */
export function holdersOf(snapshot: PolicySnapshot, scenarios: readonly Scenario[], path: readonly string[]): readonly string[] {
  return scenarios.filter((scenario) => holds(snapshot, scenario, path)).map(({ name }) => name);
}

function holds(snapshot: PolicySnapshot, scenario: Scenario, path: readonly string[]): boolean {
  const staged = stageScenario(snapshot, scenario);
  if (!staged.ok) return false;
  const now = valueAt(staged.snapshot.policy, path);
  if (now === undefined) return false;
  const is = outcomeOf(snapshot, scenario);
  return othersThan(now, staged.snapshot).some((value) => {
    const changed = outcomeOf(snapshot, { ...scenario, layers: [...scenario.layers, layerOf(path, value)] });
    return changed !== null && changed !== is;
  });
}

/** Null where no policy may be so. */
function outcomeOf(snapshot: PolicySnapshot, scenario: Scenario): string | null {
  const staged = stageScenario(snapshot, scenario);
  return staged.ok ? formatCommand(decide(staged.snapshot, staged.plan, scenario.history, staged.conditions).command) : null;
}

const valueAt = (table: unknown, path: readonly string[]): unknown => path.reduce<unknown>((here, name) => (isTable(here) ? here[name] : undefined), table);

/** A layer that holds one value. */
const layerOf = (path: readonly string[], value: unknown): Table => path.toReversed().reduce<unknown>((below, name) => ({ [name]: below }), value) as Table;

/** Other values of the same kind; what is none for this key is refused when the scenario is staged. */
function othersThan(now: unknown, { policy, candidates }: PolicySnapshot): readonly unknown[] {
  if (typeof now === "boolean") return [!now];
  if (typeof now === "number") return [now + 1, now - 1, now * 10, 0, 100];
  if (Array.isArray(now)) return [[], ...candidates.map(({ name }) => [name]), ["low"], ["high"], ["src/**"], ["**"]];
  const names = [...candidates.map(({ name }) => name), ...Object.keys(policy.models), "off", "shadow", "on"];
  return typeof now === "string" ? names.filter((name) => name !== now) : [];
}
