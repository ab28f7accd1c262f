// From a commit to a repair: what it changed is sorted into sources, tests and the rest, and its faults are named.
import type { Changes, Tree } from "../../../text/edit.ts";
import { regraftTestModules } from "../../../verdict/guard/regraft.ts";
import { changedDocTests, type DocTest, docTestFile } from "../../../rust/doctest.ts";
import { lineHunks, linesOf } from "../../../text/diff.ts";
import { type ChangedPath, type Drop, type Repair, taskId } from "../repair.ts";
import { pathKind } from "../source-path.ts";
import { bareCode, changedTests, type SourceTest, testsIn } from "../source-test.ts";

/** Sources that one task may ask to change, and lines that its repair may write. */
export const LIMITS = { sources: 12, addedLines: 400, changedFiles: 120 } as const;

export interface CommitFacts {
  readonly id: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly changedCount: number;
  readonly changed: readonly ChangedPath[];
}

/** What can be told without reading a file; null: worth a closer look. */
export function screenCommit(commit: CommitFacts): Drop | null {
  if (commit.parents.length === 0) return { reason: "root", detail: "" };
  const rust = commit.changed.filter(({ path }) => path?.endsWith(".rs"));
  if (!rust.some(({ path }) => path !== null && pathKind(path) === "source")) return { reason: "no-source", detail: "" };
  if (commit.changedCount > LIMITS.changedFiles) return { reason: "too-large", detail: `${commit.changedCount} files` };
  const odd = commit.changed.find(({ path, isFile }) => path === null || (!isFile && path.endsWith(".rs")));
  return odd ? { reason: "odd-files", detail: odd.path ?? "a name that is not UTF-8 or holds control characters" } : null;
}

/** One Rust file before and after the commit; null where it is not there. */
export interface FilePair {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

export interface Parts {
  readonly ok: true;
  readonly sources: Changes;
  readonly tests: readonly SourceTest[];
  /** New or changed doctests by their file, where the commit brings no other test. */
  readonly docTests: ReadonlyMap<string, readonly DocTest[]>;
}

export type CommitParts = Parts | { readonly ok: false; readonly drop: Drop };

/** Sorts a commit's Rust files: sources that differ by more than their tests, and the tests that are new or changed. */
export function commitParts(files: readonly FilePair[]): CommitParts {
  const tests = files.flatMap(({ path, before, after }) => (after === null || pathKind(path) === "beside" ? [] : changedTests(path, before, after)));
  const sources = new Map<string, string | null>();
  let added = 0;
  for (const { path, before, after } of files) {
    if (pathKind(path) !== "source" || isTestsOnly(before, after)) continue;
    sources.set(path, before);
    added += addedLines(before, after);
  }
  if (sources.size === 0) return fault("no-source", "only tests differ");
  const docTests = new Map(tests.length > 0 ? [] : files.flatMap((file) => docTestsOf(file)));
  if (tests.length === 0 && docTests.size === 0) return fault("no-tests", "");
  if (sources.size > LIMITS.sources) return fault("too-large", `${sources.size} sources`);
  return added > LIMITS.addedLines ? fault("too-large", `${added} added lines`) : { ok: true, sources, tests, docTests };
}

/** Of a library's own sources: a file of which only the comments differ repairs nothing. */
function docTestsOf({ path, before, after }: FilePair): [string, readonly DocTest[]][] {
  if (after === null || pathKind(path) !== "source" || bareCode(before ?? "") === bareCode(after)) return [];
  const changed = changedDocTests(path, before, after);
  return changed.length === 0 ? [] : [[path, changed]];
}

const fault = (reason: Drop["reason"], detail: string): CommitParts => ({ ok: false, drop: { reason, detail } });

const isTestsOnly = (before: string | null, after: string | null): boolean => before !== null && after !== null && regraftTestModules(after, before) === after;

const addedLines = (before: string | null, after: string | null): number =>
  lineHunks(linesOf(before ?? ""), linesOf(after ?? "")).reduce((sum, { afterStart, afterEnd }) => sum + afterEnd - afterStart, 0);

/** `beside`: what documents, examples and benches held before the commit; they go back, as they could tell the answer. */
export function commitRepair(commit: CommitFacts, parts: Parts, tree: Tree, beside: ReadonlyMap<string, string | null>): Repair {
  const clean = new Map(tree);
  for (const [path, before] of beside) {
    if (before === null) clean.delete(path);
    else clean.set(path, before);
  }
  const laid = docTestFiles(tree, parts.docTests);
  for (const [path, text] of laid) clean.set(path, text);
  const subject = commit.message.trim().split("\n")[0]?.trim() ?? "";
  return {
    id: taskId(subject, commit.id),
    title: subject.slice(0, 120).trim() || "Repair what the tests find",
    origin: `commit ${commit.id.slice(0, 12)}`,
    message: commit.message,
    clean,
    before: parts.sources,
    tests: [...parts.tests, ...[...laid].flatMap(([path, text]) => testsIn(path, text))],
  };
}

/** Each library's doctests as a test file of its package, the only form in which the verdict's own protocol can run them. */
function docTestFiles(tree: Tree, docTests: ReadonlyMap<string, readonly DocTest[]>): ReadonlyMap<string, string> {
  const byFile = new Map<string, DocTest[]>();
  for (const [path, tests] of docTests) {
    const dir = /^(.*\/)?src\//.exec(path)?.[1] ?? "";
    const file = `${dir}tests/doctests.rs`;
    if (tree.has(`${dir}src/lib.rs`) && !tree.has(file)) byFile.set(file, [...(byFile.get(file) ?? []), ...tests]);
  }
  return new Map([...byFile].map(([file, tests]) => [file, docTestFile(tests)]));
}
