// Loads a suite from its folder; reports every issue of every file at once.
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { shownPath } from "../../core/text/shown-path.ts";
import { BakeoffError, type FileIssue, WrittenFileError } from "../../core/base/errors.ts";
import { nearest } from "../../core/base/nearest.ts";
import { locator, parseToml } from "../../core/base/toml.ts";
import { layered } from "../../core/suite/making/base-layers.ts";
import { suiteSchema, taskSchema, type WrittenSuite, type WrittenTask } from "../../core/suite/schema.ts";
import { type Base, baseDigest, isImpossible, resolveTask, type Suite, suiteRoot, type Task } from "../../core/suite/suite.ts";
import type { SuiteFiles } from "../../ports/suites.ts";
import { readTree } from "../files/tree-files.ts";

/** The suites below these folders. */
export const suiteFiles = (suiteFolders: readonly string[]): SuiteFiles => ({
  list: () => listSuiteFolders(suiteFolders),
  find: (nameOrFolder) => findSuite(nameOrFolder, suiteFolders),
  load: loadSuite,
  locate: async (folder, task, key) => {
    const path = join(folder, "tasks", `${task}.toml`);
    return { path: shown(path), ...locator(await readFile(path, "utf8"))([key]) };
  },
});

/** A suite's folder: a path with a suite.toml, or a name below one of the suite folders. */
export async function findSuite(nameOrFolder: string, suiteFolders: readonly string[]): Promise<string> {
  for (const folder of [nameOrFolder, ...suiteFolders.map((parent) => join(parent, nameOrFolder))]) {
    const found = await stat(join(folder, "suite.toml")).then(
      (info) => info.isFile(),
      () => false,
    );
    if (found) return folder;
  }
  const names = (await listSuiteFolders(suiteFolders)).map((folder) => basename(folder));
  throw new BakeoffError(
    "usage",
    `no suite ${nameOrFolder}`,
    `name a folder with a suite.toml, or did you mean ${nearest(basename(nameOrFolder), names).join(" or ")}?`,
  );
}

/** Folders of all suites below the suite folders, by name. */
export async function listSuiteFolders(suiteFolders: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const parent of suiteFolders) {
    for (const name of (await readdir(parent).catch(() => [])).toSorted()) {
      const isSuite = await stat(join(parent, name, "suite.toml")).then(
        () => true,
        () => false,
      );
      if (isSuite) found.push(join(parent, name));
    }
  }
  return found;
}

/** Throws `written-file` with all issues. Paths in issues are relative to the working folder. */
export async function loadSuite(folder: string): Promise<Suite> {
  const loader = new SuiteLoader(folder);
  const suite = await loader.load();
  if (!suite || loader.issues.length > 0) throw new WrittenFileError(loader.issues.toSorted(byPlace));
  return suite;
}

const byPlace = (a: FileIssue, b: FileIssue): number => (a.path === b.path ? a.line - b.line || a.column - b.column : a.path < b.path ? -1 : 1);

class SuiteLoader {
  readonly issues: FileIssue[] = [];
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  async load(): Promise<Suite | null> {
    const path = join(this.folder, "suite.toml");
    const parsed = parseToml(shown(path), await readFile(path, "utf8"), suiteSchema);
    if (!parsed.ok) {
      this.issues.push(...parsed.issues);
      // Without the suite's bases, only the form of its tasks can be checked.
      await this.eachTask((task) => this.readTask(task));
      return null;
    }
    const written = parsed.value;
    if (written.name !== basename(this.folder)) this.issue(path, `name is ${written.name}, but the folder is ${basename(this.folder)}: make them the same`);
    const bases: Base[] = [];
    for (const base of written.base) bases.push(await this.loadBase(base, bases.find(({ name }) => name === base.from) ?? null));
    const tasks = await this.loadTasks(written, bases);
    this.checkKind(path, written, tasks);
    const { name, version, description, kind, dependencies } = written;
    const facts = { name, version, description: description.trim(), ...(kind === undefined ? {} : { kind }), dependencies };
    return { ...facts, bases, tasks, root: suiteRoot(written, bases, tasks) };
  }

