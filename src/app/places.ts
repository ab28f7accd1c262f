// Where things lie: the package's own files, the user's folder, the cache.
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { BakeoffError } from "../core/base/errors.ts";
import { quoted } from "../core/text/shell-word.ts";

export { quoted };

/** Where one call of the program finds things and leaves them. A value: use cases take it as an argument. */
export interface Places {
  readonly workingFolder: string;
  /** The folder of the package itself. */
  readonly packageRoot: string;
  /** The package's version. */
  readonly version: string;
  /** Suites of the working folder first, then those that come with the package. */
  readonly suiteFolders: readonly string[];
  /** The working folder's policy, or the one that comes with the package. */
  readonly defaultPolicy: string;
  /** The policy that comes with the package. */
  readonly shippedPolicy: string;
  readonly cacheRoot: string;
  readonly capsules: string;
  readonly reports: string;
  /** How this program was called, as words that a shell understands from the working folder. */
  readonly calledAs: string;
  /** How a run is called: by the npm script where there is one. */
  readonly runCalledAs: string;
  /** A run id stands for its capsule in the capsules folder; a path for itself. */
  capsule(runIdOrPath: string): string;
  /** A path as it is seen from the working folder. */
  shown(path: string): string;
}

/** The places of this process. */
export function findPlaces(): Places {
  const workingFolder = process.cwd();
  return {
    workingFolder,
    packageRoot: PACKAGE_ROOT,
    version: packageVersion(),
    suiteFolders: suiteFolders(),
    defaultPolicy: defaultPolicy(),
    shippedPolicy: shippedPolicy(),
    cacheRoot: cacheRoot(),
    capsules: capsulesFolder(),
    reports: reportsFolder(),
    calledAs: calledAs(),
    runCalledAs: runCalledAs(),
    capsule: capsulePath,
    shown: (path) => relative(workingFolder, path) || path,
  };
}

/** The folder of the package that this file was built into. */
export const PACKAGE_ROOT = packageRoot(dirname(fileURLToPath(import.meta.url)));

function packageRoot(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (folder === dirname(folder)) throw new BakeoffError("invariant", "bakeoff does not lie in its package");
  }
}

export function packageVersion(): string {
  return (JSON.parse(readFileSync(join(PACKAGE_ROOT, "package.json"), "utf8")) as { version: string }).version;
}

/** How this program was called, as words that a shell understands from the working folder. */
export function calledAs(): string {
  const script = process.argv[1] ?? "bakeoff";
  return basename(script) === "bakeoff" ? "bakeoff" : `node ${quoted(relative(process.cwd(), script))}`;
}

/** How a run is called: by the npm script where there is one. */
export const runCalledAs = (): string => (process.cwd() === PACKAGE_ROOT ? "npm run bakeoff --" : `${calledAs()} run`);

/** Suites of the working folder first, then those that come with the package. */
export const suiteFolders = (): readonly string[] => [...new Set([join(process.cwd(), "suites"), join(PACKAGE_ROOT, "suites")])];

/** The working folder's policy, or the one that comes with the package. */
export function defaultPolicy(): string {
  const own = join(process.cwd(), "policy", "model_policy.toml");
  return existsSync(own) ? own : shippedPolicy();
}

export const shippedPolicy = (): string => join(PACKAGE_ROOT, "policy", "model_policy.toml");

/** `BAKEOFF_CACHE`, else `bakeoff` in the user's cache folder. */
export function cacheRoot(): string {
  const { BAKEOFF_CACHE, XDG_CACHE_HOME } = process.env;
  if (BAKEOFF_CACHE) return BAKEOFF_CACHE;
  return join(XDG_CACHE_HOME || join(homedir(), ".cache"), "bakeoff");
}

export const capsulesFolder = (): string => join(process.cwd(), "capsules");
export const reportsFolder = (): string => join(process.cwd(), "reports");

/** A run id stands for its capsule in the capsules folder; a path for itself. */
export const capsulePath = (runIdOrPath: string): string =>
  runIdOrPath.endsWith(".jsonl") ? runIdOrPath : join(capsulesFolder(), `${runIdOrPath}.capsule.jsonl`);
