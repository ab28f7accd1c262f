// Where things lie: the package's own files, the user's folder, the cache.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { BakeoffError } from "../core/base/errors.ts";
import { shellWord } from "../core/text/shell-word.ts";
import { shownPath } from "../core/text/shown-path.ts";
import { findHome, type FolderFacts, policyFileOf } from "./home.ts";

/** Where one call of the program finds things and leaves them. A value: use cases take it as an argument. */
export interface Places {
  readonly workingFolder: string;
  /** The folder of the package itself. */
  readonly packageRoot: string;
  /** The package's version. */
  readonly version: string;
  /** The user's own folder for all that follows; null where there is none, and policy and suites are the package's, to be read only. */
  readonly home: string | null;
  /** Suites of the user first, then those that come with the package. */
  readonly suiteFolders: readonly string[];
  /** Where suites go that are made. */
  readonly suites: string;
  /** The home's policy, or the one that comes with the package. */
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
  /** The file of the policy that was named, by path or as one of the home's; the default one where none was. */
  policyFile(word: string | undefined): string;
  /** A run id stands for its capsule in the capsules folder; a path, and the name of a file that is here, for itself. */
  capsule(runIdOrPath: string): string;
  /** A path as it is seen from the working folder. */
  shown(path: string): string;
}

/** What any command may be told of where things are. */
export interface HomeWords {
  readonly home?: string | undefined;
}

const DISK: FolderFacts = {
  exists: existsSync,
  list: (folder) => (existsSync(folder) ? readdirSync(folder) : []),
  owner: (folder) => statSync(folder).uid,
};

/** The places of this process. Throws `usage` where the named home is none. */
export function findPlaces({ home: named }: HomeWords): Places {
  const workingFolder = process.cwd();
  const packageRoot = findPackageRoot();
  const user = process.getuid?.() ?? null;
  const home = findHome(DISK, { workingFolder, packageRoot, named: named ?? process.env["BAKEOFF_HOME"] ?? null, user });
  refuseInstalled(packageRoot, home ?? workingFolder);
  const [own, shippedPolicy] = [home ?? workingFolder, join(packageRoot, "policy", "model_policy.toml")];
  const defaultPolicy = home === null ? shippedPolicy : join(home, "policy", "model_policy.toml");
  const [capsules, suites, calledAs] = [join(own, "capsules"), join(own, "suites"), calledFrom(workingFolder)];
  return {
    workingFolder,
    packageRoot,
    version: packageVersion(packageRoot),
    home,
    suites,
    suiteFolders: [...new Set([suites, join(packageRoot, "suites")])],
    defaultPolicy,
    shippedPolicy,
    cacheRoot: cacheRoot(),
    capsules,
    reports: join(own, "reports"),
    calledAs,
    runCalledAs: workingFolder === packageRoot ? "npm run bakeoff --" : `${calledAs} run`,
    policyFile: (word) => (word === undefined ? defaultPolicy : policyFileOf(DISK, home, word)),
    capsule: (runIdOrPath) => (isPath(runIdOrPath) ? runIdOrPath : join(capsules, `${runIdOrPath}.capsule.jsonl`)),
    shown: (path) => shownPath(workingFolder, path),
  };
}

/** A clone, which holds the sources, may be its own home; an installed package is never written to. */
function refuseInstalled(packageRoot: string, own: string): void {
  const below = relative(packageRoot, own);
  const isInside = !isAbsolute(below) && below.split(sep)[0] !== "..";
  if (!isInside || existsSync(join(packageRoot, "src", "main.ts"))) return;
  throw new BakeoffError("usage", `${own} lies in an installed package, where nothing is ever written`, "go to your repository, or name a home: --home DIR");
}

const isPath = (word: string): boolean => word.endsWith(".jsonl") || /[\\/]/.test(word) || existsSync(word);

/** The folder of the package that this file was built into. */
function findPackageRoot(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (folder === dirname(folder)) throw new BakeoffError("invariant", "bakeoff does not lie in its package");
  }
}

export function packageVersion(packageRoot = findPackageRoot()): string {
  return (JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as { version: string }).version;
}

function calledFrom(workingFolder: string): string {
  const script = process.argv[1] ?? "bakeoff";
  if (process.env["npm_command"] === "exec") return "npx bakeoff";
  return basename(script) === "bakeoff" ? "bakeoff" : `node ${shellWord(relative(workingFolder, script))}`;
}

/** `BAKEOFF_CACHE`, else `bakeoff` in the user's cache folder. */
function cacheRoot(): string {
  const { BAKEOFF_CACHE, XDG_CACHE_HOME } = process.env;
  if (BAKEOFF_CACHE) return BAKEOFF_CACHE;
  return join(XDG_CACHE_HOME || join(homedir(), ".cache"), "bakeoff");
}
