// An audit's outcome on a terminal, and as an exit code.
import type { AuditModel, Outcome } from "../../core/report/audit/model.ts";
import { outInk } from "../text/ink.ts";

/** 5: the capsule is not intact; 6: replay diverged; 0: everything that was claimed is proven. */
export const EXIT_CODES: Readonly<Record<Outcome, number>> = { proven: 0, partly: 0, diverged: 6, "not-intact": 5 };

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
