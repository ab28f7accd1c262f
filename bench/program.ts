// The whole program from outside: a default run warm and cold, its memory, and how quickly help is there.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPlaces } from "../src/app/places.ts";
import type { Figure } from "./figure.ts";

const MAIN = join(findPlaces({}).packageRoot, "dist", "main.js");
const seconds = (from: bigint): number => Number(process.hrtime.bigint() - from) / 1e9;

interface RunCost {
  readonly seconds: number;
  readonly peakMb: number;
}

/** One default run with the embedded candidates in a folder of its own. */
async function defaultRun(cache: string): Promise<RunCost> {
  const cwd = mkdtempSync(join(tmpdir(), "bakeoff-bench-"));
  const start = process.hrtime.bigint();
  const child = spawn(process.execPath, [MAIN, "run", "--candidates", "rustc-suggestions,nop,oracle"], {
    cwd,
    env: { ...process.env, BAKEOFF_CACHE: cache, CI: "1" },
    stdio: "ignore",
  });
  let peakKb = 0;
  const watch = setInterval(() => {
    try {
      peakKb = Math.max(peakKb, Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid ?? 0}/status`, "utf8"))?.[1] ?? 0));
    } catch {
      // It has just ended.
    }
  }, 100);
  const code = await new Promise((resolve) => child.on("exit", resolve));
  clearInterval(watch);
  rmSync(cwd, { recursive: true, force: true });
  if (code !== 0) throw new Error(`the run ended with ${String(code)}`);
  return { seconds: seconds(start), peakMb: peakKb / 1024 };
}

export async function runFigures(): Promise<Figure[]> {
  const cache = mkdtempSync(join(tmpdir(), "bakeoff-bench-cache-"));
  try {
    const first = await defaultRun(cache);
    const warm = await defaultRun(cache);
    return [
      { name: "default run, cold: base preparation included", unit: " s", samples: [first.seconds], bound: 180 },
      { name: "default run, prepared base warm", unit: " s", samples: [warm.seconds], bound: 120 },
      { name: "resident memory of node, peak", unit: " MB", samples: [warm.peakMb], bound: 300 },
    ];
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
}

/** Help against an empty node process, in turn; and the policy's whole check. */
export function startFigures(rounds: number): Figure[] {
  const ratios = Array.from({ length: rounds }, () => {
    const empty = timed(["-e", "0"]);
    return timed([MAIN, "--help"]) / empty;
  });
  const validations = Array.from({ length: rounds }, () => timed([MAIN, "policy", "validate"]));
  return [
    { name: "bakeoff --help ÷ node -e 0", unit: "×", samples: ratios, bound: 2.5 },
    { name: "bakeoff policy validate, from process start", unit: " s", samples: validations, bound: 1 },
  ];
}

function timed(args: readonly string[]): number {
  const start = process.hrtime.bigint();
  const { status } = spawnSync(process.execPath, args, { stdio: "ignore" });
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${String(status)}`);
  return seconds(start);
}