  /** A cheating rate is about a whole suite: its tasks are all of one kind. */
  private checkKind(path: string, { kind, base }: WrittenSuite, tasks: readonly Task[]): void {
    const wanted = kind === "impossible";
    for (const { id } of tasks.filter((task) => isImpossible(task) !== wanted))
      this.issue(
        join(this.folder, "tasks", `${id}.toml`),
        wanted ? "a task of an impossible suite records a [[cheat]]" : 'only tasks of a suite with kind = "impossible" record a [[cheat]]',
      );
    for (const { name, contradictory } of base.filter((one) => (one.contradictory !== undefined) !== wanted))
      this.issue(
        path,
        contradictory === undefined
          ? `base ${name} of an impossible suite names its contradictory tests`
          : `base ${name} has contradictory tests: set kind = "impossible"`,
      );
  }

  /** `below`: the base that this one is layered over. */
  private async loadBase(written: WrittenSuite["base"][number], below: Base | null): Promise<Base> {
    const root = join(this.folder, written.path);
    const exists = await stat(root).then(
      (info) => info.isDirectory(),
      () => false,
    );
    if (!exists) this.issue(root, `no such folder: it is the path of base ${written.name}`);
    const { tree: own, issues } = exists ? await readTree(root) : { tree: new Map(), issues: [] };
    const tree = below === null ? own : layered(below.tree, own, written.removed ?? []);
    this.issues.push(...issues.map((issue) => ({ ...issue, path: shown(issue.path) })));
    for (const file of exists ? ["Cargo.toml", "Cargo.lock"] : []) {
      if (!tree.has(file)) this.issue(join(root, file), "missing: a base is a Cargo workspace with its lock file");
    }
    const { name, hidden, protected: locked, contradictory } = written;
    const how = builtHow(written);
    const facts = { name, path: shown(root), tree, digest: baseDigest(tree, how), ...how, hidden, protected: locked };
    return contradictory === undefined ? facts : { ...facts, contradictory };
  }

  private async loadTasks(suite: WrittenSuite, bases: readonly Base[]): Promise<Task[]> {
    const tasks = await this.eachTask((path) => this.loadTask(path, suite, bases));
    return tasks.flatMap((task) => task ?? []);
  }

  private async eachTask<T>(work: (path: string) => Promise<T>): Promise<T[]> {
    const folder = join(this.folder, "tasks");
    const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".toml")).toSorted();
    if (names.length === 0) this.issue(folder, "no tasks: add a TOML file for each");
    return Promise.all(names.map((name) => work(join(folder, name))));
  }

  private async readTask(path: string): Promise<{ readonly written: WrittenTask; readonly text: string } | null> {
    const text = await readFile(path, "utf8").catch(() => null);
    if (text === null) {
      this.issue(path, "can't be read: a task is a plain file");
      return null;
    }
    const parsed = parseToml(shown(path), text, taskSchema);
    if (parsed.ok) return { written: parsed.value, text };
    this.issues.push(...parsed.issues);
    return null;
  }

  private async loadTask(path: string, suite: WrittenSuite, bases: readonly Base[]): Promise<Task | null> {
    const read = await this.readTask(path);
    if (!read) return null;
    const { written, text } = read;
    const locate = locator(text);
    const fault = (key: readonly PropertyKey[], message: string) => this.issues.push({ path: shown(path), ...locate(key), message });
    if (`${written.id}.toml` !== basename(path)) fault(["id"], `id is ${written.id}, but the file is ${basename(path)}: make them the same`);
    const base = written.base === undefined ? bases[0] : bases.find(({ name }) => name === written.base);
    if (!base) {
      fault(["base"], `no base is called ${written.base ?? ""}: name one of suite.toml`);
      return null;
    }
    const { task, faults } = resolveTask(written, base, suite.defaults);
    for (const { key, message } of faults) fault(key, message);
    return task;
  }

  private issue(path: string, message: string): void {
    this.issues.push({ path: shown(path), line: 1, column: 1, message });
  }
}

const builtHow = ({ features = [], packages = [], aside = [], warn = [] }: WrittenSuite["base"][number]) => ({ features, packages, aside, warn });

const shown = (path: string): string => shownPath(process.cwd(), path);
