// Writes new expectations into golden scenario files: only those strings change, comments and layout stay.
import { editToml } from "../../base/toml-edit.ts";
import type { RouteChange } from "../../policy/change.ts";
import type { GoldenFile, Scenario } from "./scenario.ts";

/**
 * The files whose scenarios have another result, with the new expectations. A scenario that failed before stays as it is: the
 * change did not break it.
 */
export function expectationsChanged(files: readonly GoldenFile[], scenarios: readonly Scenario[], changes: readonly RouteChange[]): readonly GoldenFile[] {
  const outcomes = new Map(changes.map(({ scenario, before, after }) => [scenario, { before, after }]));
  return files.flatMap(({ path, text }) => {
    const changed = editToml(
      text,
      scenarios
        .filter((scenario) => scenario.path === path)
        .flatMap(({ name, expect }, index) => {
          const outcome = outcomes.get(name);
          return outcome?.before === expect ? [{ do: "set", key: ["scenario", index, "expect"], value: outcome.after ?? expect } as const] : [];
        }),
    );
    return changed === text ? [] : [{ path, text: changed }];
  });
}
