// What differs between two policies, and which golden scenarios come out otherwise under the second.
import { changesBetween, type PolicyChange, type RouteChange, routeChanges } from "../../core/policy/change/change.ts";
import type { VersionLevel } from "../../core/policy/change/effect.ts";
import { neededLevel } from "../../core/policy/change/version.ts";
import type { GoldenReader } from "../../ports/policies.ts";
import { type ComparedPolicies, type ComparePorts, fromWord, fromWorkingTree } from "./compared.ts";
import { scenarioRunner } from "./golden.ts";

export interface DiffPorts extends ComparePorts {
  readonly golden: GoldenReader;
}

export interface DiffRequest {
  readonly policyFile: string;
  /** A file, a snapshot or a git revision; null: git HEAD. */
  readonly before: string | null;
  /** Null: the working tree. */
  readonly after: string | null;
}

export interface DiffSide {
  readonly name: string;
  readonly policyId: string;
  readonly hash: string;
}

export interface PolicyDifference {
  readonly before: DiffSide;
  readonly after: DiffSide;
  /** The version step that the changes ask for; null where nothing differs. */
  readonly level: VersionLevel | null;
  readonly changes: readonly PolicyChange[];
  /** The golden scenarios that come out otherwise. */
  readonly routes: readonly RouteChange[];
}

/** Throws `usage` for a word that names no policy, `written-file` for a policy that is not valid. */
export async function diffPolicies(ports: DiffPorts, { policyFile, before: first, after: second }: DiffRequest): Promise<PolicyDifference> {
  const before = await fromWord(ports, first ?? "HEAD", policyFile);
  const after = await (second === null ? fromWorkingTree(ports, policyFile) : fromWord(ports, second, policyFile));
  const changes = changesBetween(before.snapshot, after.snapshot);
  const routes = routeChanges(await scenarioRunner(ports.golden, policyFile), before.snapshot, after.snapshot);
  return { before: sideOf(before), after: sideOf(after), level: neededLevel(changes), changes, routes };
}

const sideOf = ({ name, snapshot: { policy_id, hash } }: ComparedPolicies): DiffSide => ({ name, policyId: policy_id, hash });
