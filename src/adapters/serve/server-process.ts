// A model server as a child process: started in its own group, its log passed on line by line, reliably ended.
import { spawn } from "node:child_process";
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import type { Socket } from "node:net";
import { resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { execa } from "execa";
import type { ServerJob, ServerProcess } from "../../ports/servers.ts";
import { findProgram } from "../workbench/cargo/toolchain.ts";

/** How long a server has to shut down before it is killed. */
const GRACE_MS = 10_000;

export function startServerProcess({ command: [file, ...args], env, folder, onLine }: ServerJob): ServerProcess {
  // Its own process group: servers have workers, and a terminal's Ctrl-C must not reach them before the run has ended.
  const child = execa(file, args, {
    env,
    ...inFolder(folder),
    extendEnv: false,
    detached: true,
    cleanup: false,
    reject: false,
    stdin: "ignore",
    buffer: false,
  });
  const passOn = async (from: "stdout" | "stderr"): Promise<void> => {
    for await (const line of child.iterable({ from })) onLine(line);
  };
  // A stream that breaks when the server is killed ends its log; how the server ended is reported below.
  void Promise.allSettled([passOn("stdout"), passOn("stderr")]);
  const watchdog = child.pid === undefined ? null : watchOver(child.pid);
  const ended = child.then(
    ({ exitCode, signal, originalMessage }) =>
      exitCode !== undefined ? `ended with ${exitCode}` : signal ? `was ended by ${signal}` : (originalMessage ?? "could not be started"),
    (error: unknown) => String(error),
  );
  return {
    ended,
    stop: async () => {
      signalGroup(child.pid, "SIGTERM");
      await Promise.race([ended, pause(GRACE_MS, undefined, { ref: false })]);
      signalGroup(child.pid, "SIGKILL");
      await ended;
      watchdog?.kill();
    },
  };
}

/** Ends the group once its standard input ends: whoever held the other end is gone, however it went. */
const WATCHDOG = `
const group = -Number(process.argv[1]);
const signal = (name) => { try { process.kill(group, name); } catch { process.exit(); } };
process.stdin.resume().on("end", () => { signal("SIGTERM"); setTimeout(() => signal("SIGKILL"), ${GRACE_MS}); setInterval(() => signal(0), 200); });
for (const name of ["SIGINT", "SIGHUP"]) process.on(name, () => undefined);
`;

/** A server must not outlive a run that was killed: it would hold the port and the memory that the next one needs. */
function watchOver(pid: number): { readonly kill: () => void } {
  const dog = spawn(process.execPath, ["-e", WATCHDOG, String(pid)], { stdio: ["pipe", "ignore", "ignore"], detached: true });
  dog.on("error", () => undefined);
  dog.stdin.on("error", () => undefined);
  dog.unref();
  (dog.stdin as Socket).unref();
  return { kill: () => void dog.kill("SIGKILL") };
}

const inFolder = (folder: string | null): { readonly cwd?: string } => (folder === null ? {} : { cwd: folder });

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended already.
  }
}

/** Runs a command on this terminal; its exit code, or 1 if a signal ended it. */
export async function runOnTerminal([file, ...args]: readonly [string, ...string[]], signal: AbortSignal): Promise<number> {
  const child = execa(file, args, { stdio: "inherit", reject: false, cleanup: false });
  const end = (): void => void child.kill("SIGTERM");
  signal.addEventListener("abort", end, { once: true });
  const { exitCode } = await child;
  signal.removeEventListener("abort", end);
  return exitCode ?? 1;
}

/** The path of a program: looked for in the search path or, where its name has a slash, from the folder. Null: it is not there. */
export async function findServerProgram(
  name: string,
  { searchPath, folder }: { readonly searchPath: string | undefined; readonly folder: string | null },
): Promise<string | null> {
  if (!name.includes("/")) return findProgram(name, searchPath ?? "");
  const path = resolve(folder ?? "", name);
  // Links are kept: a virtual environment's Python knows by its own path what it belongs to.
  return access(path, constants.X_OK).then(
    () => path,
    () => null,
  );
}

/** Can this Python import the module? */
export async function hasPythonModule(python: string, module: string, { env, folder }: Pick<ServerJob, "env" | "folder">): Promise<boolean> {
  const probe = "import importlib.util, sys; sys.exit(0 if importlib.util.find_spec(sys.argv[1]) else 1)";
  const { exitCode } = await execa(python, ["-c", probe, module], {
    env,
    ...inFolder(folder),
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    timeout: 30_000,
  });
  return exitCode === 0;
}
