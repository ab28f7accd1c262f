// The viewer over a home of a thousand runs, and over one run of a million events: how soon it answers, and what it holds.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { findPlaces } from "../src/app/places.ts";
import type { Figure } from "./figure.ts";
import { generatedHeader, writeCapsule, writeRun } from "./generated-capsule.ts";
import { shippedSnapshot } from "./generated-policy.ts";

const { packageRoot } = findPlaces({});
const MAIN = join(packageRoot, "dist", "main.js");
const RUNS = 1000;
const EVENTS = 1_000_000;

interface Served {
  readonly url: string;
  readonly child: ChildProcess;
}

function served(home: string, ...words: readonly string[]): Promise<Served> {
  const child = spawn(process.execPath, [MAIN, "view", "--address-only", ...words], {
    cwd: home,
    env: { ...process.env, BAKEOFF_CACHE: join(home, "cache") },
    stdio: ["ignore", "pipe", "inherit"],
  });
  return new Promise((resolve, reject) => {
    child.on("exit", (code) => reject(new Error(`bakeoff view ended with ${String(code)}`)));
    child.stdout.on("data", (piece) => resolve({ url: String(piece).trim(), child }));
  });
}

const peakMb = ({ pid }: ChildProcess): number => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid ?? 0}/status`, "utf8"))?.[1] ?? 0) / 1024;

/** Milliseconds from asking to the last byte. */
async function ask(url: string): Promise<{ readonly ms: number; readonly body: string }> {
  const start = process.hrtime.bigint();
  const answer = await fetch(url);
  const body = await answer.text();
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
  return { ms: Number(process.hrtime.bigint() - start) / 1e6, body };
}

/** A home whose capsules are read: the first answer of a viewer that has just been started. */
async function firstAnswer(home: string, file: string): Promise<{ readonly ms: number; readonly mb: number }> {
  const { url, child } = await served(home);
  try {
    const { ms } = await ask(`${url}${file}`);
    return { ms, mb: peakMb(child) };
  } finally {
    child.removeAllListeners("exit");
    child.kill("SIGKILL");
  }
}

async function untilRead(home: string): Promise<number> {
  const start = process.hrtime.bigint();
  const { url, child } = await served(home);
  for (;;) {
    const { body } = await ask(`${url}index.html`);
    if (!body.includes("data-refresh")) break;
    await new Promise((go) => setTimeout(go, 500));
  }
  const mb = peakMb(child);
  child.removeAllListeners("exit");
  child.kill("SIGKILL");
  process.stdout.write(`  read in ${(Number(process.hrtime.bigint() - start) / 1e9).toFixed(1)} s, ${mb.toFixed(0)} MB at the most\n`);
  return mb;
}

export async function viewerFigures(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "bakeoff-bench-viewer-"));
  const snapshot = await shippedSnapshot();
  try {
    const [many, large] = ["many", "large"].map((name) => join(folder, name)) as [string, string];
    for (const home of [many, large]) mkdirSync(join(home, "capsules"), { recursive: true });
    for (let run = 0; run < RUNS; run += 1) {
      const id = `run-${String(run).padStart(4, "0")}`;
      writeRun(join(many, "capsules", `${id}.capsule.jsonl`), { ...generatedHeader(300, snapshot), run_id: id }, snapshot);
    }
    await untilRead(many);
    const lists = [];
    for (let round = 0; round < 5; round += 1) lists.push(await firstAnswer(many, "index.html"));
    const events = writeCapsule(join(large, "capsules", "generated.capsule.jsonl"), EVENTS, snapshot);
    process.stdout.write(`  ${events} events\n`);
    await untilRead(large);
    const trials = [];
    for (let round = 0; round < 5; round += 1) trials.push(await firstAnswer(large, "trial-generated-40000.html"));
    const bundle = ["viewer.js", "viewer.css"].reduce((bytes, file) => bytes + gzipSync(readFileSync(join(packageRoot, "dist", "ui", file))).length, 0);
    return [
      { name: "viewer, 1,000 runs listed, first answer", unit: " ms", samples: lists.map(({ ms }) => ms), bound: 300 },
      { name: "viewer, a trial of 10⁶ events, first answer", unit: " ms", samples: trials.map(({ ms }) => ms), bound: 300 },
      { name: "viewer, resident memory", unit: " MB", samples: [...lists, ...trials].map(({ mb }) => mb), bound: 300 },
      { name: "viewer, style sheet and script, compressed", unit: " kB", samples: [bundle / 1000], bound: 150 },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
