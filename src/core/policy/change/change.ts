// The differences between two policies, value by value and route by route, with the effect of each.
import { canonicalJson } from "../../base/canonical.ts";
import { type Effect, EFFECT_LEVELS, effectOf, type VersionLevel } from "./effect.ts";
import { isTable, keyText, leavesOf, type Table } from "../layer.ts";
import type { PolicySnapshot } from "../snapshot.ts";

export interface PolicyChange {
  /** As in TOML; candidates and promotions are keyed by their name. */
  readonly key: string;
  /** `undefined`: absent. */
  readonly before: unknown;
  readonly after: unknown;
  readonly effect: Effect;
  readonly level: VersionLevel;
}

type Content = Pick<PolicySnapshot, "policy" | "candidates">;

/** Every change of content, in the order of the policies' keys. Layout (comments, order, layers) is not content; neither are version and date. */
export function changesBetween(before: Content, after: Content): readonly PolicyChange[] {
  const [then, now] = [contentOf(before), contentOf(after)];
  const keys = new Map([...entriesOf(then, now), ...entriesOf(now, then)].map((key) => [keyText(key), key]));
  return [...keys.values()].flatMap((key) => changeAt(key, valueAt(then, key), valueAt(now, key)));
}

function changeAt(key: readonly string[], before: unknown, after: unknown): readonly PolicyChange[] {
  if (same(before, after)) return [];
  const effect = effectOf(key, before, after);
  // A value without a known meaning counts as the most severe kind of change.
  const known = effect ?? "loosens";
  return [{ key: keyText(key), before, after, effect: known, level: EFFECT_LEVELS[known] }];
}

function contentOf({ policy, candidates }: Content): Table {
  const { meta, promotion, ...rest } = policy;
  return {
    meta: { id: meta.id },
    ...rest,
    promotion: Object.fromEntries(promotion.map(({ candidate, ...facts }) => [candidate, facts])),
    candidate: Object.fromEntries(candidates.map(({ name, ...facts }) => [name, facts])),
  };
}

/** Tables of named entries: adding or removing a whole entry is one change. */
const RECORDS: readonly string[] = ["models", "providers", "retries", "promotion", "candidate", "prices.models"];

function entriesOf(content: Table, other: Table): readonly (readonly string[])[] {
  const keys = leavesOf(content)
    .filter(({ value }) => !isTable(value))
    .map(({ key }) => entryOf(key, other));
  return [...new Map(keys.map((key) => [keyText(key), key])).values()];
}

function entryOf(key: readonly string[], other: Table): readonly string[] {
  const record = RECORDS.find((name) => key.join(".").startsWith(`${name}.`));
  if (record === undefined) return key;
  const entry = key.slice(0, record.split(".").length + 1);
  return valueAt(other, entry) === undefined ? entry : key;
}

function valueAt(table: Table, key: readonly string[]): unknown {
  return key.reduce<unknown>((here, part) => (isTable(here) && Object.hasOwn(here, part) ? here[part] : undefined), table);
}

const same = (one: unknown, other: unknown): boolean =>
  one === other || (one !== undefined && other !== undefined && canonicalJson(one) === canonicalJson(other));

/** Runs every golden scenario under a policy; each result is a comparable line of text. */
export type ScenarioRunner = (snapshot: PolicySnapshot) => readonly { readonly scenario: string; readonly outcome: string }[];

export interface RouteChange {
  readonly scenario: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** The scenarios whose result differs under the second policy. */
export function routeChanges(run: ScenarioRunner, before: PolicySnapshot, after: PolicySnapshot): readonly RouteChange[] {
  const [then, now] = [before, after].map((snapshot) => new Map(run(snapshot).map(({ scenario, outcome }) => [scenario, outcome])));
  const names = [...new Set([...(then?.keys() ?? []), ...(now?.keys() ?? [])])];
  return names
    .map((scenario) => ({ scenario, before: then?.get(scenario) ?? null, after: now?.get(scenario) ?? null }))
    .filter((change) => change.before !== change.after);
}
