// What one run of the built program costs: wall time, processor time, and the most memory that it held.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findPlaces } from "../src/app/places.ts";

const MAIN = join(findPlaces({}).packageRoot, "dist", "main.js");

export interface Cost {
  readonly seconds: number;
  /** What one core needs, whatever else the machine is doing; to the nearest 20 ms. */
  readonly processorSeconds: number;
  readonly peakMb: number;
}

/** Throws where it ends with another exit code than is expected. */
export async function programCost(args: readonly string[], { cwd, code = 0 }: { readonly cwd?: string; readonly code?: number } = {}): Promise<Cost> {
  const start = process.hrtime.bigint();
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "ignore", "inherit"], ...(cwd === undefined ? {} : { cwd }) });
  const folder = `/proc/${child.pid ?? 0}`;
  let [peakKb, ticks] = [0, 0];
  const watch = setInterval(() => {
    try {
      peakKb = Math.max(peakKb, Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`${folder}/status`, "utf8"))?.[1] ?? 0));
      ticks = ticksIn(readFileSync(`${folder}/stat`, "utf8"));
    } catch {
      // It has just ended.
    }
  }, 20);
  const ended = await new Promise((resolve) => child.on("exit", resolve));
  clearInterval(watch);
  if (ended !== code) throw new Error(`bakeoff ${args.join(" ").slice(0, 80)} ended with ${String(ended)}`);
  return { seconds: Number(process.hrtime.bigint() - start) / 1e9, processorSeconds: ticks / 100, peakMb: peakKb / 1024 };
}

/** User and system time in hundredths of a second. Source: proc(5), fields 14 and 15; the name before them may hold anything. */
function ticksIn(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11]) + Number(fields[12]);
}
