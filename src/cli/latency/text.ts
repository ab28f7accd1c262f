// What `bakeoff latency` says beside its figures.
import type { BlockDone } from "../../app/latency/measure.ts";

export const blockLine = ({ name, round, answered, failed, durationMs }: BlockDone, rounds: number): string =>
  `[round ${round}/${rounds}] ${name}: ${answered} answered, ${failed} failed, ${(durationMs / 1000).toFixed(1)} s`;

/** `out`: the file with the calls; null where none was asked for. */
export const closingLine = (out: string | null): string =>
  out === null ? "--out FILE.jsonl keeps each call, --json every percentile" : `each call is in ${out}`;
