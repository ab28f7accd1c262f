// Importers over sources in memory: each task is refused by itself, with a reason, and stops no other.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { SHAPE_NAMES, SHAPES } from "../../../../src/core/suite/shapes/shapes.ts";
import type { Changes, Content } from "../../../../src/core/text/edit.ts";
import type { ForeignFolder } from "../../../../src/ports/suites.ts";
import type { DiffTool } from "../../../../src/ports/workbench.ts";
import { diffChanges, type ImportSource, type ImportedRepair } from "../../../../src/suite-making/importers/importer.ts";
import { IMPORTERS } from "../../../../src/suite-making/importers/importers.ts";
import { BROKEN, FIXED, historyOf } from "../fakes.ts";

const { signal } = new AbortController();
const COMMIT = "0123456789abcdef0123456789abcdef01234567";

/** Understands one kind of diff: the file's new text after its name. */
const diffTool: DiffTool = {
  apply: async (files, diff) => {
    const [, path = "", text = ""] = /^\+\+\+ b\/(\S+)\n(.*)$/s.exec(diff.slice(diff.indexOf("+++"))) ?? [];
    return files.has(path) || diff.startsWith("--- /dev/null") ? { ok: true, changes: new Map([[path, text]]) } : { ok: false, detail: `no ${path}` };
  },
};
const diffTo = (path: string, text: string): string => `--- a/${path}\n+++ b/${path}\n${text}`;

const sourceOf = (facts: Partial<ImportSource> & { readonly folders?: readonly ForeignFolder[]; readonly text?: string }): ImportSource => ({
  path: "/tasks",
  foreign: { folders: async () => facts.folders ?? [], text: async () => facts.text ?? "" },
  diffTool,
  history: null,
  signal,
  ...facts,
});

const reasonOf = (made: ImportedRepair | undefined): string => (made === undefined ? "none" : made.ok ? "made" : `${made.drop.reason}: ${made.drop.detail}`);

describe("an importer", () => {
  it("is there for each shape", () => expect(Object.keys(IMPORTERS).toSorted()).toEqual(SHAPE_NAMES.toSorted()));

  it.each(SHAPE_NAMES)("of %s is described in docs/SUITE_FORMAT.md", (name) => {
    const docs = readFileSync(new URL("../../../../docs/SUITE_FORMAT.md", import.meta.url), "utf8");
    expect(docs).toContain(`| \`${name}\` | ${SHAPES[name].form} |\n`);
  });

  it.each(["exercism", "harbor"] as const)("of %s refuses folders that can't be read, and takes the others", async (shape) => {
    const read = await IMPORTERS[shape](sourceOf({ folders: [{ name: "linked", tree: null, why: "a link" }] }));
    expect(read).toEqual({ foreign: [], refused: [{ name: "linked", detail: "a link" }] });
  });
});

