// Two published gates on the grid's draws, through an interpreter that has them: `BENCH_PYTHON`, with statgate 0.1.1 and evalsig 0.1.2.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { Cell, GateDraw } from "./grid.ts";

/** A share, and of how many gates: what others decide is bounded by processor time. */
export interface Decided {
  readonly share: number;
  readonly draws: number;
}

/** Null where no interpreter is named. */
interface Others {
  readonly statgate: Decided | null;
  readonly evalsig: Decided | null;
}

/** Gates that are given to them at most, and the processor time that each may take for a cell. */
export const OTHERS_GATES = 500;
const SECONDS = 6;

export function othersOf(draws: readonly GateDraw[], { looks, families }: Cell, level: { readonly alpha: number; readonly margin: number }): Others {
  const python = process.env["BENCH_PYTHON"];
  if (python === undefined) return { statgate: null, evalsig: null };
  const rows = draws.map((draw) =>
    draw.map(({ pairs }) => pairs.map(({ task, family, candidate, reference }) => [task, Number(family), candidate.passes, reference.passes])),
  );
  const input = JSON.stringify({ ...level, looks, families, seconds: SECONDS, draws: rows });
  return JSON.parse(String(execFileSync(python, [join(process.cwd(), "bench", "power", "others.py")], { input, maxBuffer: 1e8 }))) as Others;
}
