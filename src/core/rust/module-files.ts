// Where rustc looks for the file of a `mod name;` (Rust Reference, "Module source filenames" and "The path attribute").
import { closeOf, endOf, isMatchedOpen, readCode, startOf, textOf } from "./code.ts";
import { type ModuleItem, readItems, testModules } from "./items.ts";

/** A `mod name;` of a file. */
export interface ModuleDeclaration {
  readonly item: ModuleItem;
  /** Is it compiled for tests only, by its own condition or by that of a module around it? */
  readonly isTest: boolean;
  /** Workspace paths where its file may lie, best first. */
  readonly candidates: readonly string[];
  /** Offsets of its `#[path = "…"]`; null where it has none. */
  readonly attribute: { readonly start: number; readonly end: number } | null;
}

/** Every module of a source file that lies in a file of its own. */
export function moduleDeclarations(path: string, source: string): ModuleDeclaration[] {
  const code = readCode(source);
  const items = readItems(code);
  const tests = testModules(items);
  return items.modules.flatMap((item) => {
    // A module without an end has no closing brace either, and reaches to the end of the file.
    if (item.closing !== null || source[item.end - 1] !== ";") return [];
    const attribute = pathAttribute(source, item);
    const isTest = tests.some(({ start, end }) => start <= item.start && item.end <= end);
    return [{ item, isTest, candidates: candidatesOf(path, item, attribute?.value ?? null), attribute }];
  });
}

/** Files that are compiled for tests only: each is declared so, or by a file of which that is true, and by no other. */
export function testOnlyFiles(files: readonly { readonly path: string; readonly source: string }[]): ReadonlySet<string> {
  const paths = new Set(files.map(({ path }) => path));
  const declared = files.flatMap(({ path, source }) =>
    moduleDeclarations(path, source).flatMap(({ isTest, candidates }) => {
      const file = candidates.find((candidate) => paths.has(candidate));
      return file === undefined || file === path ? [] : [{ from: path, file, isTest }];
    }),
  );
  const found = new Set<string>();
  for (let size = -1; size < found.size; ) {
    size = found.size;
    for (const { file } of declared) {
      if (declared.every((other) => other.file !== file || other.isTest || found.has(other.from))) found.add(file);
    }
  }
  return found;
}

/** The source with the file of each declaration that `placeOf` names a place for (an absolute path) taken from there. */
export function withModulePlaces(path: string, source: string, placeOf: (declaration: ModuleDeclaration) => string | null): string {
  const parts: string[] = [];
  let at = 0;
  for (const declaration of moduleDeclarations(path, source)) {
    const place = placeOf(declaration);
    if (place === null) continue;
    const { item, attribute } = declaration;
    // No line moves.
    parts.push(source.slice(at, item.start), `#[path = "${place}"] `);
    at = item.start;
    if (attribute === null) continue;
    parts.push(source.slice(at, attribute.start));
    at = attribute.end;
  }
  return parts.join("") + source.slice(at);
}

function pathAttribute(source: string, { start, end }: ModuleItem): { readonly start: number; readonly end: number; readonly value: string } | null {
  const code = readCode(source.slice(start, end));
  for (let at = 0; at < code.tokens.length; at += 1) {
    if (textOf(code, at) !== "#" || textOf(code, at + 1) !== "[" || !isMatchedOpen(code, at + 1)) continue;
    if (textOf(code, at + 2) !== "path" || textOf(code, at + 3) !== "=") continue;
    const value = textOf(code, at + 4).replace(/^r?#*"|"#*$/g, "");
    return { start: start + startOf(code, at), end: start + endOf(code, closeOf(code, at + 1)), value };
  }
  return null;
}

function candidatesOf(path: string, { name, parents }: ModuleItem, attribute: string | null): string[] {
  const folder = path.split("/").slice(0, -1);
  const stem = (path.split("/").at(-1) ?? "").replace(/\.rs$/, "");
  // Beside a crate's root and a `mod.rs`; below a folder of its own name for any other file.
  const [beside, below] = [
    [...folder, ...parents],
    [...folder, stem, ...parents],
  ];
  if (attribute !== null) return (parents.length === 0 ? [beside] : [beside, below]).map((place) => plain([...place, ...attribute.split("/")]));
  return [beside, below].flatMap((place) => [plain([...place, `${name}.rs`]), plain([...place, name, "mod.rs"])]);
}

/** Without `.` and `..`; one that leads out of the workspace is no path of it. */
function plain(parts: readonly string[]): string {
  const kept: string[] = [];
  for (const part of parts) {
    if (part === "..") kept.pop();
    else if (part !== "." && part !== "") kept.push(part);
  }
  return kept.join("/");
}
