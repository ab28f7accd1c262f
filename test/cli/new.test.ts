// `npm run new`: in a copy of the project, every kind gets its files, its place in the registry, and a test that fails and says where to write.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const ROOT = new URL("../..", import.meta.url).pathname;
const COPIED = ["src", "test", "docs", ".gitignore", "biome.json", "package.json", "tsconfig.json", "vitest.config.ts"];
const LINKED = ["node_modules", "suites", "policy", "capsules"];

interface Case {
  readonly kind: string;
  readonly name: string;
  /** The test that must fail, and what its failure must name. */
  readonly test: string;
  readonly place: string;
}

const CASES: readonly Case[] = [
  {
    kind: "criterion",
    name: "speed/queue-p95",
    test: "test/unit/core/gate/criteria/queue-p95.test.ts",
    place: "src/core/gate/criteria/speed/queue-p95.ts",
  },
  { kind: "event", name: "patch-reviewed", test: "test/unit/core/trial/events/patch-reviewed.test.ts", place: "src/core/trial/events/patch-reviewed.ts" },
  {
    kind: "dialect",
    name: "llama-cpp",
    test: "test/unit/adapters/providers/dialects/llama-cpp.test.ts",
    place: "src/adapters/providers/dialects/llama-cpp.ts",
  },
  { kind: "tier", name: "gvisor", test: "test/unit/adapters/sandbox/tiers/gvisor.test.ts", place: "src/adapters/sandbox/tiers/gvisor.ts" },
  { kind: "operator", name: "type/drop-unwrap", test: "test/unit/core/mutation/operators/operator.test.ts", place: "src/core/mutation/operators/type.ts" },
  { kind: "format", name: "latex", test: "test/unit/core/report/formats/latex.test.ts", place: "src/core/report/formats/latex.ts" },
  { kind: "level", name: "wall-times", test: "test/unit/core/replay/levels/wall-times.test.ts", place: "src/core/replay/levels/wall-times.ts" },
  { kind: "flag", name: "run/rehearse", test: "test/unit/cli/run/rehearse.test.ts", place: "src/cli/run" },
  { kind: "flag", name: "suite/mine/dry-run", test: "test/unit/cli/suite/mine/dry-run.test.ts", place: "src/cli/suite" },
];

/** Files that were written or changed, relative to the copy. */
const made = new Set<string>();
let root: string;
const node = (script: string, ...args: string[]) =>
  spawnSync(process.execPath, [script, ...args], { cwd: root, encoding: "utf8", env: { ...process.env, CI: "1", NO_COLOR: "1" } });
interface Made {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}
/** What the command does, without the compiler's library loaded anew each time. */
const { make } = (await import(new URL("../../scripts/new/make.mjs", import.meta.url).href)) as { make: (root: string, kind: string, name: string) => Made };
const command = (kind: string, name: string): Made => node(join(ROOT, "scripts", "new.mjs"), kind, name, "--root", root);

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "bakeoff-new-"));
  for (const name of COPIED) cpSync(join(ROOT, name), join(root, name), { recursive: true });
  for (const name of LINKED) symlinkSync(join(ROOT, name), join(root, name));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("npm run new", () => {
  it.each(CASES)("$kind $name: writes what it says", ({ kind, name, test }) => {
    const { status, stdout, stderr } = kind === "criterion" ? command(kind, name) : make(root, kind, name);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const touched = [...stdout.matchAll(/^(\S+) (?:written|changed)$/gm)].map(([, path]) => path ?? "");
    for (const path of touched) made.add(path);
    expect(touched).toContain(test);
    expect(touched.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it("writes it formatted", () => {
    expect(node("node_modules/@biomejs/biome/bin/biome", "format", ...made)).toMatchObject({ status: 0, stderr: "" });
  });

  it("makes tests that fail and name the place to write at", () => {
    const { stdout, stderr } = node("node_modules/vitest/vitest.mjs", "run", "--project", "unit", ...CASES.map(({ test }) => test));
    const failures = `${stdout}${stderr}`.split(/^ FAIL /m).slice(1);
    for (const { test, place } of CASES) expect(failures.filter((one) => one.includes(test)).join(""), test).toContain(place);
  });

  it("makes files that compile, and leaves it to the type checker to name every other place that must know a new kind", () => {
    // The program, and of the tests those that were made: what they import is looked at with them.
    writeFileSync(join(root, "tsconfig.made.json"), JSON.stringify({ extends: "./tsconfig.json", include: ["src", ...made] }));
    const { stdout } = node("node_modules/typescript7/bin/tsc", "--noEmit", "-p", "tsconfig.made.json");
    const places = new Set([...stdout.matchAll(/^(\S+)\(\d+,\d+\): error/gm)].map(([, path]) => path ?? ""));
    expect([...places].filter((path) => made.has(path))).toEqual([]);
    expect([...places]).toContain("src/core/capsule/checks/trial.ts");
  });

  it.each([
    ["event", "stage-transition", "stage-transition exists already"],
    ["dialect", "SGLang", "not a name in kebab-case"],
    ["operator", "nowhere/drop-unwrap", "nowhere is no group of operators"],
    ["criterion", "nowhere/queue-p95", "nowhere is no group of criteria"],
    ["flag", "nowhere/dry-run", "nowhere is no command"],
    ["flag", "suite/dry-run", "holds no flags of suite"],
    ["planet", "mars", "usage: npm run new -- KIND NAME"],
  ])("refuses %s %s", (kind, name, said) => {
    const { status, stderr } = kind === "planet" ? command(kind, name) : make(root, kind, name);
    expect(status).toBe(2);
    expect(stderr).toContain(said);
  });
});
