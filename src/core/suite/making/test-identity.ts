// Matches the test functions of source files with the identities under which their binaries run them.
import { parse } from "smol-toml";
import { z } from "zod";
import type { Tree } from "../../text/edit.ts";
import type { SourceTest } from "./source-test.ts";

/** Does an identity (`<package>/<target>/<module path>::<name>`) name this test? Held-out ones stand in a module of their own. */
export type Identifier = (test: SourceTest, heldOut: boolean) => (id: string) => boolean;

/** For the packages of a tree. A file that a `#[path]` brings in elsewhere is told by the end of its module path. */
export function testIdentities(tree: Tree): Identifier {
  const packages = packageNames(tree);
  return (test, heldOut) => {
    const dir = folderAround(packages, test.path);
    const name = packages.get(dir);
    const place = placeIn(test.path.slice(dir.length));
    const tail = [...place.modules, ...test.modules].join("::");
    return (id) => {
      const [owner = "", target = "", path = ""] = splitIdentity(id);
      if (name !== undefined && owner !== name) return false;
      if (place.target !== null && target !== place.target) return false;
      return path === pathOf(tail, test.name, heldOut ? heldOutModule(path) : "");
    };
  };
}

const folderAround = (packages: ReadonlyMap<string, string>, path: string): string =>
  [...packages.keys()].filter((folder) => path.startsWith(folder)).toSorted((a, b) => b.length - a.length)[0] ?? "";

/** The folder of a file's package, with a slash at its end; empty for the root. */
export const packageDirOf = (tree: Tree, path: string): string => folderAround(packageNames(tree), path);

const pathOf = (modules: string, name: string, held: string): string => [modules, held, name].filter((part) => part !== "").join("::");

/** The last module of a held-out test's path, where it is one that was made for it. */
const heldOutModule = (path: string): string => /(?:^|::)(heldout\d*)::[^:]+$/.exec(path)?.[1] ?? "heldout";

function splitIdentity(id: string): string[] {
  const first = id.indexOf("/");
  const second = id.indexOf("/", first + 1);
  return [id.slice(0, first), id.slice(first + 1, second), id.slice(second + 1)];
}

/** Target (null where it could be several) and module path of a file, its path relative to the package. */
function placeIn(path: string): { readonly target: string | null; readonly modules: readonly string[] } {
  const integration = /^tests\/([^/]+)\.rs$/.exec(path) ?? /^tests\/([^/]+)\/main\.rs$/.exec(path);
  if (integration) return { target: `test:${integration[1] ?? ""}`, modules: [] };
  const program = /^src\/bin\/([^/]+)\.rs$/.exec(path) ?? /^src\/bin\/([^/]+)\/main\.rs$/.exec(path);
  if (program) return { target: `bin:${program[1] ?? ""}`, modules: [] };
  const parts = path
    .replace(/^src\//, "")
    .replace(/\.rs$/, "")
    .split("/");
  const last = parts.at(-1);
  const isRoot = parts.length === 1 && (last === "lib" || last === "main");
  return { target: null, modules: isRoot ? [] : last === "mod" ? parts.slice(0, -1) : parts };
}

const manifestSchema = z.object({ package: z.object({ name: z.string() }) });

/** Package folders, with a slash at their ends (empty for the root), and names. */
export function packageNames(tree: Tree): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const [path, content] of tree) {
    if (!/(^|\/)Cargo\.toml$/.test(path) || typeof content !== "string") continue;
    const name = packageName(content);
    if (name !== null) names.set(path.slice(0, -"Cargo.toml".length), name);
  }
  return names;
}

function packageName(manifest: string): string | null {
  try {
    return manifestSchema.safeParse(parse(manifest)).data?.package.name ?? null;
  } catch {
    // Cargo says what is wrong with it when the base is built.
    return null;
  }
}
