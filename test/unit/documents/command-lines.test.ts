// Every command line of a document is one that the program takes, and is run by a test or says why it can't be.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { buildProgram } from "../../../src/cli/program.ts";
import { LINES } from "../../documents/lines.ts";
import { allPages, type CommandLine, commandLinesOf } from "../../documents/pages.ts";

const ROOT = new URL("../../..", import.meta.url).pathname;
const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { readonly scripts: Readonly<Record<string, string>> };
const lines = allPages()
  .filter(({ path }) => !path.startsWith("docs/decisions/"))
  .flatMap(commandLinesOf);

/** The program's own words of a line; null for one that calls npm for something else. */
function ownWords({ words }: Pick<CommandLine, "words">): readonly string[] | null {
  if (words[0] === "bakeoff") return words.slice(1);
  if (words[0] === "node") return words.slice(2);
  const script = words[1] === "run" ? scripts[words[2] ?? ""] : undefined;
  return script?.startsWith("node dist/main.js ") ? [...script.split(" ").slice(2), ...words.slice(words[3] === "--" ? 4 : 3)] : null;
}

/** What the program says to words that it does not take; null where it takes them. Nothing is run. */
async function refusal(words: readonly string[]): Promise<string | null> {
  let said = "";
  const quiet = vi.spyOn(process.stderr, "write").mockImplementation((text) => ((said += String(text)), true));
  try {
    await buildProgram(async () => {}, words).parseAsync(["node", "bakeoff", ...words]);
    return null;
  } catch {
    return said;
  } finally {
    quiet.mockRestore();
  }
}

describe("command lines of the documents", () => {
  it("are many", () => expect(lines.length).toBeGreaterThan(50));

  it.each([...new Set(lines.map(({ line }) => line))])("%s", async (line) => {
    const own = ownWords(lines.find((each) => each.line === line) ?? { words: [] });
    if (own === null) {
      const [, name = "", script = ""] = line.split(" ");
      expect(name === "run" ? Object.keys(scripts) : ["ci", "test", "install"]).toContain(name === "run" ? script : name);
    } else expect(await refusal(own)).toBeNull();
  });

  it("are refused with a flag that does not exist, or a value that none takes", async () => {
    expect(await refusal(["run", "--suit", "x"])).toContain("--suit");
    expect(await refusal(["run", "--epochs", "none"])).toContain("--epochs");
  });

  it("are each run by a test, or can't be for a reason", () => {
    expect([...new Set(lines.map(({ line }) => line))].filter((line) => !(line in LINES))).toEqual([]);
    expect(Object.keys(LINES).filter((line) => !lines.some((each) => each.line === line))).toEqual([]);
    const tests = Object.values(LINES).flatMap((fate) => ("shownBy" in fate ? [fate.shownBy] : []));
    expect(tests.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});
