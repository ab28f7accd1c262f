// `bakeoff capsule import`: takes in a capsule from elsewhere.
import { importStored } from "../../app/capsule/import.ts";
import { composeCapsule } from "../../app/compose/capsule.ts";
import { findPlaces } from "../../app/places.ts";
import { signatureText } from "../../core/capsule/proof/statement.ts";
import type { CapsuleImportOptions } from "./flags.ts";
import { printLines } from "./text.ts";

export async function importFrom(file: string, options: CapsuleImportOptions): Promise<number> {
  const { identity: identityFile = null, passphraseFile = null, trust, trusted = null } = options;
  const request = { file, identityFile, passphraseFile, trust: { keys: trust, file: trusted } };
  const { capsule, checked, known } = await importStored(composeCapsule(findPlaces(options)), request);
  printLines([capsule]);
  const how = known ? "it was here already" : "imported, read-only";
  process.stderr.write(`${how}: ${checked.events} events, every check holds\n${signatureText(checked.signature)}\n`);
  return 0;
}
