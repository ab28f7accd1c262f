// Starts one process group with a bare environment, reads its marker lines as they come, and ends it for certain.
import { execa } from "execa";

export interface ProcessJob {
  readonly command: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** The whole group is killed after this. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Called for each line of stdout, as it arrives. */
  readonly onLine?: (line: string) => void;
  /** Bytes of stdout and of stderr that are kept. */
  readonly maxBytes?: number;
}

export interface ProcessEnd {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly timedOut: boolean;
  readonly stdout: string;
  readonly stderr: string;
  /** The command could not be started at all. */
  readonly missing: boolean;
}

/** Never rejects for what the process does; throws the signal's reason if aborted. */
export async function runProcess(job: ProcessJob): Promise<ProcessEnd> {
  job.signal.throwIfAborted();
  const [file, ...args] = job.command;
  // A group of its own: its grandchildren die with it, and a terminal's Ctrl-C does not reach it half-way.
  const child = execa(file, args, {
    cwd: job.cwd, env: job.env, extendEnv: false, detached: true, cleanup: false, reject: false, stdin: "ignore",
    maxBuffer: job.maxBytes ?? 1_000_000, stripFinalNewline: false, encoding: "utf8",
    ...(job.onLine ? { stdout: lineReader(job.onLine) } : {}),
  });
  let timedOut = false;
  const kill = (): void => killGroup(child.pid);
  const timer = setTimeout(() => {
    timedOut = true;
    kill();
  }, job.timeoutMs);
  job.signal.addEventListener("abort", kill, { once: true });
  try {
    const end = await child;
    job.signal.throwIfAborted();
    const missing = end.exitCode === undefined && end.signal === undefined && !timedOut;
    return { code: end.exitCode ?? null, timedOut, stdout: String(end.stdout ?? ""), stderr: String(end.stderr ?? ""), missing };
  } finally {
    clearTimeout(timer);
    job.signal.removeEventListener("abort", kill);
    kill();
  }
}

function lineReader(onLine: (line: string) => void) {
  return function* (line: unknown): Generator<unknown> {
    onLine(String(line));
    yield line;
  };
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // ESRCH: the whole group has ended already, which is what was wanted.
  }
}
