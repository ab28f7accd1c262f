// Completion from the registry: every command and flag in each shell's script, and what bash makes of it.
import { execFileSync, spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../../../src/cli/commands.ts";
import { completionEntries } from "../../../../src/cli/completion/entries.ts";
import { COMPLETION_SCRIPTS, SHELLS } from "../../../../src/cli/completion/scripts.ts";

const entries = completionEntries(COMMANDS);

describe.each(SHELLS)("the script for %s", (shell) => {
  const script = COMPLETION_SCRIPTS[shell](entries);

  it("knows every command and every flag", () => {
    const bare = shell === "fish" ? (flag: string) => `-l '${flag.slice(2)}'` : (flag: string) => flag;
    for (const { commands, flags } of entries) {
      for (const { name } of commands) expect(script).toContain(name);
      for (const { name } of flags) expect(script).toContain(bare(name));
    }
  });

  it("is a script that its shell can read, where that shell is here", () => {
    const { status, error } = spawnSync(shell, ["-n", "-c", script]);
    if (error === undefined) expect(status).toBe(0);
    else expect(shell).not.toBe("bash");
  });
});

/** What bash offers for a line that ends where it is completed. */
function offered(line: string): readonly string[] {
  const words = line.split(" ");
  const program = `${COMPLETION_SCRIPTS.bash(entries)}\ncompopt() { :; }\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")})\nCOMP_CWORD=${words.length - 1}\n_bakeoff\nprintf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync("bash", ["-c", program], { encoding: "utf8" })
    .split("\n")
    .filter((word) => word !== "");
}

const LINES: readonly (readonly [line: string, words: readonly string[]])[] = [
  ["bakeoff sh", ["show"]],
  ["bakeoff capsule ver", ["verify"]],
  ["bakeoff capsule verify --req", ["--require-signature"]],
  ["bakeoff gate reg", ["register"]],
  ["bakeoff run --task x --resu", ["--resume"]],
  ["bakeoff show RUN --next", ["--next-failure"]],
  ["bakeoff nothing-of-ours --zz", []],
];

describe.skipIf(spawnSync("fish", ["--version"]).error !== undefined)("in fish", () => {
  it.each(LINES)("%s", (line, words) => {
    const program = `${COMPLETION_SCRIPTS.fish(entries)}\ncomplete -C '${line}'`;
    const { stdout, stderr } = spawnSync("fish", ["--no-config", "-c", program], { encoding: "utf8" });
    expect(stderr).toBe("");
    expect(stdout.split("\n").flatMap((told) => told.split("\t")[0] || [])).toEqual(words);
  });
});

describe("in bash", () => {
  it.each(LINES)("%s", (line, words) => {
    expect(offered(line)).toEqual(words);
  });

  it("offers nothing of ours where a flag's value stands", () => {
    expect(offered("bakeoff run --suite ")).toEqual([]);
  });
});
