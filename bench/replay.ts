// What capsules of 10³ to 10⁶ events take to be replayed and reported: processor time, and memory that does not grow with them.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPlaces } from "../src/app/places.ts";
import type { Figure } from "./figure.ts";
import { writeLargeCapsule } from "./large-capsule.ts";
import { generateCapsule } from "./rehearsed-run.ts";

const MAIN = join(findPlaces({}).packageRoot, "dist", "main.js");

/** A whole `bakeoff replay`, from the start of the process to its four reports on disk. */
export async function replayFigures(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "bakeoff-replay-bench-"));
  try {
    const source = join(folder, "source.capsule.jsonl");
    await generateCapsule(source, 1);
    const costs: Cost[] = [];
    for (const wanted of [1000, 10_000, 100_000, 1_000_000]) costs.push(await timedReplay(folder, source, wanted));
    const [, , fifth, sixth] = costs;
    if (!fifth || !sixth) throw new Error("no costs");
    const growth = sixth.seconds / sixth.events / (fifth.seconds / fifth.events);
    return [
      { name: `replay and report of ${fifth.events} events, processor time`, unit: " s", samples: [(fifth.seconds * 100_000) / fifth.events], bound: 20 },
      { name: "replay and report, time an event at 10⁶ ÷ at 10⁵", unit: "×", samples: [growth], bound: 1.3 },
      { name: `replay and report, resident memory, peak, ${sixth.events} events`, unit: " MB", samples: [sixth.peakMb], bound: 400 },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Cost {
  readonly events: number;
  readonly seconds: number;
  readonly peakMb: number;
}

async function timedReplay(folder: string, source: string, wanted: number): Promise<Cost> {
  const capsule = join(folder, `generated-${wanted}.capsule.jsonl`);
  const out = join(folder, `out-${wanted}`);
  const events = await writeLargeCapsule(source, capsule, wanted);
  // Processor time, not wall time: what one core needs, whatever else the machine is doing.
  const usage = `process.on("exit", () => { const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage(); process.stderr.write("used " + maxRSS + " " + (userCPUTime + systemCPUTime) + "\\n"); })`;
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    ["--import", `data:text/javascript,${encodeURIComponent(usage)}`, MAIN, "replay", capsule, "--out", out],
    { encoding: "utf8", cwd: folder },
  );
  if (status !== 0 || !stdout.startsWith("PROVEN:")) throw new Error(`the replay ended with ${String(status)}: ${stdout}${stderr}`);
  const [, peakKb = Number.NaN, microseconds = Number.NaN] = /used (\d+) (\d+)/.exec(stderr) ?? [];
  const cost = { events, seconds: Number(microseconds) / 1e6, peakMb: Number(peakKb) / 1024 };
  const size = (statSync(capsule).size / 1e6).toFixed(1);
  process.stdout.write(`  ${events} events, ${size} MB: replayed and reported in ${cost.seconds.toFixed(2)} s, ${cost.peakMb.toFixed(0)} MB\n`);
  rmSync(capsule);
  rmSync(out, { recursive: true, force: true });
  return cost;
}
