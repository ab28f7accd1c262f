// `bakeoff capsule attach`: stores files beside a sealed capsule.
import { attachTo } from "../../app/capsule/attach.ts";
import { composeCapsule } from "../../app/compose/capsule.ts";
import { findPlaces, type HomeWords } from "../../app/places.ts";
import { printLines } from "./text.ts";

export async function attach(capsule: string, files: readonly string[], options: HomeWords): Promise<number> {
  const added = await attachTo(composeCapsule(findPlaces(options)), capsule, files);
  printLines(added.map(({ name, sha256 }) => `${name}  ${sha256}`));
  return 0;
}
