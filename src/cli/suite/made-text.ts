// What the commands that make suites say in the same words: the tasks, what was not taken, and what to do next.
import type { ImportedSuite } from "../../app/suite/import.ts";
import type { SuitePlace } from "../../app/suite/making.ts";
import type { Places } from "../../app/places.ts";
import { reasonCounts, reasonSentence } from "../../core/suite/making/drop.ts";
import type { Suite } from "../../core/suite/suite.ts";
import { shellWord } from "../../core/text/shell-word.ts";
import type { MadeTaskRow } from "../text/documents.ts";

/** A row for each task. */
export function taskRows({ tasks }: Suite): string[] {
  const widest = Math.max(...tasks.map(({ id }) => id.length));
  return tasks.map(({ id, kind, errorCodes, title }) => `${id.padEnd(widest)}  ${kind.padEnd(7)}  ${(errorCodes.join(" ") || "tests").padEnd(12)}  ${title}`);
}

/** A line for each reason, with its sentence. */
export function reasonLines(dropped: readonly { readonly reason: string }[], passedOver: Readonly<Record<string, number>> = {}): string[] {
  const lines = reasonCounts(dropped, passedOver).map(
    ([reason, count]) => `  ${String(count).padStart(6)}  ${reason.padEnd(13)} ${reasonSentence(reason) ?? ""}`,
  );
  return lines.length === 0 ? [] : ["not taken:", ...lines];
}

/** Where the suite is and what to do with it. */
export function madeEnding({ folder }: SuitePlace, { calledAs, shown }: Places): string[] {
  return [`suite in ${shown(folder)} (look at suite.md); next: ${calledAs} run --suite ${shellWord(shown(folder))}`];
}

/** A proved task's facts as --json shows them. */
export const judgedFacts = ({ draft, written, compileMs, testMs, leaks, strength }: ImportedSuite["imports"]["tasks"][number]): MadeTaskRow => ({
  id: written.id,
  origin: draft.repair.origin,
  kind: written.kind,
  errorCodes: written.error_codes,
  files: draft.editable,
  failToPass: written.fail_to_pass.length,
  heldOut: written.held_out.length,
  split: draft.split,
  leaks,
  strength,
  compileMs,
  testMs,
});
