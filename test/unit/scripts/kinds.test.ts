// The rule against branching over a kind that has a registry, on small programs in memory.
import ts from "typescript";
import { describe, expect, it } from "vitest";

interface Registry {
  readonly kind: string;
  readonly file: string;
  readonly name: string;
  readonly strict?: boolean;
}

type KindIssues = (
  program: ts.Program,
  registries: readonly Registry[],
  allowed?: readonly { readonly file: string; readonly expression: string; readonly why: string }[],
) => string[];

const path = new URL("../../../scripts/lint/kinds.mjs", import.meta.url).href;
const { kindIssues } = (await import(path)) as { readonly kindIssues: KindIssues };

const FRUIT = { kind: "fruit", file: "src/fruit.ts", name: "FRUITS" };
const registry = `export const FRUITS = { apple: 1, pear: 2, plum: 3 } as const; export type Fruit = keyof typeof FRUITS;\n`;
const names = `export const FRUITS = ["apple", "pear", "plum"] as const; export type Fruit = (typeof FRUITS)[number];\n`;

/** As much of the library as a list of names needs. */
const LIB = "interface ReadonlyArray<T> { readonly length: number; readonly [index: number]: T } interface Array<T> extends ReadonlyArray<T> {}";

function programOf(files: Readonly<Record<string, string>>): ts.Program {
  const host = ts.createCompilerHost({});
  const read = (name: string): string | undefined => files[name];
  return ts.createProgram(
    Object.keys(files),
    {
      noLib: true,
      strict: true,
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      allowImportingTsExtensions: true,
      noEmit: true,
    },
    {
      ...host,
      getCurrentDirectory: () => "",
      fileExists: (name) => read(name) !== undefined,
      readFile: read,
      directoryExists: () => true,
      getSourceFile: (name, version) => (read(name) === undefined ? undefined : ts.createSourceFile(name, read(name) ?? "", version, true)),
    },
  );
}

function issuesOf(body: string, more: { readonly strict?: boolean; readonly registry?: string; readonly allowed?: Parameters<KindIssues>[2] } = {}): string[] {
  const use = `import type { Fruit } from "./fruit.ts";\n${body}`;
  return kindIssues(
    programOf({ "src/fruit.ts": more.registry ?? registry, "src/use.ts": use, "lib.d.ts": LIB }),
    [{ ...FRUIT, strict: more.strict ?? false }],
    more.allowed ?? [],
  );
}

describe("a chain over a kind", () => {
  it.each([
    ["if after if", `export function f(fruit: Fruit) { if (fruit === "apple") return 1; if (fruit === "pear") return 2; return 3; }`],
    ["else if", `export function f(fruit: Fruit) { if (fruit === "apple") { return 1; } else if (fruit !== "pear") { return 2; } else return 3; }`],
    ["?: in ?:", `export const f = (fruit: Fruit) => fruit === "apple" ? 1 : fruit === "pear" ? 2 : 3;`],
    ["a member, with null", `export const f = (basket: { fruit: Fruit | null }) => basket.fruit === "apple" ? 1 : basket.fruit === "pear" ? 2 : 3;`],
    ["a switch with a default", `export function f(fruit: Fruit) { switch (fruit) { case "apple": return 1; default: return 3; } }`],
    ["a switch that forgets one", `export function f(fruit: Fruit) { switch (fruit) { case "apple": return 1; case "pear": return 2; } return 3; }`],
  ])("is found: %s", (_, body) => {
    expect(issuesOf(body)).toEqual([expect.stringMatching(/^src\/use\.ts:2: a .* fruits to a default: say in the registry what differs$/) as string]);
  });

  it("is found where the registry is a list of names", () => {
    expect(issuesOf(`export const f = (fruit: Fruit) => fruit === "apple" ? 1 : fruit === "pear" ? 2 : 3;`, { registry: names })).toHaveLength(1);
  });

  it("is found where the registry is a type", () => {
    const type = `export type FRUITS = "apple" | "pear" | "plum"; export type Fruit = FRUITS;\n`;
    expect(issuesOf(`export const f = (fruit: Fruit) => fruit === "apple" ? 1 : fruit === "pear" ? 2 : 3;`, { registry: type })).toHaveLength(1);
  });

  it.each([
    ["one comparison", `export const f = (fruit: Fruit) => fruit === "apple" ? 1 : 3;`],
    ["a choice of two in one condition", `export const f = (fruit: Fruit) => fruit === "apple" || fruit === "pear" ? 1 : 3;`],
    ["predicates", `export const isApple = (fruit: Fruit) => fruit === "apple"; export const isPear = (fruit: Fruit) => fruit === "pear";`],
    [
      "a switch that has them all",
      `export function f(fruit: Fruit) { switch (fruit) { case "apple": return 1; case "pear": return 2; case "plum": return 3; } }`,
    ],
    ["another union", `export const f = (tree: "apple" | "oak" | "pear") => tree === "apple" ? 1 : tree === "pear" ? 2 : 3;`],
    ["any string", `export const f = (text: string) => text === "apple" ? 1 : text === "pear" ? 2 : 3;`],
  ])("is not seen in %s", (_, body) => {
    expect(issuesOf(body)).toEqual([]);
  });
});

describe("a strict registry", () => {
  it("allows not even one comparison", () => {
    expect(issuesOf(`export const f = (fruit: Fruit) => fruit === "apple";`, { strict: true })).toEqual([
      "src/use.ts:2: fruit is compared with one fruit (apple): say in the registry what differs",
    ]);
  });
});

describe("the list of what is allowed", () => {
  const entry = { file: "src/use.ts", expression: "fruit", why: "" };

  it("lets a place branch", () => {
    expect(issuesOf(`export const f = (fruit: Fruit) => fruit === "apple" ? 1 : fruit === "pear" ? 2 : 3;`, { allowed: [entry] })).toEqual([]);
  });

  it("holds no place that does not", () => {
    expect(issuesOf("export const f = 1;", { allowed: [entry] })).toEqual(["src/use.ts: fruit is allowed to branch, and no longer does"]);
  });
});

it("says so where a registry is not there, since then nothing is checked", () => {
  expect(issuesOf("export const f = 1;", { registry: "export type Fruit = string;" })).toEqual([
    "src/fruit.ts exports no registry FRUITS: correct scripts/lint/kinds.mjs",
  ]);
});
