// The rule that what several readers share is built in one place, on small programs in memory.
import ts from "typescript";
import { describe, expect, it } from "vitest";

interface Home {
  readonly what: string;
  readonly type: string;
  readonly declaredIn: string;
  readonly home: string;
  readonly also?: readonly string[];
}

const path = new URL("../../../scripts/lint/one-home.mjs", import.meta.url).href;
const { homeIssues } = (await import(path)) as { readonly homeIssues: (program: ts.Program, homes: readonly Home[]) => string[] };

const PLAN: Home = { what: "plan", type: "Plan", declaredIn: "src/command.ts", home: "src/plan.ts" };
const TYPE = "export interface Plan { readonly id: string; readonly epoch: number; readonly slot: string | null }\n";
const BUILDER = 'import type { Plan } from "./command.ts"; export const planOf = (id: string): Plan => ({ id, epoch: 1, slot: null });\n';

function issuesOf(files: Readonly<Record<string, string>>, home: Home = PLAN): string[] {
  const all: Readonly<Record<string, string>> = { "src/command.ts": TYPE, "src/plan.ts": BUILDER, ...files };
  const options: ts.CompilerOptions = {
    noLib: true,
    strict: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    noEmit: true,
  };
  const host: ts.CompilerHost = {
    ...ts.createCompilerHost(options),
    getCurrentDirectory: () => "",
    fileExists: (name) => all[name] !== undefined,
    readFile: (name) => all[name],
    directoryExists: () => true,
    getSourceFile: (name, version) => (all[name] === undefined ? undefined : ts.createSourceFile(name, all[name], version, true)),
  };
  return homeIssues(ts.createProgram(Object.keys(all), options, host), [home]);
}

describe("a second builder", () => {
  it("is found where it says what it builds, and where it does not", () => {
    const named = 'import type { Plan } from "./command.ts";\nexport const other = (id: string): Plan => ({ id, epoch: 2, slot: "x" });\n';
    const nameless = "export function other(id: string) {\n  const plan = { id, epoch: 2, slot: null, more: true };\n  return plan;\n}\n";
    expect(issuesOf({ "src/replay.ts": named })).toEqual(["src/replay.ts:2: a second plan: src/plan.ts builds it for everybody"]);
    expect(issuesOf({ "src/replay.ts": nameless })).toEqual(["src/replay.ts:2: a second plan: src/plan.ts builds it for everybody"]);
  });

  it("is neither the one home, nor who calls it, nor who changes what it built", () => {
    expect(issuesOf({})).toEqual([]);
    const caller = 'import { planOf } from "./plan.ts";\nexport const mine = (id: string) => planOf(id);\n';
    const changing = 'import { planOf } from "./plan.ts";\nexport const later = (id: string) => ({ ...planOf(id), epoch: 2 });\n';
    const smaller = "export const head = (id: string) => ({ id, epoch: 1 });\n";
    expect(issuesOf({ "src/a.ts": caller, "src/b.ts": changing, "src/c.ts": smaller })).toEqual([]);
  });

  it("is allowed where there is a reason, and a type that is gone is reported", () => {
    const named = 'import type { Plan } from "./command.ts";\nexport const other = (id: string): Plan => ({ id, epoch: 2, slot: "x" });\n';
    expect(issuesOf({ "src/golden.ts": named }, { ...PLAN, also: ["src/golden.ts"] })).toEqual([]);
    expect(issuesOf({}, { ...PLAN, type: "Gone" })).toEqual(["src/command.ts exports no type Gone: correct scripts/lint/one-home.mjs"]);
  });
});
