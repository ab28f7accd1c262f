// Starts one process group with a bare environment, reads its marker lines as they come, and ends it for certain.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { execa } from "execa";

export interface ProcessJob {
  readonly command: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
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

/** A process that has been started and not yet waited for. */
export interface RunningProcess {
  /** Writes to its standard input; what an ended process can't read is dropped. */
  send(text: string): void;
  /** From now on it has so many milliseconds; nothing where it has ended. */
  limit(timeoutMs: number): void;
  kill(): void;
  /** Never rejects for what the process does; rejects with the signal's reason if aborted. */
  readonly ended: Promise<ProcessEnd>;
}

export async function runProcess(job: ProcessJob & { readonly timeoutMs: number }): Promise<ProcessEnd> {
  const running = startProcess(job, false);
  running.limit(job.timeoutMs);
  return running.ended;
}

/** `listens`: its standard input stays open for `send`. Throws the signal's reason if aborted already. */
export function startProcess(job: ProcessJob, listens: boolean): RunningProcess {
  job.signal.throwIfAborted();
  const [file, ...args] = job.command;
  // A group of its own: its grandchildren die with it, and a terminal's Ctrl-C does not reach it half-way.
  const child = execa(file, args, {
    cwd: job.cwd,
    env: job.env,
    extendEnv: false,
    detached: true,
    cleanup: false,
    reject: false,
    stdin: listens ? "pipe" : "ignore",
    maxBuffer: job.maxBytes ?? 1_000_000,
    stripFinalNewline: false,
    encoding: "utf8",
    ...(job.onLine ? { stdout: lineReader(job.onLine) } : {}),
  });
  child.stdin?.on("error", () => undefined);
  const state = { timedOut: false, hasEnded: false, timer: undefined as NodeJS.Timeout | undefined };
  const kill = (): void => killSession(child.pid);
  job.signal.addEventListener("abort", kill, { once: true });
  const wait = async (): Promise<ProcessEnd> => {
    try {
      const end = await child;
      job.signal.throwIfAborted();
      const missing = end.exitCode === undefined && end.signal === undefined && !state.timedOut;
      return { code: end.exitCode ?? null, timedOut: state.timedOut, stdout: String(end.stdout ?? ""), stderr: String(end.stderr ?? ""), missing };
    } finally {
      state.hasEnded = true;
      clearTimeout(state.timer);
      job.signal.removeEventListener("abort", kill);
      killGroup(child.pid);
    }
  };
  const limit = (timeoutMs: number): void => {
    // Nobody would take the timer back: it would hold this process open, and kill whoever has the number by then.
    if (state.hasEnded) return;
    clearTimeout(state.timer);
    state.timer = setTimeout(() => {
      state.timedOut = true;
      kill();
    }, timeoutMs);
  };
  return { send: (text) => void child.stdin?.write(text), limit, kill, ended: wait() };
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

/** timeout(1) gives what it starts a group of its own, in the same session: with no wall around it, that group must be found. */
function killSession(pid: number | undefined): void {
  if (pid === undefined) return;
  const groups = processStats().filter((stat) => stat.session === pid && stat.group !== pid);
  for (const { group } of groups) killGroup(group);
  killGroup(pid);
}

/** Group and session of every process that can be seen; nothing where there is no /proc. */
function processStats(): { group: number; session: number }[] {
  const names = existsSync("/proc/self/stat") ? readdirSync("/proc") : [];
  return names
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const text = readFileSync(`/proc/${name}/stat`, "utf8");
        const [, , group, session] = text.slice(text.lastIndexOf(")") + 2).split(" ");
        return [{ group: Number(group), session: Number(session) }];
      } catch {
        return [];
      }
    });
}
