// A world for making suites: a history in memory, a workbench that says what it is told to, a shelf and a workspace to search.
import { sha256 } from "../../../src/core/base/canonical.ts";
import type { Base } from "../../../src/core/suite/suite.ts";
import type { Changes } from "../../../src/core/text/edit.ts";
import type { TestResult, Verdict } from "../../../src/core/verdict/verdict.ts";
import type { History, HistoryCommit, WorkspaceHit, WorkspaceSearch } from "../../../src/ports/repository.ts";
import type { PreparedBase, Workbench } from "../../../src/ports/workbench.ts";

export const LIB = (body: string, tests: string): string =>
  `pub fn sum(a: u32, b: u32) -> u32 {\n    ${body}\n}\n\n#[cfg(test)]\nmod tests {\n    use super::*;\n${tests}}\n`;
export const TESTS = ["one", "two"].map((name) => `    #[test]\n    fn ${name}() {\n        assert_eq!(sum(1, 2), 3);\n    }\n`).join("");
export const BROKEN = LIB("a - b", "");
export const FIXED = LIB("a.wrapping_add(b)", TESTS);

const blobs = new Map<string, string>();
export const blob = (text: string | null): string | null => {
  if (text === null) return null;
  blobs.set(sha256(text), text);
  return sha256(text);
};

export const commit = (index: number, facts: Partial<HistoryCommit> = {}): HistoryCommit => ({
  id: sha256(`commit ${index}`).slice(0, 40),
  parents: ["p"],
  message: `Repair ${index}`,
  changed: [{ path: "src/lib.rs", before: blob(BROKEN), after: blob(FIXED), isFile: true }],
  changedCount: 1,
  ...facts,
});

/** `branches`: what each merge brought, by its id. */
export const historyOf = (
  commits: readonly HistoryCommit[],
  files: readonly [string, string][] = [],
  branches: Readonly<Record<string, readonly HistoryCommit[]>> = {},
): History => ({
  notes: [],
  commits: async function* () {
    yield* commits;
  },
  branch: async (merge) => branches[merge] ?? [],
  resolve: async () => null,
  tree: async (id) => ({
    ok: true,
    tree: new Map([["Cargo.toml", '[package]\nname = "sums"\n'], ["id", id], ["src/lib.rs", FIXED], ...files]),
    leftOut: [{ path: "logo", why: "a link" }],
  }),
  text: async (id) => blobs.get(id) ?? null,
  close: async () => undefined,
});

export const result = (name: string, status: "passed" | "failed"): TestResult => ({
  id: `sums/lib/tests::${name}`,
  status,
  heldOut: name.startsWith("heldout"),
  output: "",
});

/** Ids as the base's split gave them: whichever test was held out has its module before it. */
export function namesOf(base: Base): string[] {
  return ["one", "two"].map((name) => (String(base.tree.get("src/tests/heldout.rs") ?? "").includes(`fn ${name}`) ? `heldout::${name}` : name));
}

export const failing = (base: Base): Verdict => ({ status: "failed", tests: namesOf(base).map((name) => result(name, "failed")) });
export const passing = (base: Base): Verdict => ({ status: "passed", tests: namesOf(base).map((name) => result(name, "passed")) });

export interface Script {
  readonly prepare?: (base: Base) => void;
  /** Verdict of the n-th run without the repair, and with it. */
  readonly broken?: (base: Base, run: number) => Verdict;
  readonly solved?: (base: Base, run: number) => Verdict;
}

export function benchOf(script: Script): Workbench & { readonly prepared: Base[]; readonly wanted: unknown[]; verified: number } {
  const runs = { broken: 0, solved: 0 };
  const bench = {
    tier: "bubblewrap" as const,
    toolchain: { rustc: "rustc 1", cargo: "cargo 1", host: "x" },
    prepared: [] as Base[],
    wanted: [] as unknown[],
    verified: 0,
    prepare: async (base: Base, _: AbortSignal, builds?: { readonly whole: true }): Promise<PreparedBase> => {
      script.prepare?.(base);
      bench.wanted.push(builds);
      bench.prepared.push(base);
      const ids = namesOf(base).map((name) => `sums/lib/tests::${name}`);
      const isHeld = (id: string): boolean => id.includes("heldout");
      return {
        base,
        key: base.digest,
        visibleTests: ids.filter((id) => !isHeld(id)),
        heldOutTests: ids.filter(isHeld),
        sentinels: 0,
        compileTime: [],
        observations: new Map(),
        unsteadyObservations: 0,
        preparedMs: 1,
      };
    },
    verify: async ({ task, changes }: { task: { base: Base }; changes: Changes }) => {
      bench.verified += 1;
      const isSolved = [...changes.values()].some((content) => content?.includes("wrapping_add") === true);
      const { base } = task;
      const verdict = isSolved ? (script.solved ?? passing)(base, ++runs.solved) : (script.broken ?? failing)(base, ++runs.broken);
      return { verdict, notes: [], times: { applyMs: 0, checkMs: 5, testMs: 7, overheadMs: 0, totalMs: 12 }, queueMs: 0, treeHash: "" };
    },
    startState: async () => Promise.reject(new Error("not asked")),
    kept: { find: async () => null, keep: async () => undefined },
    prepareLint: async () => undefined,
    lint: async () => Promise.reject(new Error("not asked")),
  };
  return bench;
}

export const memoryShelf = () => {
  const kept = new Map<string, string>();
  return { kept, find: async (key: string) => kept.get(key) ?? null, keep: async (key: string, text: string) => void kept.set(key, text) };
};

/** A workspace in which these lines were found. */
export const searchOf = (...hits: WorkspaceHit[]): WorkspaceSearch => ({
  find: async function* (_, lines) {
    for (const hit of hits) if (hit.found.every((line) => lines.includes(line))) yield hit;
  },
});
