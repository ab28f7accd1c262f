// How long a capsule takes to be replayed and reported, on one core, and whether the time grows with its size alone.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../src/cli/places.ts";
import type { Figure } from "./figure.ts";
import { generateCapsule } from "./generated-capsule.ts";

const MAIN = join(PACKAGE_ROOT, "dist", "main.js");

/** A whole `bakeoff replay`, from the start of the process to its four reports on disk. */
export async function replayFigures(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "bakeoff-replay-bench-"));
  try {
    const [small, large] = [await timedReplay(folder, 10_000), await timedReplay(folder, 100_000)];
    return [
      { name: `replay and report of ${large.events} events, one core`, unit: " s", samples: [(large.seconds * 100_000) / large.events], bound: 20 },
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
  const start = process.hrtime.bigint();
  const peak = `process.on("exit", () => process.stderr.write("peak " + process.resourceUsage().maxRSS + "\\n"))`;
  const { status, stderr, stdout } = spawnSync(
    "taskset",
    [
      "-c",
      "0",
      process.execPath,
      "--import",
      `data:text/javascript,${encodeURIComponent(peak)}`,
      MAIN,
      "replay",
      capsule,
      "--out",
      join(folder, `out-${wanted}`),
    ],
    {
      encoding: "utf8",
      cwd: folder,
    },
  );
  if (status !== 0) throw new Error(`the replay ended with ${String(status)}: ${stdout}${stderr}`);
  return { events, seconds: Number(process.hrtime.bigint() - start) / 1e9, peakMb: Number(/peak (\d+)/.exec(stderr)?.[1] ?? Number.NaN) / 1024 };
}
