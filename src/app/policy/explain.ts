// What a key of the policy does, what it is here, who reads it, and which golden scenarios hold it.
import { BakeoffError } from "../../core/base/errors.ts";
import { nearest } from "../../core/base/nearest.ts";
import { POLICY_KEYS, POLICY_READERS, type PolicyPath } from "../../core/policy/keys.ts";
import { holdersOf } from "../../core/router/golden/holders.ts";
import type { Clock } from "../../ports/clock.ts";
import type { GoldenReader, PolicyFiles, PolicySources } from "../../ports/policies.ts";
import { soundScenarios } from "./golden.ts";
import { type ShownValue, valuesOf } from "./show.ts";

export interface ExplainPorts {
  readonly clock: Pick<Clock, "wall">;
  readonly policies: Pick<PolicyFiles, "read">;
  readonly golden: GoldenReader;
}

export interface ExplainedKey {
  /** As it was asked for. */
  readonly key: string;
  readonly does: string;
  readonly readers: readonly string[];
  /** The value in force, or, of a table, those below it. */
  readonly values: readonly ShownValue[];
  /** Golden scenarios that come to another decision where it is another value. */
  readonly scenarios: readonly string[];
}

/** Throws `usage` for what is no key of a policy, and what reading the policy throws. */
export async function explainKey(ports: ExplainPorts, sources: PolicySources, key: string): Promise<ExplainedKey> {
  const described = describedKey(key);
  const { snapshot } = await ports.policies.read(sources, ports.clock.wall());
  const values = valuesOf(snapshot).filter((value) => value.key === key || value.key.startsWith(`${key}.`));
  const { scenarios } = soundScenarios(await ports.golden(sources.policyFile));
  return {
    key,
    does: POLICY_KEYS[described].does,
    readers: POLICY_KEYS[described].readers.map((reader) => POLICY_READERS[reader]),
    values,
    scenarios: holdersOf(snapshot, scenarios, partsOf(key)),
  };
}

/** `models."gpt-5.2".effort` has three parts. */
const partsOf = (key: string): readonly string[] => [...key.matchAll(/"([^"]*)"|[^."]+/g)].map(([part, quoted]) => quoted ?? part);

/** A name of the user's own, or an entry's number, stands where `*` does. */
function describedKey(key: string): PolicyPath {
  const parts = partsOf(key);
  const found = (Object.keys(POLICY_KEYS) as PolicyPath[]).find((path) => fits(path.split("."), parts));
  if (found !== undefined) return found;
  throw new BakeoffError("usage", `the policy has no key ${key}`, `did you mean ${nearest(key, Object.keys(POLICY_KEYS)).join(" or ")}?`);
}

const fits = (path: readonly string[], parts: readonly string[]): boolean =>
  path.length === parts.length && path.every((name, index) => name === "*" || name === parts[index]);
