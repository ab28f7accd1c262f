// Which members of a workspace a suite is made of: those that are named, those that the manifest builds by default, or all of them.
import { parse } from "smol-toml";
import { z } from "zod";
import { matcher } from "../../base/glob.ts";

export interface WorkspaceMember {
  readonly name: string;
  /** Folder relative to the workspace root; empty for the root itself. */
  readonly dir: string;
}

export interface WorkspaceMembers {
  readonly members: readonly WorkspaceMember[];
  /** Names of those that the manifest's own `default-members` lists; null where it lists none. */
  readonly byDefault: readonly string[] | null;
}

export interface MemberRequest {
  /** Names, or globs of names, as cargo's `--package` has them; none: what the manifest builds by default. */
  readonly packages: readonly string[];
  /** As cargo's `--exclude` has them: all of the workspace but these, where no package is named. */
  readonly exclude: readonly string[];
}

export const WHOLE_WORKSPACE: MemberRequest = { packages: [], exclude: [] };

export interface ChosenMembers {
  /** In the workspace's order; may be none. */
  readonly chosen: readonly WorkspaceMember[];
  /** Their names as a base has them: none where they are the whole workspace. */
  readonly packages: readonly string[];
  /** What was asked for and names no member. */
  readonly unknown: readonly string[];
}

export function chooseMembers({ members, byDefault }: WorkspaceMembers, { packages, exclude }: MemberRequest): ChosenMembers {
  const isExcluded = matcher(exclude);
  const isWanted = packages.length > 0 ? matcher(packages) : exclude.length > 0 || byDefault === null ? () => true : (name: string) => byDefault.includes(name);
  const chosen = members.filter(({ name }) => isWanted(name) && !isExcluded(name));
  return {
    chosen,
    packages: chosen.length === members.length ? [] : chosen.map(({ name }) => name).toSorted(),
    unknown: [...packages, ...exclude].filter((glob) => !members.some(({ name }) => matcher([glob])(name))),
  };
}

/** The member that a file lies in: the one whose folder is nearest above it. */
export function memberAround(members: readonly WorkspaceMember[], path: string): WorkspaceMember | null {
  const around = members.filter(({ dir }) => dir === "" || path.startsWith(`${dir}/`));
  return around.toSorted((a, b) => b.dir.length - a.dir.length)[0] ?? null;
}

export const memberNames = (members: readonly WorkspaceMember[]): string =>
  members
    .map(({ name }) => name)
    .toSorted()
    .join(", ");

const manifestSchema = z.object({ workspace: z.object({ "default-members": z.array(z.string()) }) });

/** Does a workspace's manifest say which members are built by default? A package at the root makes the others none. */
export function namesDefaultMembers(manifest: string): boolean {
  try {
    return manifestSchema.safeParse(parse(manifest)).success;
  } catch {
    // Cargo says what is wrong with it.
    return false;
  }
}
