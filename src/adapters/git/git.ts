// Calls git on a user's repository: its configuration can't start a program, and nothing in it is written.
import type { Readable, Writable } from "node:stream";
import { execa } from "execa";
import { BakeoffError } from "../../core/base/errors.ts";

/** Turns off configuration that could start a program or change the output; the command line overrides every file. */
const SETTINGS = [
  "core.fsmonitor=false",
  "core.hooksPath=/dev/null",
  "core.attributesFile=/dev/null",
  "core.pager=cat",
  "core.untrackedCache=false",
  "diff.external=",
  "log.showSignature=false",
  "protocol.allow=never",
];

const environment = (): Record<string, string> => ({
  PATH: process.env["PATH"] ?? "",
  LC_ALL: "C",
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_ATTR_NOSYSTEM: "1",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_TERMINAL_PROMPT: "0",
  GIT_NO_LAZY_FETCH: "1",
  GIT_NO_REPLACE_OBJECTS: "1",
  GIT_ALLOW_PROTOCOL: "none",
});

/** Where git looks: a folder from which it searches for the repository, or the repository's own folder. */
export type GitPlace = { readonly folder: string } | { readonly gitDir: string };

export interface GitEnd {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

const placeArguments = (place: GitPlace): string[] => ("folder" in place ? ["-C", place.folder] : [`--git-dir=${place.gitDir}`]);

/**
 * `cleanup` off: what it listens with would end this program on Ctrl-C before it has said how to go on. `detached`: Ctrl-C in
 * a terminal does not reach git before it reaches us.
 */
const options = (signal: AbortSignal) =>
  ({ cleanup: false, detached: true, env: environment(), extendEnv: false, cwd: "/", cancelSignal: signal, reject: false, stripFinalNewline: false }) as const;

const allArguments = (place: GitPlace, args: readonly string[], settings: readonly string[] = []): string[] => [
  "--no-optional-locks",
  "--no-pager",
  ...placeArguments(place),
  ...[...SETTINGS, ...settings].flatMap((setting) => ["-c", setting]),
  ...args,
];

export interface GitCall {
  readonly place: GitPlace;
  readonly args: readonly string[];
  readonly signal: AbortSignal;
  readonly settings?: readonly string[];
  readonly maxBytes?: number;
}

/** Runs git to its end. Its output is data; if it can't be started, or prints too much, throws `environment`. */
export async function runGit({ place, args, signal, settings, maxBytes = 64_000_000 }: GitCall): Promise<GitEnd> {
  const end = await execa("git", allArguments(place, args, settings), { ...options(signal), encoding: "buffer", stdin: "ignore", maxBuffer: maxBytes });
  signal.throwIfAborted();
  if (end.exitCode === undefined && end.signal === undefined) throw gitMissing();
  if (end.isMaxBuffer)
    throw new BakeoffError("environment", `git ${args[0] ?? ""} printed more than ${maxBytes} bytes`, "the repository is too large for this");
  return { code: end.exitCode ?? null, stdout: Buffer.from(end.stdout), stderr: Buffer.from(end.stderr).toString("utf8") };
}

export interface RunningGit {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Never rejects; the exit code, or null if a signal ended it or it could not be started. */
  readonly ended: Promise<number | null>;
  /** Ends it, discarding unread output: waiting for an ended process with unread output would never return. */
  kill(): void;
}

/** Starts git with a readable stdout and an open stdin. */
export function startGit(place: GitPlace, args: readonly string[], signal: AbortSignal): RunningGit {
  const child = execa("git", allArguments(place, args), { ...options(signal), buffer: false, stdin: "pipe" });
  child.stdin.on("error", () => undefined);
  child.stdout.on("error", () => undefined);
  const kill = (): void => {
    child.stdin.destroy();
    child.stdout.destroy();
    child.kill();
  };
  return { stdin: child.stdin, stdout: child.stdout, ended: child.then(({ exitCode }) => exitCode ?? null), kill };
}

export function gitMissing(): BakeoffError {
  return new BakeoffError("environment", "git can't be started", "install git (apt-get install git)");
}

/** The first line of git's error output, without its prefix. */
export function complaintOf(stderr: string): string {
  return (stderr.trim().split("\n")[0] ?? "").replace(/^(fatal|error): /, "").slice(0, 300);
}
