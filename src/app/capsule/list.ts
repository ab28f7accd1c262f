// The capsules of the working folder.
import type { ListedCapsule, StoredCapsules } from "../../ports/capsules.ts";
import type { Places } from "../places.ts";

export interface ListPorts {
  readonly capsules: Pick<StoredCapsules, "list">;
  readonly places: Pick<Places, "capsules">;
}

/** Newest first; damaged and unfinished ones too. */
export const listCapsules = ({ capsules, places }: ListPorts): Promise<readonly ListedCapsule[]> => capsules.list(places.capsules);
