// Files beside a sealed capsule, with their hashes; the capsule itself is never rewritten.
import { BakeoffError } from "../../core/base/errors.ts";
import { shellWord } from "../../core/text/shell-word.ts";
import type { Attachment, StoredCapsules } from "../../ports/capsules.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Places } from "../places.ts";

export interface AttachPorts {
  readonly capsules: Pick<StoredCapsules, "check" | "attach">;
  readonly clock: Pick<Clock, "wall">;
  readonly places: Pick<Places, "capsule" | "calledAs">;
}

/** Throws `integrity` where the capsule does not verify. */
export async function attachTo({ capsules, clock, places }: AttachPorts, runIdOrPath: string, files: readonly string[]): Promise<readonly Attachment[]> {
  const path = places.capsule(runIdOrPath);
  const { faults, header, seal } = await capsules.check(path, []);
  const [fault] = faults;
  if (fault || !seal)
    throw new BakeoffError(
      "integrity",
      `${path} does not verify: ${fault?.fault ?? "no seal"}`,
      `see all of it: ${places.calledAs} capsule verify ${shellWord(runIdOrPath)}`,
    );
  return capsules.attach(path, files, { runId: header.run_id, sealHash: seal.seal_hash, attachedAt: clock.wall() });
}
