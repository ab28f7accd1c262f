// An audit's outcome on a terminal, and as an exit code.
import type { AuditModel, Outcome } from "../../core/report/audit/model.ts";
import { EXIT } from "../text/exit-codes.ts";
import { outInk } from "../text/ink.ts";

export const AUDIT_EXIT: Readonly<Record<Outcome, number>> = {
  proven: EXIT.done.code,
  partly: EXIT.done.code,
  diverged: EXIT.diverged.code,
  "not-intact": EXIT.integrity.code,
};

const INKS: Readonly<Record<Outcome, (text: string) => string>> = {
  proven: (text) => outInk.green(text),
  partly: (text) => outInk.yellow(text),
  diverged: (text) => outInk.red(text),
  "not-intact": (text) => outInk.red(text),
};

/** The first line is the outcome. */
export const coloured =
  ({ outcome }: AuditModel) =>
  (line: string, index: number): string =>
    index > 0 ? line : INKS[outcome](line);
