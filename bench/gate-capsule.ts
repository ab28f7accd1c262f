// The gate as a user waits for it: a whole `bakeoff gate` over 20 candidates × 1,000 tasks × 5 epochs that lie in a capsule on disk.
import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256 } from "../src/core/base/canonical.ts";
import type { Header } from "../src/core/capsule/line.ts";
import type { PolicySnapshot } from "../src/core/policy/snapshot.ts";
import type { Figure } from "./figure.ts";
import { generatedHeader, writeRun } from "./generated-capsule.ts";
import { layPolicy } from "./generated-policy.ts";
import { type Cost, programCost } from "./program-cost.ts";

const ALTERNATIVES = Array.from({ length: 20 }, (_, index) => `candidate-${index}`);
const SERVED = ["incumbent", ...ALTERNATIVES];

/** The stand-in oracle is what parity is measured against; every criterion is asked. */
function gateRun(snapshot: PolicySnapshot): Header {
  const tasks = Array.from({ length: 1000 }, (_, index) => `task-${String(index).padStart(4, "0")}`);
  const embedded = ["oracle", "rustc-suggestions"].map((name) => ({ name, provider: "embedded", model: name }));
  return {
    ...generatedHeader(1, snapshot),
    created_at: new Date().toISOString(),
    tasks: tasks.map((id) => ({ id, kind: "test", risk: "low", area: "logic", error_codes: [], digest: sha256(id) })),
    candidates: [...embedded, ...SERVED.map((name) => ({ name, provider: "sglang", model: name }))],
    epochs: 5,
  };
}

const figures = (name: string, { seconds, processorSeconds, peakMb }: Cost, mostMb: number): Figure[] => [
  { name: `${name}, from the file on`, unit: " s", samples: [seconds], bound: Number.POSITIVE_INFINITY },
  { name: `${name}, processor time`, unit: " s", samples: [processorSeconds], bound: Number.POSITIVE_INFINITY },
  { name: `${name}, resident memory`, unit: " MB", samples: [peakMb], bound: mostMb },
];

export async function gateCapsuleFigures(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "bakeoff-bench-gate-"));
  try {
    mkdirSync(join(folder, "capsules"));
    const path = join(folder, "capsules", "generated.capsule.jsonl");
    const snapshot = await layPolicy(folder, SERVED);
    const events = writeRun(path, gateRun(snapshot), snapshot);
    process.stdout.write(`  ${events} events, ${(statSync(path).size / 1e6).toFixed(0)} MB\n`);
    const verify = await programCost(["capsule", "verify", path], { cwd: folder, code: 0 });
    const gate = await programCost(["gate", "--candidate", ...ALTERNATIVES, "--incumbent", "incumbent", "--capsule", path], { cwd: folder, code: 11 });
    return [...figures("capsule verify of it", verify, Number.POSITIVE_INFINITY), ...figures("gate over 20 alternatives", gate, 500)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
