// `bakeoff capsule show`: what is in a capsule, or the proof that an event is.
import { proveEvent } from "../../app/capsule/prove.ts";
import { showCapsule } from "../../app/capsule/show.ts";
import { composeCapsule } from "../../app/compose/capsule.ts";
import { findPlaces } from "../../app/places.ts";
import type { CapsuleShowOptions } from "./flags.ts";
import { printLines, shownLines } from "./text.ts";
import { printDocument } from "../text/documents.ts";

export async function show(capsule: string, { prove, json, home }: CapsuleShowOptions): Promise<number> {
  const places = findPlaces({ home });
  const ports = composeCapsule(places);
  if (prove !== undefined) {
    printDocument<"capsule show">(await proveEvent(ports, capsule, prove));
    return 0;
  }
  const shown = await showCapsule(ports, capsule);
  const { fileHash, ...facts } = shown.checked;
  if (json) printDocument<"capsule show">({ format: 1, ...facts, sha256: fileHash, attachments: shown.attachments });
  else printLines(shownLines(shown, capsule, places));
  return 0;
}
