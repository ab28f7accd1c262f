// Starts the built program as a user would, in a folder and a cache of its own.
import { execFile, spawn } from "node:child_process";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll } from "vitest";

export const ROOT = new URL("../..", import.meta.url).pathname;
export const MAIN = join(ROOT, "dist", "main.js");

/** Builds the program where it is older than its sources. */
export async function built(): Promise<void> {
  const changed = async (folder: string): Promise<number> => {
    const entries = await readdir(folder, { recursive: true });
    return Math.max(...(await Promise.all(entries.map(async (entry) => (await stat(join(folder, entry))).mtimeMs))));
  };
  const made = await stat(MAIN).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
  if (made < (await changed(join(ROOT, "src")))) await promisify(execFile)(process.execPath, [join(ROOT, "scripts", "build.mjs")], { cwd: ROOT });
}

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

/** A folder that is gone when the tests are. */
export async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "bakeoff-cli-"));
  folders.push(folder);
  return folder;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Start {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with everything that stderr said so far, each time it says more; may end the process. */
  readonly onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
  /** Ends the process after this many milliseconds with SIGKILL. */
  readonly killAfterMs?: number;
}

const KEPT = ["PATH", "HOME", "RUSTUP_HOME", "CARGO_HOME", "RUSTUP_TOOLCHAIN", "BAKEOFF_SANDBOX"];

export function bakeoff(args: readonly string[], start: Start): Promise<Ended> {
  const env = { ...Object.fromEntries(KEPT.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]))), ...start.env };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...args], { cwd: start.cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    const kill = (signal: NodeJS.Signals): void => void child.kill(signal);
    const timer = start.killAfterMs === undefined ? null : setTimeout(() => kill("SIGKILL"), start.killAfterMs);
    child.stdout.setEncoding("utf8").on("data", (text: string) => void (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      start.onStderr?.(stderr, kill);
    });
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (timer) clearTimeout(timer);
      resolve({ code, signal, stdout, stderr });
    });
  });
}
