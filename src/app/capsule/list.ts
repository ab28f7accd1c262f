// The capsules of the working folder.
import { BakeoffError } from "../../core/base/errors.ts";
import type { ListedCapsule, StoredCapsules } from "../../ports/capsules.ts";
import type { Places } from "../places.ts";

export interface ListPorts {
  readonly capsules: Pick<StoredCapsules, "list">;
  readonly places: Pick<Places, "capsules">;
}

/** Newest first; damaged and unfinished ones too. */
export const listCapsules = ({ capsules, places }: ListPorts): Promise<readonly ListedCapsule[]> => capsules.list(places.capsules);

/** The path of the newest whole run, for whoever names none. Throws `usage` where there is none. */
export async function newestRun(ports: ListPorts): Promise<string> {
  const found = (await listCapsules(ports)).find(({ state }) => state === "sealed");
  if (found) return found.path;
  throw new BakeoffError("usage", `no finished run lies in ${ports.places.capsules}`, "run one (bakeoff run), or name a capsule");
}
