// The home: the folder that holds a user's policy, suites, capsules and reports, found from where the program was called.
import { dirname, join, resolve } from "node:path";
import { BakeoffError } from "../core/base/errors.ts";
import { nearest } from "../core/base/nearest.ts";
import { HOME_NAME, HOME_POLICY } from "../core/suite/build-output.ts";

/** What is asked of the disk. */
export interface FolderFacts {
  exists(path: string): boolean;
  /** The names in a folder; none where it is not there. */
  list(folder: string): readonly string[];
  /** The id of a folder's owner. */
  owner(folder: string): number;
}

export interface HomeSearch {
  readonly workingFolder: string;
  readonly packageRoot: string;
  /** Null: it is looked for. */
  readonly named: string | null;
  /** The id of whoever started this process; null where there are none. */
  readonly user: number | null;
}

const below = (folder: string): string => join(folder, HOME_NAME);

/**
 * The nearest `bakeoff/` upward with a policy in it, else the working folder where that has one; null where there is none.
 * A clone of this project may be called like that too, and is nobody's home but its own. Throws `usage` where the named one is
 * no home, and for one that belongs to somebody else.
 */
export function findHome(facts: FolderFacts, search: HomeSearch): string | null {
  const { workingFolder, packageRoot, named } = search;
  const isHome = (folder: string): boolean => facts.exists(join(folder, HOME_POLICY));
  const isUsers = (folder: string): boolean => folder !== packageRoot && isHome(folder);
  if (named !== null) return namedHome(resolve(workingFolder, named), isHome);
  if (isUsers(below(workingFolder))) return below(workingFolder);
  if (isHome(workingFolder)) return workingFolder;
  const above = foldersAbove(workingFolder).map(below).find(isUsers);
  if (above !== undefined) refuseStranger(facts, above, search);
  return above ?? null;
}

function namedHome(folder: string, isHome: (folder: string) => boolean): string {
  const found = [below(folder), folder].find(isHome);
  if (found !== undefined) return found;
  throw new BakeoffError("usage", `${folder} is no home: it has no ${HOME_POLICY}`, "name the folder that bakeoff init made, or make one: bakeoff init");
}

const foldersAbove = (folder: string): readonly string[] => {
  const above = dirname(folder);
  return above === folder ? [] : [above, ...foldersAbove(above)];
};

/** A home says which servers get prompts and keys: one planted above (in /tmp, say) must not be taken for the user's. */
function refuseStranger({ owner }: FolderFacts, home: string, { workingFolder, user }: HomeSearch): void {
  if (user === null || [user, owner(workingFolder), 0].includes(owner(home))) return;
  throw new BakeoffError("usage", `${home} belongs to another user`, `say that you mean it: --home ${home}`);
}

/** The file of a policy of the home: a path for itself, a name for `policies/NAME`. Throws `usage` for a name that is none of them. */
export function policyFileOf({ exists, list }: FolderFacts, home: string | null, word: string): string {
  if (!/^[\w-]+$/.test(word) || exists(word)) return word;
  const fileOf = (name: string): string => join(home ?? "", "policies", name, "model_policy.toml");
  const names = home === null ? [] : list(join(home, "policies")).filter((name) => exists(fileOf(name)));
  if (names.includes(word)) return fileOf(word);
  const hint = names.length === 0 ? "name a policy file" : `did you mean ${nearest(word, names).join(" or ")}?`;
  throw new BakeoffError("usage", `there is no policy ${word}`, hint);
}
