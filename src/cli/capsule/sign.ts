// `bakeoff capsule sign`: signs a sealed capsule.
import { signStored } from "../../app/capsule/sign.ts";
import { composeCapsule } from "../../app/compose/capsule.ts";
import { findPlaces } from "../../app/places.ts";
import type { CapsuleSignOptions } from "./flags.ts";
import { printLines } from "./text.ts";

export async function sign(capsule: string, options: CapsuleSignOptions): Promise<number> {
  const { key: keyFile = null, newKey: newKeyFile = null } = options;
  const { path, publicKey } = await signStored(composeCapsule(findPlaces(options)), { capsule, keyFile, newKeyFile });
  printLines([path, `public key: ${publicKey}`]);
  return 0;
}
