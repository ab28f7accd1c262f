// Mines a repository's history: commit by commit, newest first, until there are enough proved tasks or nothing is left to try.
import { configLeftOut } from "../core/suite/cargo-config.ts";
import { type CommitFunnel, commitFunnel } from "../core/suite/making/commits/funnel.ts";
import { commitParts, type CommitParts, commitRepair, type FilePair, type Parts, screenCommit } from "../core/suite/making/commits/repair.ts";
import { withWrittenTests } from "../core/suite/making/macro-tests.ts";
import { mergeMessage } from "../core/suite/making/commits/merge-message.ts";
import type { Drop } from "../core/suite/making/repair.ts";
import { pathKind } from "../core/suite/making/source-path.ts";
import { treeText } from "../core/suite/making/source-test.ts";
import type { Tree } from "../core/text/edit.ts";
import { joinCommits } from "./joined-commits.ts";
import { type Judging, type JudgedRepair, judgeRepair, type JudgedTask } from "./judge.ts";
import { type LockedTree, type LockingTools, lockedTree, withPackages } from "./locked-tree.ts";
import type { History, HistoryCommit, SkippedFile } from "../ports/repository.ts";

export interface MineOptions extends Judging, Omit<LockingTools, keyof Judging> {
  readonly history: History;
  readonly since: string | null;
  /** Proved tasks after which it stops. */
  readonly max: number;
  /** Commits that are built at the most. */
  readonly maxTried: number;
  readonly watch: MineWatcher;
}

export interface MineWatcher {
  /** A commit has passed all that can be told without building it. */
  trying(commit: HistoryCommit, tried: number): void;
  judged(commit: HistoryCommit, judged: JudgedRepair, found: number): void;
}

export interface DroppedCommit extends Drop {
  readonly commit: string;
  readonly subject: string;
}

export interface MineResult {
  readonly tasks: readonly JudgedTask[];
  readonly dropped: readonly DroppedCommit[];
  /** Reasons that are no news (merges, commits without Rust): counted, not listed. */
  readonly passedOver: Readonly<Record<string, number>>;
  readonly commits: number;
  readonly tried: number;
  /** Files of the tasks' trees that a base can't hold. */
  readonly leftOut: readonly SkippedFile[];
  readonly stopped: "end" | "enough" | "tried";
  readonly funnel: CommitFunnel;
}

/** Reasons so common that each commit by name would bury the rest. */
const COUNTED = new Set(["merge", "merged", "root", "no-source", "no-tests"]);

export async function mineHistory(options: MineOptions): Promise<MineResult> {
  const mining = new Mining(options);
  for await (const commit of options.history.commits(options.since, options.signal)) {
    if (await mining.take(commit)) break;
  }
  return mining.result();
}

/** A commit that changes sources without tests, or tests without sources. */
interface HalfChange {
  readonly commit: HistoryCommit;
  readonly lacks: "no-tests" | "no-source";
}

/** Sources that the commit changed, as they are read where that is not as they stand. */
function writtenFiles({ changed }: HistoryCommit, tree: Tree): ReadonlyMap<string, string> {
  return new Map(
    changed.flatMap(({ path }): [string, string][] => {
      const source = path?.endsWith(".rs") === true ? treeText(tree, path) : null;
      const written = source === null ? null : withWrittenTests(source);
      return path === null || written === null || written === source ? [] : [[path, written]];
    }),
  );
}

class Mining {
  private readonly options: MineOptions;
  private readonly tasks: JudgedTask[] = [];
  private readonly dropped: DroppedCommit[] = [];
  private readonly passedOver: Record<string, number> = {};
  private readonly leftOut = new Map<string, SkippedFile>();
  /** Commits of merges that make a task, or were looked at with their merge. */
  private readonly merged = new Set<string>();
  /** The commit before this one in the walk, where it lacked sources or tests. */
  private open: HalfChange | null = null;
  private commits = 0;
  private tried = 0;
  private stopped: MineResult["stopped"] = "end";

  constructor(options: MineOptions) {
    this.options = options;
  }

  /** True where it is enough. */
  async take(commit: HistoryCommit): Promise<boolean> {
    this.commits += 1;
    const before = this.open;
    this.open = null;
    if (this.merged.has(commit.id)) this.drop(commit, { reason: "merged", detail: "" });
    else if (commit.parents.length > 1) await this.takeMerge(commit);
    else await this.takeCommit(commit, before);
    if (this.tasks.length >= this.options.max) this.stopped = "enough";
    else if (this.tried >= this.options.maxTried) this.stopped = "tried";
    return this.stopped !== "end";
  }

  /** One that lacks sources or tests may be one change with the commit after it, which lacked the others. */
  private async takeCommit(commit: HistoryCommit, newer: HalfChange | null): Promise<void> {
    const drop = await this.attempt(commit);
    if (drop === null) return;
    this.drop(commit, drop);
    if (drop.reason !== "no-tests" && drop.reason !== "no-source") return;
    this.open = { commit, lacks: drop.reason };
    if (newer === null || newer.lacks === drop.reason) return;
    // The commit that changes sources says what was repaired.
    const joined = joinCommits(newer.commit, commit, (drop.reason === "no-tests" ? commit : newer.commit).message);
    if (!joined) return;
    const tried = this.tried;
    const why = await this.attempt(joined);
    if (why === null) this.open = null;
    else if (this.tried > tried) this.drop(joined, why);
  }

