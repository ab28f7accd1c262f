// `bakeoff capsule prune`: removes old sealed capsules, or only says which.
import { pruneCapsules } from "../../app/capsule/prune.ts";
import { composeCapsule } from "../../app/compose/capsule.ts";
import { findPlaces } from "../../app/places.ts";
import { counted } from "../../core/report/format.ts";
import type { CapsulePruneOptions } from "./flags.ts";
import { printLines } from "./text.ts";

export async function prune(options: CapsulePruneOptions): Promise<number> {
  const { keep = null, olderThan: olderThanDays = null, yes } = options;
  let count = 0;
  for await (const { path } of pruneCapsules(composeCapsule(findPlaces(options)), { keep, olderThanDays, remove: yes })) {
    printLines([path]);
    count += 1;
  }
  const many = counted(count, "capsule");
  process.stderr.write(yes ? `${many} removed\n` : `${many} would be removed: add --yes to do it (unfinished, damaged and running ones always stay)\n`);
  return 0;
}
