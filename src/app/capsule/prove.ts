// The proof that one event is in a capsule that verifies.
import { envelopeSchema } from "../../core/base/dsse.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import { LeafHashes } from "../../core/base/merkle-proof.ts";
import { makeProof, type Proof } from "../../core/capsule/proof/proof.ts";
import type { StoredCapsules } from "../../ports/capsules.ts";
import type { Places } from "../places.ts";

export interface ProvePorts {
  readonly capsules: Pick<StoredCapsules, "check" | "scan" | "signature">;
  readonly places: Pick<Places, "capsule" | "calledAs">;
}

/** `wanted`: the event's number in the capsule, from 0, or its address. Throws `integrity` where the capsule does not verify, `usage` where it has no such event. */
export async function proveEvent({ capsules, places }: ProvePorts, runIdOrPath: string, wanted: string): Promise<Proof> {
  const path = places.capsule(runIdOrPath);
  const { faults, seal } = await capsules.check(path, []);
  const [fault] = faults;
  if (fault || !seal)
    throw new BakeoffError("integrity", `${path} does not verify: ${fault?.fault ?? "no seal"}`, "only what is in a capsule that verifies can be proven");
  const leaves = new LeafHashes();
  const found: { event: { index: number; text: string } | null } = { event: null };
  await capsules.scan(path, ({ uri }, text) => {
    if (String(leaves.size) === wanted || uri === wanted) found.event ??= { index: leaves.size, text };
    leaves.add(text);
  });
  if (!found.event)
    throw new BakeoffError(
      "usage",
      `${path} has no event ${wanted.slice(0, 200)}`,
      `it has 0 to ${leaves.size - 1}: ${places.calledAs} capsule events lists them`,
    );
  return makeProof(found.event, leaves, seal, envelopeSchema.safeParse(await capsules.signature(path)).data ?? null);
}
