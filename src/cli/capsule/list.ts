// `bakeoff capsule list`: the stored runs of this folder.
import { listCapsules } from "../../app/capsule/list.ts";
import { composeCapsule } from "../../app/compose/capsule.ts";
import { findPlaces } from "../../app/places.ts";
import type { CapsuleListOptions } from "./flags.ts";
import { printLines, shelfLine, shelfRow } from "./text.ts";
import { printDocument } from "../text/documents.ts";

export async function listStored({ json, home }: CapsuleListOptions): Promise<number> {
  const places = findPlaces({ home });
  const shelf = await listCapsules(composeCapsule(places));
  if (json) printDocument<"capsule list">({ format: 1, capsules: shelf.map((capsule) => shelfRow(capsule, places)) });
  else if (shelf.length === 0) process.stderr.write(`no capsules here yet: ${places.runCalledAs} makes one\n`);
  else printLines(shelf.map((capsule) => shelfLine(capsule, places)));
  return 0;
}
