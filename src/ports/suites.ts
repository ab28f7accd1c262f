// Where suites lie, and tasks that were made elsewhere. Interfaces only.
import type { FileIssue } from "../core/base/errors.ts";
import type { Suite } from "../core/suite/suite.ts";
import type { Tree } from "../core/text/edit.ts";

export interface SuiteFiles {
  /** Folders of all suites, in name order. */
  list(): Promise<readonly string[]>;
  /** The folder of a suite: one that holds a suite.toml, or the name of one below the suite folders. Throws `usage`. */
  find(nameOrFolder: string): Promise<string>;
  /** Throws `written-file` with the issues of all its files. */
  load(folder: string): Promise<Suite>;
  /** Where a key of a task's file stands, as messages name it. */
  locate(folder: string, task: string, key: string): Promise<Omit<FileIssue, "message">>;
}

/** Loads the suite of a folder, or of a name below one of the suite folders. Throws `usage`, or `written-file` with all issues. */
export type LoadSuite = (nameOrFolder: string) => Promise<Suite>;

export interface ForeignFolder {
  readonly name: string;
  /** Null where the folder is refused; `why` says the reason then. */
  readonly tree: Tree | null;
  readonly why: string;
}

export interface ForeignTasks {
  /** All folders at or below `root` that hold one of the marks, in path order. Throws `usage` where `root` is no folder. */
  folders(root: string, marks: readonly string[]): Promise<readonly ForeignFolder[]>;
  /** A file's text. Throws `usage` where there is none, it is too large, or no UTF-8. */
  text(path: string): Promise<string>;
}
