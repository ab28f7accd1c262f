// What is in a capsule, whatever is wrong with it.
import type { Attachment, CheckedCapsule, StoredCapsules } from "../../ports/capsules.ts";
import type { Places } from "../places.ts";

export interface ShowPorts {
  readonly capsules: Pick<StoredCapsules, "check" | "attachments">;
  readonly places: Pick<Places, "capsule">;
}

export interface ShownCapsule {
  readonly checked: CheckedCapsule;
  /** What was added beside it after it was sealed. */
  readonly attachments: readonly Attachment[];
}

/** No key is trusted. Throws `integrity` for what can't be read as a capsule. */
export async function showCapsule({ capsules, places }: ShowPorts, runIdOrPath: string): Promise<ShownCapsule> {
  const path = places.capsule(runIdOrPath);
  const checked = await capsules.check(path, []);
  return { checked, attachments: checked.seal ? await capsules.attachments(path) : [] };
}
