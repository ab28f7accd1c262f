// What one run of the built program costs: wall time, and the most memory that it held.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../src/cli/places.ts";

const MAIN = join(PACKAGE_ROOT, "dist", "main.js");

export interface Cost {
  readonly seconds: number;
  readonly peakMb: number;
}

/** Throws where it ends with another exit code than is expected. */
export async function programCost(args: readonly string[], { cwd, code = 0 }: { readonly cwd?: string; readonly code?: number } = {}): Promise<Cost> {
  const start = process.hrtime.bigint();
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "ignore", "inherit"], ...(cwd === undefined ? {} : { cwd }) });
  let peakKb = 0;
  const watch = setInterval(() => {
    try {
      peakKb = Math.max(peakKb, Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid ?? 0}/status`, "utf8"))?.[1] ?? 0));
    } catch {
      // It has just ended.
    }
  }, 20);
  const ended = await new Promise((resolve) => child.on("exit", resolve));
  clearInterval(watch);
  if (ended !== code) throw new Error(`bakeoff ${args.join(" ").slice(0, 80)} ended with ${String(ended)}`);
  return { seconds: Number(process.hrtime.bigint() - start) / 1e9, peakMb: peakKb / 1024 };
}
