// Where things lie: the package's own files, the user's folder, the cache.
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { BakeoffError } from "../core/base/errors.ts";
import { shellWord } from "../core/text/shell-word.ts";
import { shownPath } from "../core/text/shown-path.ts";

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
  /** A run id stands for its capsule in the capsules folder; a path, and the name of a file that is here, for itself. */
  capsule(runIdOrPath: string): string;
  /** A path as it is seen from the working folder. */
  shown(path: string): string;
}

/** The places of this process. */
export function findPlaces(): Places {
  const workingFolder = process.cwd();
  const packageRoot = packageRootAbove(dirname(fileURLToPath(import.meta.url)));
  const capsules = join(workingFolder, "capsules");
  const shippedPolicy = join(packageRoot, "policy", "model_policy.toml");
  const ownPolicy = join(workingFolder, "policy", "model_policy.toml");
  const calledAs = calledFrom(workingFolder);
  return {
    workingFolder,
    packageRoot,
    version: versionOf(packageRoot),
    suiteFolders: [...new Set([workingFolder, packageRoot].map((folder) => join(folder, "suites")))],
    defaultPolicy: existsSync(ownPolicy) ? ownPolicy : shippedPolicy,
    shippedPolicy,
    cacheRoot: cacheRoot(),
    capsules,
    reports: join(workingFolder, "reports"),
    calledAs,
    runCalledAs: workingFolder === packageRoot ? "npm run bakeoff --" : `${calledAs} run`,
    capsule: (runIdOrPath) => (isPath(runIdOrPath) ? runIdOrPath : join(capsules, `${runIdOrPath}.capsule.jsonl`)),
    shown: (path) => shownPath(workingFolder, path),
  };
}

const isPath = (word: string): boolean => word.endsWith(".jsonl") || word.includes("/") || existsSync(word);

/** The folder of the package that this file was built into. */
function packageRootAbove(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (folder === dirname(folder)) throw new BakeoffError("invariant", "bakeoff does not lie in its package");
  }
}

function versionOf(packageRoot: string): string {
  return (JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as { version: string }).version;
}

function calledFrom(workingFolder: string): string {
  const script = process.argv[1] ?? "bakeoff";
  return basename(script) === "bakeoff" ? "bakeoff" : `node ${shellWord(relative(workingFolder, script))}`;
}

/** `BAKEOFF_CACHE`, else `bakeoff` in the user's cache folder. */
function cacheRoot(): string {
  const { BAKEOFF_CACHE, XDG_CACHE_HOME } = process.env;
  if (BAKEOFF_CACHE) return BAKEOFF_CACHE;
  return join(XDG_CACHE_HOME || join(homedir(), ".cache"), "bakeoff");
}
