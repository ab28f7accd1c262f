// A tree as its base will have it: with the files that were asked for, a complete lock file, and the packages that are built.
import { z } from "zod";
import { canonicalJson, hashOf } from "../core/base/canonical.ts";
import { baseFaultReason } from "../core/suite/making/base-fault.ts";
import { chooseMembers, memberAround, memberNames, type MemberRequest, type WorkspaceMembers } from "../core/suite/making/members.ts";
import { outsideDependencies, outsideText } from "../core/suite/making/outside.ts";
import type { Drop, Repair } from "../core/suite/making/repair.ts";
import type { Tree } from "../core/text/edit.ts";
import type { LockFileMaker, ResolvedWorkspace, Shelf } from "../ports/repository.ts";
import type { Workbench } from "../ports/workbench.ts";

export interface LockingTools {
  readonly lockFile: LockFileMaker;
  readonly shelf: Shelf;
  readonly bench: Pick<Workbench, "toolchain">;
  /** Files that lie over every tree that does not have them. */
  readonly included: Tree;
  readonly members: MemberRequest;
  readonly signal: AbortSignal;
}

export type LockedTree = { readonly ok: true; readonly tree: Tree; readonly workspace: WorkspaceMembers } | { readonly ok: false; readonly drop: Drop };

const resolvedSchema = z.strictObject({
  lock: z.string(),
  members: z.array(z.strictObject({ name: z.string(), dir: z.string() })),
  byDefault: z.array(z.string()).nullable(),
});

/** The lock file is made once for the same manifests: registries change from day to day. */
export async function lockedTree(tools: LockingTools, bare: Tree): Promise<LockedTree> {
  const tree = new Map([...tools.included, ...bare]);
  if (!tree.has("Cargo.toml")) return { ok: false, drop: { reason: "no-manifest", detail: "" } };
  const outside = outsideDependencies(tree);
  if (outside.length > 0) return { ok: false, drop: { reason: "outside", detail: outside.map(outsideText).join("; ") } };
  const resolved = await resolvedOnce(tools, tree);
  if ("reason" in resolved) return { ok: false, drop: resolved };
  const { lock, ...workspace } = resolved;
  return { ok: true, tree: new Map([...tree, ["Cargo.lock", lock]]), workspace };
}

/** What cargo resolves by. */
const MANIFEST = /(^|\/)Cargo\.(toml|lock)$|^\.cargo\/config(\.toml)?$/;

async function resolvedOnce({ shelf, bench, lockFile, signal }: LockingTools, tree: Tree): Promise<ResolvedWorkspace | Drop> {
  const manifests = [...tree].filter(([path]) => MANIFEST.test(path)).map(([path, content]) => [path, String(content)]);
  const sources = [...tree.keys()].filter((path) => path.endsWith(".rs"));
  const key = hashOf({ format: 2, manifests, sources, cargo: bench.toolchain.cargo });
  const known = readResolved(await shelf.find(key));
  if (known !== null) return known;
  const made = await lockFile(tree, signal);
  if (!made.ok) {
    const reason = baseFaultReason(made.detail);
    return { reason: reason === "base-broken" ? "lock-file" : reason, detail: made.detail };
  }
  const { ok: _, ...resolved } = made;
  await shelf.keep(key, canonicalJson(resolved));
  return resolved;
}

/** Null where nothing was kept, or what was kept is damaged. */
function readResolved(text: string | null): ResolvedWorkspace | null {
  try {
    return text === null ? null : (resolvedSchema.safeParse(JSON.parse(text)).data ?? null);
  } catch {
    // A torn file is as good as none.
    return null;
  }
}

export type PartOfWorkspace = { readonly ok: true; readonly repair: Repair } | { readonly ok: false; readonly drop: Drop };

/** The repair with the packages that its base builds; tests of others would never run. */
export function withPackages(repair: Repair, workspace: WorkspaceMembers, request: MemberRequest): PartOfWorkspace {
  const { chosen, packages } = chooseMembers(workspace, request);
  if (packages.length === 0 && chosen.length > 0) return { ok: true, repair };
  const isBuilt = (path: string): boolean => {
    const owner = memberAround(workspace.members, path);
    return owner === null || chosen.includes(owner);
  };
  const tests = repair.tests.filter(({ path }) => isBuilt(path));
  if (chosen.length > 0 && tests.length > 0) return { ok: true, repair: { ...repair, tests, packages } };
  const owners = workspace.members.filter((member) => repair.tests.some(({ path }) => memberAround(workspace.members, path) === member));
  return { ok: false, drop: { reason: "other-package", detail: `--package ${owners.map(({ name }) => name).join(" ") || memberNames(workspace.members)}` } };
}
