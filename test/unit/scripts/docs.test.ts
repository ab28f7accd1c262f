// `npm run docs`: the decisions' pages, index and register, and the architecture page's table, held against a copy of the project.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

const ROOT = new URL("../../..", import.meta.url).pathname;
/** Ids of the table that the pages replaced; capsules made before hold it and are never rewritten. */
const FORMER_RANGES = [
  [1, 21],
  [30, 99],
  [110, 112],
  [120, 126],
  [130, 137],
  [140, 146],
  [150, 155],
] as const;

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "bakeoff-docs-"));
  cpSync(join(ROOT, "docs"), join(root, "docs"), { recursive: true });
  for (const name of ["src", "test", "scripts", "policy", "bench", ".dependency-cruiser.cjs"]) symlinkSync(join(ROOT, name), join(root, name));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Files that a test wrote, as they were before it; null: they were not there. What it left would be said to the next one. */
const before = new Map<string, string | null>();
function write(path: string, text: string): void {
  if (!before.has(path)) before.set(path, existsSync(path) ? readFileSync(path, "utf8") : null);
  writeFileSync(path, text);
}
afterEach(() => {
  for (const [path, text] of before) {
    if (text === null) rmSync(path);
    else writeFileSync(path, text);
  }
  before.clear();
});

const run = (script: string, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, "scripts", script), ...args, "--root", root], { encoding: "utf8" });
  return { status, lines: stdout.split("\n").filter((line) => line !== ""), stderr };
};
/** What the scripts give: they have no types. */
interface Scripts {
  readonly decisionFiles: unknown;
  readonly wingIssues: unknown;
  readonly generate: (root: string, generators: readonly unknown[]) => Promise<object>;
  readonly saidOf: (made: object) => readonly string[];
}
const script = async (name: string): Promise<Scripts> => (await import(new URL(`../../../scripts/docs/${name}.mjs`, import.meta.url).href)) as Scripts;
const [{ decisionFiles }, { wingIssues }, { generate, saidOf }] = await Promise.all([script("decisions"), script("wings"), script("generate")]);
/** What `docs.mjs --check` says of what people write, without the compiler that it starts for the rest. */
const issues = async () => saidOf(await generate(root, [decisionFiles, wingIssues]));

describe("the decisions", () => {
  const page = (id: string) => join(root, "docs", "decisions", readdirSync(join(root, "docs", "decisions")).find((name) => name.startsWith(id)) ?? "");
  const edit = (id: string, change: (text: string) => string) => write(page(id), change(readFileSync(page(id), "utf8")));

  it("has a page for every former id, in the index and in the register", () => {
    const index = readFileSync(join(ROOT, "docs", "decisions", "README.md"), "utf8");
    const register = readFileSync(join(ROOT, "docs", "DECISION_REGISTER.md"), "utf8");
    const ids = FORMER_RANGES.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, step) => `B${String(from + step).padStart(2, "0")}`));
    expect(ids).toHaveLength(122);
    expect(ids.filter((id) => !index.includes(`| ${id} |`))).toEqual([]);
    expect(ids.filter((id) => !register.includes(`| ${id} |`))).toEqual([]);
  });

  it("names what a page lacks, all at once and with its line", async () => {
    edit("0001", (text) => text.replace("date: 2026-11-22", "date: last week").replace("## Context\n", "## Background\n"));
    expect(await issues()).toEqual([
      "docs/decisions/0001-reflex-attempts-then-cloud.md:4: date must be a date such as 2026-11-22",
      "docs/decisions/0001-reflex-attempts-then-cloud.md:13: the sections must be Context, Decision, Alternatives, in this order",
    ]);
  });

  it("says where a supersession is told by one side only", async () => {
    edit("0002", (text) => text.replace("supersedes: none", "supersedes: 0001, 9999"));
    expect(await issues()).toEqual([
      "docs/decisions/0002-judge-is-cloud.md: supersedes 0001, whose status must then be `superseded by 0002`",
      "docs/decisions/0002-judge-is-cloud.md: supersedes 9999, which does not exist",
    ]);
  });

  it("finds two pages with one number", async () => {
    write(join(root, "docs", "decisions", "0001-twin.md"), readFileSync(page("0001"), "utf8"));
    expect(await issues()).toEqual([
      "docs/decisions/0001-twin.md: 0001 is also the number of 0001-reflex-attempts-then-cloud.md: rename the newer page to the next free number",
    ]);
  });

  it("finds a test that a page names and nobody has", async () => {
    edit("0001", (text) => text.replace("router/next.test.ts", "router/gone.test.ts"));
    expect(await issues()).toEqual(["docs/decisions/0001-reflex-attempts-then-cloud.md: shown by test/unit/core/router/gone.test.ts, which does not exist"]);
  });

  it("gives a new decision the next number, and fails until it is written", async () => {
    const made = run("new.mjs", "decision", "The sky is blue.");
    const last = Math.max(...readdirSync(join(ROOT, "docs", "decisions")).map((name) => Number(name.slice(0, 4)) || 0));
    const path = `docs/decisions/${String(last + 1).padStart(4, "0")}-the-sky-is-blue.md`;
    before.set(join(root, path), null);
    expect(made.lines).toContain(`${path} written`);
    const said = await issues();
    // The command says the same.
    expect(run("docs.mjs", "--check")).toEqual({ status: 1, lines: said, stderr: "" });
    expect(said).toEqual([
      `${path}:8: expected \`shown by: …\``,
      `${path}:13: the section Context is empty`,
      `${path}:15: the section Decision is empty`,
      `${path}:17: the section Alternatives is empty`,
    ]);
  });
});

describe("the architecture page", () => {
  const page = () => join(root, "docs", "architecture.md");
  const edit = (change: (text: string) => string) => write(page(), change(readFileSync(page(), "utf8")));

  it("has a row for every folder of src, and none too many", async () => {
    edit((text) => text.replace(/^\| `core\/rust` .*\n/m, "| `core/rusty` | Nothing at all. |\n"));
    const line = readFileSync(page(), "utf8").split("\n").indexOf("| `core/rusty` | Nothing at all. |") + 1;
    expect(await issues()).toEqual([
      "docs/architecture.md: src/core/rust is not in the table of wings: add a row that says in one sentence what it is",
      `docs/architecture.md:${line}: src/core/rusty does not exist`,
    ]);
  });

  it("has core's floors as the lint rules have them", async () => {
    edit((text) => text.replace("base ← text ←", "text ← base ←"));
    expect(await issues()).toEqual([expect.stringContaining("docs/architecture.md: the floors of core must read: base ← text ←")]);
  });
});
