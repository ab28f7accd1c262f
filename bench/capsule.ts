// Capsules of 10³ to 10⁶ events: verifying grows linearly and in little memory, hashing keeps up with sha256sum, the journal with a run.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createJournal } from "../src/adapters/capsules/journal/journal.ts";
import { openMerkle } from "../src/core/base/canonical.ts";
import { type EventLine, lineText } from "../src/core/capsule/line.ts";
import type { Figure } from "./figure.ts";
import type { PolicySnapshot } from "../src/core/policy/snapshot.ts";
import { generatedEvents, generatedHeader, writeCapsule } from "./generated-capsule.ts";
import { shippedSnapshot } from "./generated-policy.ts";
import { type Cost, programCost } from "./program-cost.ts";

const seconds = (from: bigint): number => Number(process.hrtime.bigint() - from) / 1e9;

/** `sha256sum` of a file against reading its bytes as we hash them: every line a leaf of the Merkle tree. */
function hashRatio(path: string): number {
  const lines = readFileSync(path, "latin1").split("\n");
  const leaves = lines.map((line) => Buffer.from(line, "latin1"));
  const from = process.hrtime.bigint();
  const tree = openMerkle();
  for (const leaf of leaves) tree.add(leaf);
  tree.root();
  const ours = seconds(from);
  const then = process.hrtime.bigint();
  spawnSync("sha256sum", [path], { stdio: "ignore" });
  return ours / seconds(then);
}

/** Trials that are under way at once. */
const AT_ONCE = 16;

/** Each trial's events, step by step. */
function trialSteps(events: readonly EventLine[]): EventLine[][][] {
  const trials: EventLine[][][] = [];
  let last: EventLine | null = null;
  for (const event of events) {
    if (event.trial !== last?.trial) trials.push([]);
    if (event.trial !== last?.trial || event.step !== last?.step) trials.at(-1)?.push([]);
    trials.at(-1)?.at(-1)?.push(event);
    last = event;
  }
  return trials;
}

/** Events a second through the journal: trials side by side, each synced at its attempt's end, as in a run. */
async function appendRate(folder: string, count: number, snapshot: PolicySnapshot): Promise<number> {
  const header = generatedHeader(count, snapshot);
  const steps = trialSteps([...generatedEvents(header, snapshot)]);
  const journal = await createJournal(join(folder, "append.capsule.jsonl"), header);
  let written = 0;
  const start = process.hrtime.bigint();
  const worker = async (): Promise<void> => {
    for (let trial = steps.pop(); trial; trial = steps.pop()) {
      for (const step of trial) {
        await journal.append({ blobs: [], lines: step.map(lineText) });
        written += step.length;
        if (step.some(({ event_type: type }) => type === "ToolResult")) await journal.sync();
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const rate = written / seconds(start);
  await journal.close();
  return rate;
}

export async function capsuleFigures(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "bakeoff-bench-capsule-"));
  const snapshot = await shippedSnapshot();
  try {
    const costs: { events: number; cost: Cost; path: string }[] = [];
    for (const events of [1000, 10_000, 100_000, 1_000_000]) {
      const path = join(folder, `${events}.capsule.jsonl`);
      const written = writeCapsule(path, events, snapshot);
      const cost = await programCost(["capsule", "verify", path]);
      costs.push({ events: written, cost, path });
      process.stdout.write(
        `  ${written} events, ${(statSync(path).size / 1e6).toFixed(1)} MB: verified in ${cost.seconds.toFixed(2)} s, ${cost.peakMb.toFixed(0)} MB\n`,
      );
      if (events < 100_000) rmSync(path);
    }
    const [, , fifth, sixth] = costs;
    if (!fifth || !sixth) throw new Error("no costs");
    const growth = sixth.cost.seconds / sixth.events / (fifth.cost.seconds / fifth.events);
    const rate = await appendRate(folder, 20_000, snapshot);
    return [
      { name: "verify, 10⁶ events", unit: " s", samples: [sixth.cost.seconds], bound: Number.POSITIVE_INFINITY },
      { name: "verify, resident memory at 10⁶ events", unit: " MB", samples: [sixth.cost.peakMb], bound: 400 },
      { name: "verify, time an event at 10⁶ ÷ at 10⁵", unit: "×", samples: [growth], bound: 1.3 },
      { name: "Merkle hashing ÷ sha256sum, 10⁵ events", unit: "×", samples: [1, 2, 3].map(() => hashRatio(fifth.path)), bound: 2 },
      { name: "append, µs an event (50 is 20,000 events a second)", unit: " µs", samples: [1e6 / rate], bound: 50 },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
