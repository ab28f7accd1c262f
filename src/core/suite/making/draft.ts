// From a repair to the draft of a task: tests held out, the break written as edits, the rest as it was.
import type { Edit, Tree } from "../../text/edit.ts";
import { regraftTestModules } from "../../verdict/guard/regraft.ts";
import { readCode } from "../../rust/code.ts";
import { type ModuleItem, readItems } from "../../rust/items.ts";
import type { DropReason } from "./drop.ts";
import { chooseHeldOut } from "./held-out-choice.ts";
import { type HeldOut, holdOut } from "./hold-out.ts";
import { editsBetween } from "../../text/diff.ts";
import type { DraftResult, Repair, TaskDraft } from "./repair.ts";
import { crateRoots } from "./source-path.ts";
import { hasLooseTests, type SourceTest, testKey, treeText } from "./source-test.ts";

/** What a source holds that the repair wrote from nothing: an edit can't find its way back from an empty file. */
const UNWRITTEN = "// Not written yet.\n";

/** `failing`: keys of the tests that are known to fail without the repair; null before that is known. */
export function draftTask(repair: Repair, failing: ReadonlySet<string> | null): DraftResult {
  const loose = [...repair.before.keys()].find((path) => hasLooseTests(treeText(repair.clean, path) ?? ""));
  if (loose !== undefined) return dropped("loose-tests", loose);
  const tests = repair.tests.filter((test) => failing === null || failing.has(testKey(test)) || test.isDerived);
  const choice = chooseHeldOut({ ...repair, tests });
  if (!choice.ok) return choice;
  const { whole, halved } = choice;
  const held = withHeldOut(repair, whole, halved);
  if (!held) return dropped("held-out", "the tests can't be taken out of their files");
  const breaks = breakEdits(repair, held.tree);
  const editable = [...new Set(breaks.map(({ path }) => path))].filter((path) => held.tree.has(path));
  if (editable.length === 0) return dropped("no-source", "nothing but tests differs");
  const isHeldOut = (test: SourceTest): boolean => whole.has(testKey(test)) || halved.has(testKey(test));
  const name = `at-${repair.id}`;
  const draft: TaskDraft = {
    repair,
    base: {
      name,
      path: `bases/${name}`,
      hidden: held.hidden.map(asGlob),
      protected: [],
      aside: (repair.aside ?? []).map(asGlob),
      warn: repair.warn ?? [],
      packages: repair.packages ?? [],
      tree: held.tree,
    },
    breaks,
    editable: editable.map(asGlob),
    visible: repair.tests.filter((test) => !whole.has(testKey(test))),
    heldOut: repair.tests.filter(isHeldOut),
    split: halved.size > 0 ? "halved" : "moved",
  };
  return { ok: true, draft };
}

const dropped = (reason: DropReason, detail: string): DraftResult => ({ ok: false, drop: { reason, detail } });

/** A glob that matches this path and, where it holds signs that globs read, those that differ from it in one sign only. */
export const asGlob = (path: string): string => path.replaceAll(/[*?[\]{}()!+@|^$\\]/g, "?");

function withHeldOut(
  repair: Repair,
  whole: ReadonlySet<string>,
  halved: ReadonlyMap<string, string | null>,
): { readonly tree: Tree; readonly hidden: readonly string[] } | null {
  const roots = crateRoots(repair.clean);
  const tree = new Map(repair.clean);
  const hidden: string[] = [];
  const paths = repair.tests.filter((test) => whole.has(testKey(test)) || halved.has(testKey(test))).map(({ path }) => path);
  for (const path of new Set(paths)) {
    const source = repair.clean.get(path);
    const held: HeldOut | null =
      typeof source === "string" ? holdOut({ path, source, whole, halved, isRoot: roots(path), isTaken: (other) => tree.has(other) }) : null;
    if (!held) return null;
    tree.set(path, held.visible);
    for (const file of held.hidden) tree.set(file.path, file.source);
    hidden.push(...held.hidden.map((file) => file.path));
  }
  return { tree: new Map([...tree].toSorted(([a], [b]) => (a < b ? -1 : 1))), hidden: hidden.toSorted() };
}

/** Test modules stay as the repair left them: only what they test goes back. */
function breakEdits(repair: Repair, tree: Tree): Edit[] {
  return [...repair.before].flatMap(([path, before]) => {
    const now = tree.get(path);
    if (now === undefined) return before === null ? [] : [{ path, search: "", replace: before }];
    if (typeof now !== "string" || now === "") return [];
    if (before === null || before.trim() === "") return editsBetween(path, now, regraftTestModules(now, UNWRITTEN));
    const fresh = newModules(repair, now, before);
    // A file that the repair did no more to than declare them stays as it is.
    if (fresh.length > 0 && tight(without(now, fresh)) === tight(regraftTestModules(now, before))) return [];
    return editsBetween(path, now, regraftTestModules(now, before + fresh.map(({ start, end }) => `${now.slice(start, end)}\n`).join("")));
  });
}

/** Declarations of modules that the repair wrote: without them nobody would compile the tests in their files. */
function newModules(repair: Repair, now: string, before: string): readonly ModuleItem[] {
  const fresh = [...repair.before].flatMap(([path, content]) => (content === null ? [path] : []));
  const known = new Set(readItems(readCode(before)).modules.map(({ name }) => name));
  return readItems(readCode(now)).modules.filter(({ name, parents, isTest, start, end }) => {
    const hasFile = fresh.some((path) => path.endsWith(`/${name}.rs`) || path.endsWith(`/${name}/mod.rs`));
    return hasFile && parents.length === 0 && !isTest && !known.has(name) && now.slice(start, end).endsWith(";");
  });
}

const without = (text: string, items: readonly ModuleItem[]): string =>
  items.reduceRight((left, { start, end }) => left.slice(0, start) + left.slice(end), text);

const tight = (text: string): string => text.replaceAll(/\s+/g, "");
