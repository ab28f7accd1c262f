// A text that a trial refers to: what the capsule holds of it, or why it can't be shown.
import type { Sha256 } from "../../base/canonical.ts";
import { isCaptured, type CaptureName } from "../../trial/capture.ts";

export type ShownText = { readonly text: string } | { readonly missing: string };

/** Where the texts of a capsule are looked up. */
export interface CapsuleTexts {
  /** Null where the capsule does not hold it. */
  text(hash: Sha256): string | null;
  /** Was the text left out of a safe export? */
  isWithheld(hash: Sha256): boolean;
}

/** `kept`: what the text is to the capture mode, and that mode; null: every mode keeps it. */
export function shownText(texts: CapsuleTexts, hash: Sha256, kept: { readonly as: "prompt" | "response"; readonly mode: CaptureName } | null): ShownText {
  const text = texts.text(hash);
  if (text !== null) return { text };
  if (texts.isWithheld(hash)) return { missing: `left out of this safe export (${hash.slice(0, 12)})` };
  if (kept !== null && !isCaptured(kept.mode, kept.as)) return { missing: `not kept: the run's capture mode was ${kept.mode} (${hash.slice(0, 12)})` };
  return { missing: `not in the capsule (${hash.slice(0, 12)})` };
}