describe("swe-bench", () => {
  const instance = {
    instance_id: "one",
    repo: "a/b",
    base_commit: COMMIT,
    patch: diffTo("src/lib.rs", FIXED),
    test_patch: "",
    problem_statement: "Wrong",
    FAIL_TO_PASS: ["tests::one"],
    PASS_TO_PASS: [],
  };
  const tree = new Map<string, Content>([
    ["Cargo.toml", "[package]\n"],
    ["src/lib.rs", BROKEN],
    ["logo", new Uint8Array([0xff])],
  ]);
  const history = {
    ...historyOf([]),
    resolve: async (id: string) => (id === COMMIT ? id : null),
    tree: async () => ({ ok: true as const, tree, leftOut: [{ path: "link", why: "a link" }] }),
  };
  const madeOf = async (more: Partial<typeof instance>, from: Partial<ImportSource> = {}) => {
    const { foreign } = await IMPORTERS["swe-bench"](sourceOf({ text: `${JSON.stringify({ ...instance, ...more })}\n`, history, ...from }));
    return foreign[0]?.make();
  };

  it("takes the instance's commit as the broken tree and its patch as the repair", async () => {
    const made = await madeOf({});
    expect(made).toMatchObject({
      ok: true,
      leftOut: [{ path: "link" }],
      repair: { origin: "instance one", message: expect.stringContaining("Wrong") as string },
    });
    expect(made?.ok === true && [made.repair.clean.get("src/lib.rs"), made.repair.before.get("src/lib.rs")]).toEqual([FIXED, BROKEN]);
  });

  it.each<[string, Partial<typeof instance>]>([
    ["declared: the repository has no commit", { base_commit: "f".repeat(40) }],
    ["shape: patch: no src/none.rs", { patch: diffTo("src/none.rs", "x") }],
    ["shape: test_patch: no tests/none.rs", { test_patch: diffTo("tests/none.rs", "x") }],
    ["shape: patch: logo is no text", { patch: diffTo("logo", "x") }],
  ])("drops as %s", async (reason, more) => expect(reasonOf(await madeOf(more))).toMatch(new RegExp(`^${reason}`)));

  it("drops what is too large for a suite", async () =>
    expect(reasonOf(await madeOf({}, { history: { ...history, tree: async () => ({ ok: false, why: "50 MB" }) } }))).toBe("too-large: 50 MB"));

  it("lists lines that are none", async () => {
    const read = await IMPORTERS["swe-bench"](sourceOf({ text: `{\n${JSON.stringify(instance)}\n`, history }));
    expect([read.foreign.map(({ name }) => name), read.refused.map(({ name }) => name)]).toEqual([["one"], ["line 1"]]);
  });

  it("holds the tests that were found against those that it declares", async () => {
    const { foreign } = await IMPORTERS["swe-bench"](sourceOf({ text: JSON.stringify({ ...instance, FAIL_TO_PASS: ["tests::gone"] }), history }));
    const fault = foreign[0]?.declared?.({ fail_to_pass: ["a/lib/tests::one"], held_out: ["a/lib/heldout::two"], kind: "test" } as never, []);
    expect(fault?.reason).toBe("declared");
  });
});

describe("harbor", () => {
  const folder = (solution: Readonly<Record<string, string>>): ForeignFolder => ({
    name: "sums",
    why: "",
    tree: new Map(
      Object.entries({
        "task.toml": "",
        "instruction.md": "# Repair the sum\n",
        "environment/Dockerfile": "FROM rust\nWORKDIR /app\n",
        "environment/Cargo.toml": "[package]\n",
        "environment/src/lib.rs": BROKEN,
        "tests/sums.rs": "#[test]\nfn sums() {}\n",
        ...solution,
      }),
    ),
  });
  const madeOf = async (solution: Readonly<Record<string, string>>) => {
    const { foreign, refused } = await IMPORTERS.harbor(sourceOf({ folders: [folder(solution)] }));
    return refused[0]?.detail ?? (await foreign[0]?.make());
  };

  it("takes files and diffs of the solution, in their order", async () => {
    const made = await madeOf({ "solution/fix.patch": diffTo("src/lib.rs", FIXED) });
    expect(made).toMatchObject({ ok: true, repair: { title: "Repair the sum", origin: "folder sums" } });
    expect(typeof made === "object" && made.ok && made.repair.clean.get("src/lib.rs")).toBe(FIXED);
    const written = await madeOf({ "solution/solve.sh": "cat > /app/src/lib.rs <<'END'\npub fn sum() {}\nEND\n" });
    expect(typeof written === "object" && written.ok && written.repair.clean.get("src/lib.rs")).toBe("pub fn sum() {}\n");
  });

  it.each<[RegExp, Readonly<Record<string, string>>]>([
    [/^its solution writes \/etc\/passwd/, { "solution/solve.sh": "cat > /etc/passwd <<'END'\nx\nEND\n" }],
    [/^its diff: no src\/none\.rs/, { "solution/fix.patch": diffTo("src/none.rs", "x") }],
    [/^it has no solution/, {}],
  ])("drops as %s", async (reason, solution) => {
    const made = await madeOf(solution);
    expect(typeof made === "object" && !made.ok ? made.drop.detail : made).toMatch(reason);
  });
});

describe("diffChanges", () => {
  const tree = new Map([["a.rs", "a\n"]]);
  const changesOf = (diff: string): Promise<Changes | string> => diffChanges(diffTool, tree, diff);

  it("changes nothing for an empty diff, and lays out only the files that are named", async () => {
    expect(await changesOf(" \n")).toEqual(new Map());
    expect(await changesOf(diffTo("a.rs", "b\n"))).toEqual(new Map([["a.rs", "b\n"]]));
  });

  it("refuses a path that leads out", async () => expect(await changesOf(diffTo("../a.rs", "b\n"))).toEqual(expect.any(String)));
});
