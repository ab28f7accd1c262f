// Flags against actions: one that is accepted and read by nobody is a promise that is not kept.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CliCommand } from "../../../src/cli/command.ts";
import { COMMANDS } from "../../../src/cli/commands.ts";
import { actionOf, readsOf } from "./option-reads.ts";

const ROOT = join(import.meta.dirname, "../../..");
const readSource = (path: string): string => readFileSync(join(ROOT, path), "utf8");

const runnable = (commands: Readonly<Record<string, CliCommand>>, above = ""): readonly (readonly [string, CliCommand])[] =>
  Object.entries(commands).flatMap(([name, command]) => [
    ...(command.run === null ? [] : [[`${above}${name}`, command] as const]),
    ...runnable(command.commands ?? {}, `${above}${name} `),
  ]);

describe("every flag is read by its action", () => {
  it.each(runnable(COMMANDS))("%s", (_, { run, flags }) => {
    const action = actionOf(String(run));
    const read = action === null ? new Set<string>() : readsOf(action, readSource);
    expect(Object.keys(flags).filter((flag) => !read.has(flag))).toEqual([]);
  });
});

describe("what an action reads", () => {
  const reads = (modules: Readonly<Record<string, string>>, parameter = 0): string[] =>
    [...readsOf({ path: "src/cli/x/action.ts", name: "act", parameter }, (path) => modules[path] ?? "")].toSorted();

  it("is what it takes out of its options, in whatever way", () => {
    const source = `export async function act({ a, b: other, ...rest }: X) { const { c = 1 } = rest; const again = rest; return () => again.d ?? rest.e(other); }`;
    expect(reads({ "src/cli/x/action.ts": source })).toEqual(["a", "b", "c", "d", "e"]);
  });

  it("is what the functions read that it hands them to, in its own module or another", () => {
    const action = `import { other as far } from "../y.ts"; export const act = (word: string, options: X) => { near(options); return far(word, { ...options, z: 1 }); }; function near({ a }: X) {}`;
    const far = `export function other(word: string, o: X) { const own = { ...o }; return own.b; }`;
    expect(reads({ "src/cli/x/action.ts": action, "src/cli/y.ts": far }, 1)).toEqual(["a", "b"]);
  });

  it("is what is read where they are passed on as a member of something else", () => {
    const source = `export function act(options: X) { const session = { request: options, log: 1 }; inner({ options }); outer(session); return session.request.a; }
      function inner({ options: own }: Y) { return own.b; } function outer(s: Y) { const { request } = s; return s.log + request.c; }`;
    expect(reads({ "src/cli/x/action.ts": source })).toEqual(["a", "b", "c"]);
  });

  it("is what is read in either branch", () => {
    const source = `export function act(options: X) { return far(options.a ? options : { ...options, b: 1 }); } function far({ c }: X) {}`;
    expect(reads({ "src/cli/x/action.ts": source })).toEqual(["a", "c"]);
  });

  it("is not what stands in its type, its texts or another's members", () => {
    const source = `interface X { a: 1 } export function act(options: X) { const others = { b: 1 }; return [others.b, "options.c", options]; } function unused({ d }: X) {}`;
    expect(reads({ "src/cli/x/action.ts": source })).toEqual([]);
  });

  it("is found from a command's own function", () => {
    expect(actionOf(`async (options, capsule) => (await __vite_ssr_dynamic_import__("/src/cli/x/action.ts")).act(capsule, options)`)).toEqual({
      path: "/src/cli/x/action.ts",
      name: "act",
      parameter: 1,
    });
    expect(actionOf(`async () => (await import("./look.ts")).schema()`)).toBeNull();
  });
});
