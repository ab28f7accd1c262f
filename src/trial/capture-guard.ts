// The last look at what is about to be written: over-capture stops the run before it reaches the disk.
import { BakeoffError } from "../core/base/errors.ts";
import type { Redactor } from "../core/capsule/redaction.ts";
import type { CaptureMode } from "../core/trial/capture.ts";
import type { Journal, JournalEntry } from "../ports/journal.ts";

export interface CaptureLimits {
  readonly capture: CaptureMode;
  readonly redactor: Redactor;
}

/** Kinds of text that a mode keeps out of the capsule. Said apart from what the recorder keeps: each is the other's check. */
const FORBIDDEN: Readonly<Record<CaptureMode, readonly string[]>> = { none: ["prompt", "response"], prompts_only: ["response"], full_io: [] };

/** A journal that refuses, with an `integrity` error, what may not be stored. */
export function guardJournal(journal: Journal, limits: CaptureLimits): Journal {
  return {
    path: journal.path,
    append: async (entry) => {
      checkEntry(entry, limits);
      await journal.append(entry);
    },
    sync: () => journal.sync(),
    seal: (order, sealLine) => journal.seal(order, sealLine),
    close: () => journal.close(),
  };
}

function checkEntry({ blobs, lines }: JournalEntry, { capture, redactor }: CaptureLimits): void {
  for (const { kind, sha256 } of blobs) {
    if (kind === undefined || FORBIDDEN[capture].includes(kind))
      throw new BakeoffError(
        "integrity",
        `over-capture: a ${kind ?? "text of no kind"} (${sha256.slice(0, 12)}) was about to be stored in capture mode ${capture}`,
        "nothing of it was written; this is a bug in bakeoff: please report it",
      );
  }
  checkTexts([...lines, ...blobs.map(({ text }) => text)], redactor);
}

/** Throws `integrity` where the value of a secret of this machine stands in one of these texts. The value is never repeated. */
export function checkTexts(texts: readonly string[], redactor: Redactor): void {
  for (const text of texts) {
    const leak = redactor.leak(text);
    if (leak !== null)
      throw new BakeoffError(
        "integrity",
        `over-capture: the value of ${leak} was about to be written to the capsule`,
        `nothing of it was written; take the value of ${leak} out of the policy, the suite and the command line`,
      );
  }
}
