// What a capsule takes to be replayed and reported, in processor time, and whether that grows with its size alone.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../src/cli/places.ts";
import type { Figure } from "./figure.ts";
import { generateCapsule } from "./rehearsed-run.ts";

const MAIN = join(PACKAGE_ROOT, "dist", "main.js");

/** A whole `bakeoff replay`, from the start of the process to its four reports on disk. */
export async function replayFigures(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "bakeoff-replay-bench-"));
  try {
    const [small, large] = [await timedReplay(folder, 10_000), await timedReplay(folder, 100_000)];
    return [
      { name: `replay and report of ${large.events} events, processor time`, unit: " s", samples: [(large.seconds * 100_000) / large.events], bound: 20 },
      {
        name: `time an event, ${large.events} events ÷ ${small.events} events`,
        unit: "×",
        samples: [large.seconds / large.events / (small.seconds / small.events)],
        bound: 1.5,
      },
      { name: `resident memory, peak, ${large.events} events`, unit: " MB", samples: [large.peakMb], bound: 2000 },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function timedReplay(folder: string, wanted: number): Promise<{ readonly events: number; readonly seconds: number; readonly peakMb: number }> {
  const capsule = join(folder, `generated-${wanted}.capsule.jsonl`);
  const events = await generateCapsule(capsule, wanted);
  // Processor time, not wall time: what one core needs, whatever else the machine is doing.
  const usage = `process.on("exit", () => { const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage(); process.stderr.write("used " + maxRSS + " " + (userCPUTime + systemCPUTime) + "\\n"); })`;
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    ["--import", `data:text/javascript,${encodeURIComponent(usage)}`, MAIN, "replay", capsule, "--out", join(folder, `out-${wanted}`)],
    {
      encoding: "utf8",
      cwd: folder,
    },
  );
  if (status !== 0) throw new Error(`the replay ended with ${String(status)}: ${stdout}${stderr}`);
  const [, peakKb = Number.NaN, microseconds = Number.NaN] = /used (\d+) (\d+)/.exec(stderr) ?? [];
  return { events, seconds: Number(microseconds) / 1e6, peakMb: Number(peakKb) / 1024 };
}
