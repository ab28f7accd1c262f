// The policy of a run: loaded whole, or the last good one for low-risk work; and what is to be said aloud about it.
import type { Header } from "../../core/capsule/line.ts";
import type { Signature } from "../../core/policy/signature.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import { allowedTasks, fallBack, type PolicyOrigin } from "../../core/policy/fallback.ts";
import { mayEdit, type Suite } from "../../core/suite/suite.ts";
import type { PolicySources, PolicyStore } from "../../ports/policies.ts";
import { overrideWarnings, signatureWarnings, originWarnings } from "../policy/warnings.ts";

type Policies = Pick<PolicyStore, "load" | "keepLastGood" | "lastGood">;

export interface RunPolicy {
  readonly snapshot: PolicySnapshot;
  /** The suite with the tasks that may be run under this policy. */
  readonly suite: Suite;
  readonly warnings: readonly string[];
  /** What the header says beside the policy's id and hash. */
  readonly facts: PolicyFacts;
  /** Bytes of the signature file, kept in the capsule; null: there are none. */
  readonly signature: string | null;
}

export type PolicyFacts = Pick<Header["policy"], "loaded" | "signature">;

/** Throws what loading threw where there is no last good policy, or nothing that may run under it. `wanted`: the ids asked for by name. */
export async function policyForRun(policies: Policies, sources: PolicySources, suite: Suite, wanted: readonly string[] | null): Promise<RunPolicy> {
  const { snapshot, standing, warnings, signature, signatureText } = await loadedOrLastGood(policies, sources);
  const risks = suite.tasks.map((task) => ({ ...task, task, editable: [...task.base.tree.keys()].filter(mayEdit(task)) }));
  const { allowed, refused } = allowedTasks(risks, standing, snapshot.policy);
  if (standing.loaded === "last-good" && (allowed.length === 0 || wanted?.some((id) => refused.includes(id)))) throw standing.failure;
  return {
    snapshot,
    suite: standing.loaded === "files" ? suite : { ...suite, tasks: allowed.map(({ task }) => task) },
    warnings: [...warnings, ...originWarnings(standing, snapshot, refused)],
    facts: { loaded: standing.loaded, signature: signature.status },
    signature: signatureText,
  };
}

interface UsedPolicy {
  readonly snapshot: PolicySnapshot;
  readonly standing: PolicyOrigin;
  readonly warnings: readonly string[];
  readonly signature: Signature;
  readonly signatureText: string | null;
}

async function loadedOrLastGood(policies: Policies, sources: PolicySources): Promise<UsedPolicy> {
  try {
    const loaded = await policies.load(sources);
    await policies.keepLastGood(sources, loaded);
    const issues = loaded.warnings.map(({ path, line, message }) => `${path}:${line}: ${message}`);
    return {
      ...loaded,
      standing: { loaded: "files" },
      warnings: [...issues, ...signatureWarnings(loaded, loaded.snapshot), ...overrideWarnings(sources.overrides)],
    };
  } catch (error) {
    const kept = await policies.lastGood(sources);
    const { snapshot, standing } = fallBack(error, kept?.snapshot ?? null);
    return { snapshot, standing, warnings: [], signature: kept?.signature ?? { status: "absent" }, signatureText: kept?.signatureText ?? null };
  }
}
