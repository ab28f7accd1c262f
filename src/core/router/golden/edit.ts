// Writes into golden scenario files what a change of policy makes of them: only names and expectations change, comments and layout stay.
import { editToml, type TomlEdit } from "../../base/toml-edit.ts";
import type { PolicySnapshot } from "../../policy/snapshot.ts";
import { breakerOf, providerOf } from "../reflex.ts";
import type { RouteChange } from "../../policy/change/change.ts";
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

/** One model that takes another's place in the reflex slot. */
export interface SlotMove {
  readonly from: string;
  readonly to: string;
  /** Both models are among its candidates. */
  readonly snapshot: PolicySnapshot;
}

/**
 * The files with what scenarios say of the model that leaves said of the one that comes: what was measured of it, its breaker,
 * its address. Otherwise a scenario about a slow model would be one about a model that nobody looks at. Throws `usage` where a
 * file can't be changed so: its author must.
 */
export function namesMoved(files: readonly GoldenFile[], scenarios: readonly Scenario[], which: ReadonlySet<string>, move: SlotMove): readonly GoldenFile[] {
  return files.map(({ path, text }) => {
    const edits = scenarios
      .filter((scenario) => scenario.path === path)
      .flatMap((scenario, index) => (which.has(scenario.name) ? renames(scenario, index, move) : []));
    return { path, text: editToml(text, edits) };
  });
}

function renames({ written: { health, endpoints, breakers } }: Scenario, index: number, { from, to, snapshot }: SlotMove): readonly TomlEdit[] {
  const endpoint = endpoints[from];
  const breaker = breakerName(snapshot, from, endpoint);
  const rename = (table: string, held: Readonly<Record<string, unknown>>, name: string, other: string): readonly TomlEdit[] =>
    Object.hasOwn(held, name) ? [{ do: "rename", key: ["scenario", index, table, name], to: other }] : [];
  return [
    ...rename("health", health, from, to),
    ...rename("endpoints", endpoints, from, to),
    ...rename("breakers", breakers, breaker, breakerName(snapshot, to, endpoint)),
  ];
}

function breakerName({ candidates }: PolicySnapshot, name: string, endpoint: string | undefined): string {
  const candidate = candidates.find((one) => one.name === name);
  return candidate === undefined ? name : breakerOf({ provider: providerOf({ ...candidate, endpoint: endpoint ?? candidate.endpoint }), model: name });
}

/** A decision in words with the model that comes in the place of the one that leaves. */
export function outcomeMoved(outcome: string, { from, to, snapshot }: SlotMove): string {
  const [before, after] = [from, to].map((name) => breakerName(snapshot, name, undefined));
  return named(named(outcome, before ?? from, after ?? to), from, to);
}

/** Whole names only: one may be the beginning of another. */
const named = (text: string, name: string, other: string): string => text.replaceAll(new RegExp(`(?<![\\w./-])${escaped(name)}(?![\\w.-]*[\\w-])`, "g"), other);

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
