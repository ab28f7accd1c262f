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

const peakMb = ({ pid }: ChildProcess): number => Number(/VmHWM:\s+(\d+)/.exec(procText(pid, "status"))?.[1] ?? 0) / 1024;

/** A process that ended meanwhile holds nothing. */
function procText(pid: number | undefined, file: string): string {
  try {
    return readFileSync(`/proc/${pid ?? 0}/${file}`, "utf8");
  } catch {
    return "";
  }
}

/** Of a process and those that it started, what they share counted once. */
function heldMb(pid: number | undefined): number {
  const own = Number(/^Pss:\s+(\d+)/m.exec(procText(pid, "smaps_rollup"))?.[1] ?? 0) / 1024;
  const children = procText(pid, `task/${pid ?? 0}/children`)
    .split(" ")
    .filter(Boolean);
  return children.reduce((sum, child) => sum + heldMb(Number(child)), own);
}

/** Milliseconds from asking to the last byte. */
async function ask(url: string): Promise<{ readonly ms: number; readonly body: string }> {
  const start = process.hrtime.bigint();
  const answer = await fetch(url);
  const body = await answer.text();
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
  return { ms: Number(process.hrtime.bigint() - start) / 1e6, body };
}

interface FirstAnswer {
  readonly ms: number;
  readonly mb: number;
  readonly bodyMb: number;
}

async function firstAnswers(home: string, file: string): Promise<readonly FirstAnswer[]> {
  const answers = [];
  for (let round = 0; round < 5; round += 1) answers.push(await firstAnswer(home, file));
  return answers;
}

/** A home whose capsules are read: the first answer of a viewer that has just been started. */
async function firstAnswer(home: string, file: string): Promise<FirstAnswer> {
  const { url, child } = await served(home);
  try {
    const { ms, body } = await ask(`${url}${file}`);
    return { ms, mb: peakMb(child), bodyMb: Buffer.byteLength(body) / 1e6 };
  } finally {
    child.removeAllListeners("exit");
    child.kill("SIGKILL");
  }
}

/** Gives the most megabytes that the viewer and what reads for it held together. */
async function untilRead(home: string): Promise<number> {
  const start = process.hrtime.bigint();
  const { url, child } = await served(home);
  let most = 0;
  const watch = setInterval(() => void (most = Math.max(most, heldMb(child.pid))), 100);
  for (;;) {
    const { body } = await ask(`${url}index.html`);
    if (!body.includes("data-refresh")) break;
    await new Promise((go) => setTimeout(go, 500));
  }
  clearInterval(watch);
  child.removeAllListeners("exit");
  child.kill("SIGKILL");
  process.stdout.write(`  read in ${(Number(process.hrtime.bigint() - start) / 1e9).toFixed(1)} s\n`);
  return most;
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
    const reading = [await untilRead(many)];
    const lists = await firstAnswers(many, "index.html");
    const events = writeCapsule(join(large, "capsules", "generated.capsule.jsonl"), EVENTS, snapshot);
    process.stdout.write(`  ${events} events\n`);
    reading.push(await untilRead(large));
    const trials = await firstAnswers(large, "trial-generated-40000.html");
    const pages = await firstAnswers(large, "run-generated.html");
    const bundle = ["viewer.js", "viewer.css"].reduce((bytes, file) => bytes + gzipSync(readFileSync(join(packageRoot, "dist", "ui", file))).length, 0);
    return [
      { name: "viewer, 1,000 runs listed, first answer", unit: " ms", samples: lists.map(({ ms }) => ms), bound: 300 },
      { name: "viewer, a trial of 10⁶ events, first answer", unit: " ms", samples: trials.map(({ ms }) => ms), bound: 300 },
      { name: "viewer, the page of a run of 10⁶ events, first answer", unit: " ms", samples: pages.map(({ ms }) => ms), bound: 1000 },
      { name: "viewer, the page of a run of 10⁶ events, size", unit: " MB", samples: pages.map(({ bodyMb }) => bodyMb), bound: 2 },
      { name: "viewer and its reader, memory while capsules are read", unit: " MB", samples: reading, bound: 300 },
      { name: "viewer, memory once they are read", unit: " MB", samples: [...lists, ...trials, ...pages].map(({ mb }) => mb), bound: 300 },
      { name: "viewer, style sheet and script, compressed", unit: " kB", samples: [bundle / 1000], bound: 150 },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