  /** A merge is one change, as it was reviewed; where it makes no task its commits are looked at one by one. */
  private async takeMerge(merge: HistoryCommit): Promise<void> {
    const branch = await this.options.history.branch(merge.id, this.options.signal);
    const message = mergeMessage(
      merge.message,
      branch.map((commit) => commit.message),
    );
    const tried = this.tried;
    const drop = await this.attempt({ ...merge, message });
    // Its only commit is the same change.
    const isTold = drop === null || (branch.length === 1 && this.tried > tried);
    if (isTold) for (const { id } of branch) this.merged.add(id);
    if (drop !== null) this.drop(merge, isTold ? drop : { reason: "merge", detail: "" });
  }

  /** Null where it made a task. */
  private async attempt(commit: HistoryCommit): Promise<Drop | null> {
    const screened = screenCommit(commit);
    if (screened) return screened;
    const parts = await this.partsOf(commit, withWrittenTests);
    return parts.ok ? this.tryCommit(commit, parts) : parts.drop;
  }

  private async partsOf(commit: HistoryCommit, read: (source: string) => string): Promise<CommitParts> {
    const pairs: FilePair[] = [];
    for (const { path, before, after, isFile } of commit.changed) {
      if (path === null || !isFile || !path.endsWith(".rs")) continue;
      const [then, now] = [await this.textOf(before), await this.textOf(after)];
      if (then === undefined || now === undefined) return { ok: false, drop: { reason: "odd-files", detail: `${path} is not UTF-8, or too large` } };
      pairs.push({ path, before: then === null ? null : read(then), after: now === null ? null : read(now) });
    }
    return commitParts(pairs);
  }

  /** Null where there is no file; undefined where it is no text. */
  private async textOf(blob: string | null): Promise<string | null | undefined> {
    return blob === null ? null : ((await this.options.history.text(blob)) ?? undefined);
  }

  private async tryCommit(commit: HistoryCommit, parts: Parts): Promise<Drop | null> {
    this.tried += 1;
    this.options.watch.trying(commit, this.tried);
    const judged = await this.judge(commit, parts);
    if (judged.ok) this.tasks.push(judged.task);
    this.options.watch.judged(commit, judged, this.tasks.length);
    return judged.ok ? null : judged.drop;
  }

  /** Tests that macros make are written out; where that does not compile, they stay as they are. */
  private async judge(commit: HistoryCommit, parts: Parts): Promise<JudgedRepair> {
    const { history, signal } = this.options;
    const read = await history.tree(commit.id, signal);
    if (!read.ok) return { ok: false, drop: { reason: "too-large", detail: read.why } };
    const locked = await lockedTree(this.options, read.tree);
    if (!locked.ok) return locked;
    const written = writtenFiles(commit, locked.tree);
    const judged = await this.judgeTree(commit, parts, { ...locked, tree: new Map([...locked.tree, ...written]) });
    if (!judged.ok && judged.drop.reason === "base-broken" && written.size > 0) {
      const plain = await this.partsOf(commit, (source) => source);
      return plain.ok ? this.judgeTree(commit, plain, locked) : { ok: false, drop: plain.drop };
    }
    const unread = configLeftOut(read.tree, this.options.bench.toolchain.host);
    if (judged.ok) for (const item of [...read.leftOut, ...unread]) this.leftOut.set(item.path, item);
    return judged;
  }

  private async judgeTree(
    commit: HistoryCommit,
    parts: Parts,
    { tree, workspace }: Pick<Extract<LockedTree, { ok: true }>, "tree" | "workspace">,
  ): Promise<JudgedRepair> {
    const repair = commitRepair(commit, parts, tree, await this.besideFiles(commit));
    if (repair.tests.length === 0) return { ok: false, drop: { reason: "no-tests", detail: "its doctests can't be laid beside a library" } };
    const part = withPackages(repair, workspace, this.options.members);
    return part.ok ? judgeRepair(this.options, part.repair) : part;
  }

  /** What the commit's documents, examples and benches held before it. */
  private async besideFiles(commit: HistoryCommit): Promise<ReadonlyMap<string, string | null>> {
    const files = new Map<string, string | null>();
    for (const { path, before, isFile } of commit.changed) {
      if (path !== null && isFile && pathKind(path) === "beside") files.set(path, before === null ? null : await this.options.history.text(before));
    }
    return files;
  }

  private drop(commit: HistoryCommit, { reason, detail }: Drop): void {
    if (COUNTED.has(reason)) this.passedOver[reason] = (this.passedOver[reason] ?? 0) + 1;
    else this.dropped.push({ commit: commit.id, subject: commit.message.trim().split("\n")[0]?.slice(0, 80) ?? "", reason, detail });
  }

  result(): MineResult {
    const { tasks, dropped, passedOver, commits, tried, stopped } = this;
    const funnel = commitFunnel(commits, tasks.length, dropped);
    return { tasks, dropped, passedOver, commits, tried, stopped, funnel, leftOut: [...this.leftOut.values()] };
  }
}
