// Makes a base of a repository: sets held-out tests aside, leaves out what fails here, and prepares it until it stands.
import { BakeoffError, WrittenFileError } from "../core/base/errors.ts";
import { splitTests } from "../core/mutation/held-out.ts";
import type { MutableFile } from "../core/mutation/mutant.ts";
import { asGlob } from "../core/suite/making/draft.ts";
import { withGatheredTests } from "../core/suite/making/gather-tests.ts";
import { keepingFlag } from "../core/suite/making/keeping-flag.ts";
import { withWrittenTests } from "../core/suite/making/macro-tests.ts";
import { pathKind } from "../core/suite/making/source-path.ts";
import { testKey, testsIn, treeText } from "../core/suite/making/source-test.ts";
import { configLeftOut } from "../core/suite/cargo-config.ts";
import { type Base, baseDigest } from "../core/suite/suite.ts";
import type { SummaryDrop } from "../core/suite/summary.ts";
import { type Tree, withChanges } from "../core/text/edit.ts";
import type { PreparedBase, Workbench } from "../ports/workbench.ts";
import type { RepositoryCopy } from "../ports/repository.ts";

export interface SettleOptions {
  readonly copy: RepositoryCopy;
  /** The repository's folder as the user named it, for messages. */
  readonly shown: string;
  readonly bench: Workbench;
  readonly seed: number;
  readonly features: readonly string[];
  /** Members of the workspace that are built and tested; none: all. The copy tells of these alone. */
  readonly packages: readonly string[];
  readonly signal: AbortSignal;
  readonly note: (text: string) => void;
}

export interface SettledBase {
  readonly base: Base;
  readonly prepared: PreparedBase;
  /** Tests that are not judged, and files whose tests all stay visible, with the reason. */
  readonly leftOut: readonly SummaryDrop[];
}

/** So often is a base laid anew after it turned out not to stand. */
const MAX_ROUNDS = 8;

export async function settleBase(options: SettleOptions): Promise<SettledBase> {
  const without: Without = { aside: new Set(), unsplit: new Set(), unhalved: new Set(), unwritten: new Set(), warn: new Set() };
  let fault: WrittenFileError | null = null;
  for (let round = 1; ; round += 1) {
    const laid = layBase(options, without);
    // Where the repository itself does not compile, that is what there is to say.
    if (laid.base.hidden.length === 0) throw fault === null ? noHeldOut(laid.tests, options.copy.tree) : withFlags(fault, laid.base);
    try {
      const prepared = await options.bench.prepare(laid.base, options.signal, { whole: true });
      if (prepared.heldOutTests.length === 0) throw noHeldOut(prepared.visibleTests.length, options.copy.tree);
      const unread = configLeftOut(laid.base.tree, options.bench.toolchain.host).map(({ path, why }) => ({ what: path, reason: why }));
      return { base: laid.base, prepared, leftOut: [...leftOut(without), ...unread] };
    } catch (error) {
      if (!(error instanceof WrittenFileError)) throw error;
      if (round === MAX_ROUNDS || !learn(without, error, laid, options.shown)) throw withFlags(error, laid.base);
      if (error.failingTests.length === 0) fault = error;
      options.note(standing(without));
    }
  }
}

/** The same faults with the flags that would have kept the base, in the place of advice for whoever writes a suite. */
function withFlags({ issues, failingTests, failingLints }: WrittenFileError, { tree, path = "" }: Base): WrittenFileError {
  const told = issues.map((issue) => {
    const flag = issue.path.endsWith(".rs") ? keepingFlag(tree, { ...issue, path: issue.path.slice(path.length + 1) }) : null;
    return { ...issue, message: issue.message.replace("repair the base tree", flag ?? "see that cargo test builds it") };
  });
  return new WrittenFileError(told, { tests: failingTests, lints: failingLints });
}

/** What a base is laid without, found by laying it. */
interface Without {
  /** Identities of tests that fail here. */
  readonly aside: Set<string>;
  /** Files whose tests all stay visible. */
  readonly unsplit: Set<string>;
  /** Tests that don't compile with half of their assertions, or whose files don't: their keys, or paths. */
  readonly unhalved: Set<string>;
  /** Files whose macros can't be written out as the tests that they make. */
  readonly unwritten: Set<string>;
  /** Lints that only warn. */
  readonly warn: Set<string>;
}

/** False: the error tells nothing new. */
function learn(without: Without, { issues, failingTests, failingLints }: WrittenFileError, laid: LaidBase, shown: string): boolean {
  const { aside, unsplit, unhalved, unwritten, warn } = without;
  const known = () => Object.values(without).reduce((sum, { size }) => sum + size, 0);
  const before = known();
  for (const id of failingTests) aside.add(id);
  for (const lint of failingLints) warn.add(lint);
  if (failingTests.length + failingLints.length > 0) return known() > before;
  const blamed = issues.flatMap(({ path, line }) => blame(laid, path.slice(shown.length + 1), line));
  for (const { from, test } of blamed) {
    if (test !== null) unhalved.add(test);
    else if (laid.halved.has(from)) unhalved.add(from);
    else if (laid.written.has(from)) unwritten.add(from);
    else unsplit.add(from);
  }
  return known() > before;
}

interface Blamed {
  /** The file that the tests came from. */
  readonly from: string;
  /** Key of the halved test in which it does not compile; null where it is elsewhere. */
  readonly test: string | null;
}

