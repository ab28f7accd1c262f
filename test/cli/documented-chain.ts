// The chain of docs/EVIDENCE.md, line by line as it stands there: what a release engineer copies into a shell.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { MAIN, ROOT } from "./bakeoff.ts";

interface Said {
  readonly stdout: string;
  readonly stderr: string;
}

export interface DocumentedChain {
  /** Runs the next line, which must begin so, and must end well. */
  next(begin: string): Promise<Said>;
  /** What a further word in capitals stands for. */
  name(word: string, value: string): void;
  /** The lines that were not run. */
  left(): readonly string[];
}

/** `words`: what stands in the page, and what it is here. */
export async function documentedChain(cwd: string, env: Readonly<Record<string, string>>, words: Readonly<Record<string, string>>): Promise<DocumentedChain> {
  const page = await readFile(join(ROOT, "docs", "EVIDENCE.md"), "utf8");
  const [, block = ""] = /^## The chain.*?^```sh\n(.*?)^```$/ms.exec(page) ?? [];
  const lines = block.trim().split("\n");
  const named = new Map(Object.entries(words));
  const exported: string[] = [];
  return {
    next: async (begin) => {
      const line = [...named].reduce((text, [word, value]) => text.replaceAll(word, value), lines.shift() ?? "");
      expect(line.startsWith(begin), `${line}: not ${begin}`).toBe(true);
      if (line.startsWith("export ")) exported.push(line);
      return run([...exported, line].join("\n"), cwd, env);
    },
    name: (word, value) => void named.set(word, value),
    left: () => lines,
  };
}

const IDENTITY = { GIT_AUTHOR_NAME: "Ada", GIT_AUTHOR_EMAIL: "ada@example.com", GIT_COMMITTER_NAME: "Ada", GIT_COMMITTER_EMAIL: "ada@example.com" };

async function run(script: string, cwd: string, more: Readonly<Record<string, string>>): Promise<Said> {
  const env = { ...process.env, ...IDENTITY, ...more, NODE: process.execPath, PROGRAM: MAIN };
  const whole = `set -e\nbakeoff() { "$NODE" "$PROGRAM" "$@"; }\n${script}`;
  const { code, ...said } = await new Promise<Said & { readonly code: number }>((resolve) => {
    execFile("bash", ["-c", whole], { cwd, env, maxBuffer: 1 << 26 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
  expect(code, `${script}\n${said.stdout}\n${said.stderr}`).toBe(0);
  return said;
}
