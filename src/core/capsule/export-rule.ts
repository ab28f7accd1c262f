// What an export says of itself: its files, and which texts were left out for what they were for.
import { z } from "zod";
import type { Sha256 } from "../base/canonical.ts";
import { textsOf } from "../trial/event-texts.ts";
import type { TextPart } from "../trial/events/kind.ts";
import type { EventLine } from "./line.ts";

const KINDS = ["prompt", "response", "patched file", "verdict", "notebook answer", "other"] as const;
type TextKind = (typeof KINDS)[number];

/** What the list of omissions calls each text. Policies always stay; a text that only claims to be one has no name. */
const NAMES: Readonly<Record<TextPart, TextKind>> = {
  prompt: "prompt",
  "start verdict": "verdict",
  response: "response",
  reasoning: "response",
  "patched file": "patched file",
  verdict: "verdict",
  "notebook answer": "notebook answer",
  policy: "other",
};

const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** Part of every export: what is in it, and what was left out. */
export const exportManifest = z.strictObject({
  kind: z.literal("bakeoff-export"),
  format: z.literal(1, { error: "not an export format that this version reads (1): upgrade bakeoff" }),
  run_id: z.string(),
  safe: z.boolean(),
  files: z.array(z.strictObject({ name: z.string(), sha256: hash, bytes: z.number() })).max(10_000),
  withheld: z.array(z.strictObject({ sha256: hash, bytes: z.number(), kind: z.enum(KINDS) })),
});
export type ExportManifest = z.infer<typeof exportManifest>;

/** Collects what a safe export leaves out, and then what each text was for. */
export class Withholding {
  private readonly texts = new Map<Sha256, { bytes: number; kind: TextKind }>();

  leaveOut(sha256: Sha256, bytes: number): void {
    this.texts.set(sha256, { bytes, kind: "other" });
  }

  /** The first use names the text. */
  usedBy({ payload }: EventLine): void {
    for (const { sha256, part } of textsOf(payload)) {
      const text = this.texts.get(sha256);
      if (text?.kind === "other") text.kind = NAMES[part];
    }
  }

  list(): ExportManifest["withheld"] {
    return [...this.texts].map(([sha256, { bytes, kind }]) => ({ sha256, bytes, kind }));
  }
}
