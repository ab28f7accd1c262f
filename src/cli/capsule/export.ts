// `bakeoff capsule export`: one file to hand a capsule over in.
import { exportStored } from "../../app/capsule/export.ts";
import { composeCapsule } from "../../app/compose/capsule.ts";
import { findPlaces } from "../../app/places.ts";
import type { CapsuleExportOptions } from "./flags.ts";
import { printLines } from "./text.ts";

export async function exportTo(capsule: string, options: CapsuleExportOptions): Promise<number> {
  const { safe, full, encrypt, recipient: recipients, passphraseFile = null, mv2, out = null, policy: policyFile = null } = options;
  const request = { capsule, safe, full, policyFile, encrypt, recipients, passphraseFile, container: mv2 ? ("mv2" as const) : ("tar" as const), out };
  const { target, manifest, safe: isSafe } = await exportStored(composeCapsule(findPlaces(options)), request);
  const left = manifest.withheld.length === 0 ? "nothing is left out" : `${manifest.withheld.length} texts are left out, their hashes stay`;
  printLines([target]);
  process.stderr.write(`${isSafe ? "safe export" : "full export"}: ${manifest.files.length} files, ${left}\n`);
  return 0;
}
