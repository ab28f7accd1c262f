// Starts the built program as a user would.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { runCache } from "../setup/scratch.ts";
import { checkDocument } from "./documents.ts";

export const ROOT = new URL("../..", import.meta.url).pathname;
export const MAIN = join(ROOT, "dist", "main.js");

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Start {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Another copy of the program than this clone's. */
  readonly main?: string;
  /** Called with everything that stderr said so far, each time it says more; may end the process. */
  readonly onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
  /** Ends the process after this many milliseconds with SIGKILL. */
  readonly killAfterMs?: number;
}

const KEPT = ["PATH", "HOME", "RUSTUP_HOME", "CARGO_HOME", "RUSTUP_TOOLCHAIN", "TMPDIR", "BAKEOFF_SANDBOX"];

export function bakeoff(args: readonly string[], start: Start): Promise<Ended> {
  const env = {
    BAKEOFF_CACHE: runCache(),
    ...Object.fromEntries(KEPT.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]))),
    ...start.env,
  };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [start.main ?? MAIN, ...args], { cwd: start.cwd, env, stdio: ["ignore", "pipe", "pipe"] });
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
      try {
        // Every document that any test asks for is held against the schema that is published for it.
        if (args.includes("--json") && signal === null && stdout !== "") checkDocument(args, stdout);
        resolve({ code, signal, stdout, stderr });
      } catch (error) {
        reject(error as Error);
      }
    });
  });
}