/** What of the split an error may come from: nothing, where the file is as the repository has it. */
function blame({ origins, halved, base }: LaidBase, path: string, line: number): Blamed[] {
  const from = origins.get(path);
  if (from === undefined) return [];
  const source = treeText(base.tree, path) ?? "";
  const here =
    from === path ? testsIn(path, source).find((test) => halved.get(path)?.has(testKey(test)) === true && isOnLine(source, test.text, line)) : undefined;
  return [{ from, test: here ? testKey(here) : null }];
}

const linesIn = (text: string): number => text.split("\n").length;

function isOnLine(source: string, text: string, line: number): boolean {
  const first = linesIn(source.slice(0, source.indexOf(text)));
  return line >= first && line < first + linesIn(text);
}

const standing = ({ aside, unsplit, warn }: Without): string => {
  const parts = [
    `${aside.size} tests that fail here set aside`,
    `${unsplit.size} files kept whole`,
    ...(warn.size > 0 ? [`warnings only: ${[...warn].join(", ")}`] : []),
  ];
  return `the base does not stand yet: ${parts.join(", ")}`;
};

function noHeldOut(tests: number, tree: Tree): BakeoffError {
  const isMacroMade = [...tree].some(([path, text]) => path.endsWith(".rs") && typeof text === "string" && TEST_MACRO.test(text));
  return new BakeoffError(
    "usage",
    `no test of the repository can be held out (${tests} tests, at the most one in each module that could go)`,
    isMacroMade
      ? "tests that a macro of the repository makes could not be written out one by one: write some as functions"
      : "write more tests first: a task is only as good as the tests that judge it",
  );
}

/** A macro whose rules hold a test. */
const TEST_MACRO = /macro_rules!\s*\w+\s*[{(][\s\S]*?#\[test\][\s\S]*?fn \$/;

interface LaidBase {
  readonly base: Base;
  /** Tests that its sources hold. */
  readonly tests: number;
  /** The source file behind each changed or hidden file. */
  readonly origins: ReadonlyMap<string, string>;
  /** Keys of halved tests by their file. */
  readonly halved: ReadonlyMap<string, ReadonlySet<string>>;
  /** Files in which macros are written out as tests. */
  readonly written: ReadonlySet<string>;
}

function layBase({ copy, shown, seed, features, packages }: SettleOptions, { aside: failing, unsplit, unhalved, unwritten, warn: lints }: Without): LaidBase {
  const own = rustFiles(copy).filter(({ path }) => !unsplit.has(path));
  const plain = own.map((file) => (unwritten.has(file.path) ? file : { ...file, source: withWrittenTests(file.source) }));
  const written = new Set(plain.filter((file, index) => file.source !== own[index]?.source).map(({ path }) => path));
  const files = plain.map(({ path, source }) => ({ path, source: pathKind(path) === "source" ? withGatheredTests(source) : source }));
  const gathered = files.flatMap(({ path, source }): [string, string][] => (copy.tree.get(path) === source ? [] : [[path, source]]));
  const roots = new Set(copy.workspace.packages.flatMap((item) => item.roots.map(({ path }) => path)));
  const split = splitTests(files, { seed, isRoot: (path) => roots.has(path), isTaken: (path) => copy.tree.has(path), whole: unhalved });
  const laid = withChanges(copy.tree, new Map([...gathered, ...split.changed, ...[...split.hidden].map(([path, { source }]) => [path, source] as const)]));
  const tree: Tree = new Map([...laid].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  const origins = new Map([
    ...gathered.map(([path]) => [path, path] as const),
    ...[...split.changed.keys()].map((path) => [path, path] as const),
    ...[...split.hidden].map(([path, { from }]) => [path, from] as const),
  ]);
  const tests = files.reduce((sum, { path, source }) => sum + testsIn(path, source).length, 0);
  const how = { features, packages, aside: [...failing].map(asGlob).toSorted(), warn: [...lints].toSorted() };
  const hidden = [...split.hidden.keys()].toSorted();
  const base = { name: "main", path: shown, tree, digest: baseDigest(tree, how), ...how, hidden, protected: [] };
  const halved = new Map(
    files.map(({ path }) => [path, new Set([...split.halved].filter((key) => key.startsWith(`${path}#`)))] as const).filter(([, keys]) => keys.size > 0),
  );
  return { base, tests, origins, halved, written };
}

/** Sources of the workspace's members. A path that would be read as a glob can't be hidden, so its tests stay where they are. */
export function rustFiles({ tree, workspace }: Pick<RepositoryCopy, "tree" | "workspace">): MutableFile[] {
  const manifests = [...tree.keys()].filter((path) => /(^|\/)Cargo\.toml$/.test(path)).map((path) => path.replace(/\/?Cargo\.toml$/, ""));
  const members = new Set(workspace.packages.map(({ dir }) => dir));
  const owner = (path: string) => manifests.filter((dir) => dir === "" || path.startsWith(`${dir}/`)).toSorted((a, b) => b.length - a.length)[0] ?? "";
  return [...tree].flatMap(([path, content]) => {
    const usable = path.endsWith(".rs") && typeof content === "string" && !/[*?[\]{}()!+@]/.test(path);
    return usable && members.has(owner(path)) ? [{ path, source: content }] : [];
  });
}

function leftOut({ aside, unsplit, warn }: Without): SummaryDrop[] {
  return [
    ...[...aside].toSorted().map((what) => ({ what, reason: "a test that fails in the sandbox, on the unchanged sources: not judged" })),
    ...[...unsplit].toSorted().map((what) => ({ what, reason: "its tests do not compile as a child module: all of them stay visible" })),
    ...[...warn].toSorted().map((what) => ({ what, reason: "a lint that the sources make an error and this compiler reports: it only warns" })),
  ];
}
