// What a policy says: each value with the layer that it comes from, of files, of a stored snapshot, or of a snapshot of the Spec-Kit form.
import { BakeoffError } from "../../core/base/errors.ts";
import { keyText, leavesOf } from "../../core/policy/layer.ts";
import { policySchema } from "../../core/policy/schema.ts";
import { jsonOf, type PolicySnapshot, readSnapshot } from "../../core/policy/snapshot.ts";
import { readSpecKit, type SpecKitPolicy } from "../../core/policy/spec-kit.ts";
import type { Clock } from "../../ports/clock.ts";
import type { PolicyFiles, PolicySources } from "../../ports/policies.ts";
import type { TextFiles } from "../../ports/text-files.ts";

export interface PolicyShowPorts {
  readonly clock: Pick<Clock, "wall">;
  readonly policies: Pick<PolicyFiles, "read">;
  readonly texts: Pick<TextFiles, "read" | "exists">;
}

export interface ShownValue {
  readonly key: string;
  readonly value: unknown;
  /** Null: the snapshot does not record it. */
  readonly layer: string | null;
}

export interface ShownPolicy {
  readonly form: "bakeoff";
  readonly policyId: string;
  readonly hash: string;
  readonly values: readonly ShownValue[];
  readonly candidates: PolicySnapshot["candidates"];
}

export type PolicyDisplay = ShownPolicy | { readonly form: "spec-kit"; readonly policy: SpecKitPolicy };

/** Shows the policy of some files. Throws `written-file` and `usage` as reading them does. */
export async function showPolicy({ policies, clock }: PolicyShowPorts, sources: PolicySources): Promise<ShownPolicy> {
  return shownPolicy((await policies.read(sources, clock.wall())).snapshot);
}

/** Shows one named file: a snapshot (.json), else a policy file under the given layers. Throws `usage` where it is not there. */
export async function showFile(ports: PolicyShowPorts, file: string, sources: PolicySources): Promise<PolicyDisplay> {
  if (!(await ports.texts.exists(file))) throw new BakeoffError("usage", `${file} is not there`, "name a policy file or a PolicySnapshot.json");
  if (!file.endsWith(".json")) return showPolicy(ports, { ...sources, policyFile: file });
  const text = (await ports.texts.read(file)) ?? "";
  const specKit = readSpecKit(jsonOf(text, file));
  return specKit === null ? shownPolicy(readSnapshot(text, file)) : { form: "spec-kit", policy: specKit };
}

const shownPolicy = (snapshot: PolicySnapshot): ShownPolicy => ({
  form: "bakeoff",
  policyId: snapshot.policy_id,
  hash: snapshot.hash,
  values: valuesOf(snapshot),
  candidates: snapshot.candidates,
});

/** In the order of the schema's sections, and by name within them: the same for a file and for a snapshot. */
export function valuesOf({ policy, layers }: PolicySnapshot): readonly ShownValue[] {
  return Object.keys(policySchema.shape).flatMap((section) =>
    leavesOf(policy)
      .filter(({ key }) => key[0] === section)
      .map(({ key, value }) => ({ key: keyText(key), value, layer: layers[keyText(key)] ?? null }))
      .toSorted((one, other) => (one.key < other.key ? -1 : 1)),
  );
}
