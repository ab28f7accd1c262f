// Verdicts beside a prepared base: found again for the very same tree, and only where nobody else could have written them.
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { StoredBase } from "../../../../src/adapters/workbench/base-cache.ts";
import { openKept, startOnce } from "../../../../src/adapters/workbench/kept-verdicts.ts";
import { lintOnce } from "../../../../src/adapters/workbench/lint.ts";
import type { SandboxTier } from "../../../../src/core/trial/sandbox-tier.ts";
import type { Verdict } from "../../../../src/core/verdict/verdict.ts";
import type { KeptTree, KeptVerification } from "../../../../src/ports/workbench.ts";
import { taskNamed, VERDICTS } from "../../run/fakes.ts";

const tree: KeptTree = { task: taskNamed("a"), changes: new Map([["src/a.rs", "x"]]) };
const verification: KeptVerification = { verdict: VERDICTS["failed"] as Verdict, notes: [{ rule: "exit", detail: "it ends" }], treeHash: "1".repeat(64) };

let base: StoredBase;
beforeEach(async () => {
  base = { folder: await mkdtemp(join(tmpdir(), "bakeoff-kept-")), meta: {} as StoredBase["meta"] };
});
afterEach(() => rm(base.folder, { recursive: true }));

const { signal } = new AbortController();
const keptIn = (tier: SandboxTier, start = "failed") => openKept({ tier, baseOf: async () => base, startState: async () => VERDICTS[start] as Verdict });
const find = (one: KeptTree = tree) => keptIn("bubblewrap").find(one, signal);

async function keptFile(): Promise<string> {
  await keptIn("bubblewrap").keep(tree, verification, signal);
  const [name] = await readdir(join(base.folder, "verifications"));
  return join(base.folder, "verifications", name ?? "");
}

describe("a verification that is kept", () => {
  it("is found again as it was, in a file of its user alone", async () => {
    expect(await find()).toBeNull();
    const { mode } = await stat(await keptFile());
    expect(mode & 0o777).toBe(0o600);
    expect(await find()).toEqual(verification);
  });

  it("is that of no other tree, task or sandbox", async () => {
    await keptFile();
    expect(await find({ ...tree, changes: new Map([["src/a.rs", "y"]]) })).toBeNull();
    expect(await find({ ...tree, changes: new Map([["src/a.rs", null]]) })).toBeNull();
    expect(await find({ ...tree, task: taskNamed("a", { instruction: "Other words." }) })).toBeNull();
    expect(await keptIn("landlock").find(tree, signal)).toBeNull();
  });

  it.each([
    ["infrastructure", "failed", false],
    ["timeout", "failed", false],
    ["timeout", "timeout", true],
    ["compile-error", "failed", true],
  ])("is kept as far as it would come out so again: %s, of a tree that was %s", async (status, start, isKept) => {
    const verdict = VERDICTS[status] as Verdict;
    await keptIn("bubblewrap", start).keep(tree, { ...verification, verdict }, signal);
    expect((await find())?.verdict.status ?? null).toBe(isKept ? status : null);
  });

  it.each([0o620, 0o602])("counts as none where others may write to it (%o)", async (mode) => {
    await chmod(await keptFile(), mode);
    expect(await find()).toBeNull();
  });

  it.each(["", "{", "null", '{"verdict":{"status":"passed"}}', '{"verdict":{"status":"passed","tests":[]},"notes":[],"treeHash":"x"}'])(
    "counts as none where its file is damaged: %j",
    async (text) => {
      await writeFile(await keptFile(), text);
      expect(await find()).toBeNull();
    },
  );
});

describe("what the broken tree comes to", () => {
  const starting = (name: string) => startOnce(base, tree.task, async () => VERDICTS[name] as Verdict);

  it("is worked out once; our own failure is not what it comes to", async () => {
    expect(await starting("infrastructure")).toMatchObject({ status: "infrastructure" });
    expect(await starting("failed")).toMatchObject({ status: "failed" });
    expect(await starting("passed")).toMatchObject({ status: "failed" });
  });
});

describe("clippy's findings", () => {
  const finding = { level: "warning" as const, code: "clippy::x", message: "m", span: null, rendered: "r", suggestions: [] };
  const linting = (isWhole: boolean, found: readonly (typeof finding)[]) =>
    lintOnce(base, "k", async () => ({ outcome: "linted", diagnostics: found, detail: "", totalMs: 9, isWhole }));

  it("are kept once clippy came to its end, and take no time after that", async () => {
    expect(await linting(false, [])).toEqual({ outcome: "linted", diagnostics: [], detail: "", totalMs: 9 });
    expect(await linting(true, [finding])).toMatchObject({ diagnostics: [finding], totalMs: 9 });
    expect(await linting(true, [])).toEqual({ outcome: "linted", diagnostics: [finding], detail: "", totalMs: 0 });
    expect(JSON.parse(await readFile(join(base.folder, "lints", "k.json"), "utf8"))).toEqual([finding]);
  });
});
