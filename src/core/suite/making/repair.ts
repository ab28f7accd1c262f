// A repair taken from elsewhere (a commit, an instance, an exercise), and the draft of the task that it becomes.
import { sha256 } from "../../base/canonical.ts";
import type { Changes, Edit, Tree } from "../../text/edit.ts";
import type { DropReason } from "./drop.ts";
import type { SourceTest } from "./source-test.ts";
import type { DraftBase } from "./write.ts";

/** A file that a commit changed; null where its name could not lie in a suite. */
export interface ChangedPath {
  readonly path: string | null;
  /** Neither side is a link or a submodule. */
  readonly isFile: boolean;
}

/** What was broken and how it was repaired, as whole files. */
export interface Repair {
  /** `[a-z0-9-]+`. */
  readonly id: string;
  readonly title: string;
  /** Where it comes from, for readers: `commit 1a2b…`. */
  readonly origin: string;
  /** What people wrote about it. */
  readonly message: string;
  /** The tree with the repair and its tests. */
  readonly clean: Tree;
  /** Sources that the repair changed, as they were before it; null where they were not there. */
  readonly before: Changes;
  /** Tests that the repair brought or changed. */
  readonly tests: readonly SourceTest[];
  /** Identities of tests that are not judged. */
  readonly aside?: readonly string[];
  /** Lints that only warn. */
  readonly warn?: readonly string[];
  /** Members of the workspace that are built and tested; none: all. */
  readonly packages?: readonly string[];
}

export interface TaskDraft {
  readonly repair: Repair;
  readonly base: DraftBase;
  /** Edits from the base to the broken tree. */
  readonly breaks: readonly Edit[];
  readonly editable: readonly string[];
  readonly visible: readonly SourceTest[];
  readonly heldOut: readonly SourceTest[];
  /** `halved`: one test is all there is; its first assertions stay visible and the whole is held out. */
  readonly split: "moved" | "halved";
}

export type Drop = { readonly reason: DropReason; readonly detail: string };
export type DraftResult = { readonly ok: true; readonly draft: TaskDraft } | { readonly ok: false; readonly drop: Drop };

/** A task's name: words of a title and enough of a hash that two never share one. */
export function taskId(title: string, unique: string): string {
  const words = title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, 40)
    .replaceAll(/^-+|-+$/g, "");
  return `${words === "" ? "task" : words}-${sha256(unique).slice(0, 8)}`;
}
