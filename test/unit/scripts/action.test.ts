// action.yml, its steps run one after the other as a runner would: values by their expressions, scripts by bash, npm and the program played.
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const ACTION = readFileSync(new URL("../../../action.yml", import.meta.url), "utf8");

interface Step {
  readonly env: Readonly<Record<string, string>>;
  readonly script: string;
}

/** The steps of a composite action: what stands below `steps:`, by its indentation. */
const steps: readonly Step[] = (ACTION.split("\n  steps:\n")[1] ?? "")
  .split(/^ {4}- /m)
  .slice(1)
  .map((step) => {
    const [, env = ""] = /^ {6}env:\n((?: {8}.*\n)+)/m.exec(step) ?? [];
    const [, script = ""] = /^ {6}run: \|\n((?: {8}.*\n?|\n)+)/m.exec(step) ?? [];
    return {
      env: Object.fromEntries([...env.matchAll(/^ {8}(\w+): (.*)$/gm)].map(([, name = "", value = ""]) => [name, value])),
      script: script.replaceAll(/^ {8}/gm, ""),
    };
  });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bakeoff-action-"));
  mkdirSync(join(folder, "bin"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function program(path: string, script: string): void {
  writeFileSync(path, `#!/usr/bin/env bash\n${script}\n`);
  chmodSync(path, 0o755);
}

/** Runs the action with a program that ends with `code`; gives how its last step ended, its outputs, and the words that the program was given. */
function act(code: number, inputs: Readonly<Record<string, string>>) {
  const given = { package: "", "fail-on": "any", "working-directory": ".", ...inputs };
  const main = join(folder, "main");
  program(main, `printf '%s\\n' "$@" > ${folder}/words; exit ${code}`);
  program(
    join(folder, "bin", "npm"),
    `echo "$@" >> ${folder}/npm; case "$1" in pack) touch "$3/bakeoff-1.tgz" ;; install) mkdir -p ${folder}/bakeoff/node_modules/.bin; cp ${main} ${folder}/bakeoff/node_modules/.bin/bakeoff ;; esac`,
  );
  const output = join(folder, "output");
  writeFileSync(output, "");
  const valueOf = (text: string): string =>
    text.replaceAll(/\$\{\{ (inputs|github|runner)\.([\w-]+) \}\}/g, (_, from: string, name: string) =>
      from === "inputs" ? (given[name as "package"] ?? "") : folder,
    );
  const ended = steps.map(({ env, script }) =>
    spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], {
      cwd: folder,
      encoding: "utf8",
      env: {
        PATH: `${folder}/bin:${process.env["PATH"] ?? ""}`,
        GITHUB_OUTPUT: output,
        ...Object.fromEntries(Object.entries(env).map(([name, value]) => [name, valueOf(value)])),
      },
    }),
  );
  return { status: ended.at(-1)?.status, outputs: readFileSync(output, "utf8"), words: readFileSync(join(folder, "words"), "utf8").split("\n").slice(0, -1) };
}

describe("the action", () => {
  it("has a step that installs and one that runs, neither with an expression in its script", () => {
    expect(steps.map(({ script }) => [script.length > 0, script.includes("${{")])).toEqual([
      [true, false],
      [true, false],
    ]);
  });

  it.each([
    [0, "promote", 0],
    [10, "hold", 10],
    [11, "inconclusive", 11],
    [5, "", 5],
  ])("ends as a gate does that ends with %i", (code, verdict, status) => {
    const acted = act(code, { command: "gate --candidate my-model" });
    expect(acted).toEqual({ status, outputs: `exit-code=${code}\nverdict=${verdict}\n`, words: ["gate", "--candidate", "my-model"] });
  });

  it("lets an inconclusive gate pass where only a hold is to fail it", () => {
    expect(act(11, { command: "gate --candidate m", "fail-on": "hold" }).status).toBe(0);
    expect(act(10, { command: "gate --candidate m", "fail-on": "hold" }).status).toBe(10);
  });

  it("installs the package that is named, else what it packs of its own sources", () => {
    act(0, { command: "doctor", package: "./given.tgz" });
    expect(readFileSync(join(folder, "npm"), "utf8")).toMatch(/^install .*\.\/given\.tgz\n$/);
    rmSync(join(folder, "npm"));
    act(0, { command: "doctor" });
    expect(readFileSync(join(folder, "npm"), "utf8")).toMatch(/^ci .*\npack .*\ninstall .*bakeoff-1\.tgz\n$/);
  });

  it("takes a command for words, and runs nothing that stands in it", () => {
    const { words } = act(0, { command: "gate --candidate $(touch pwned) ; touch pwned2 *" });
    expect(words).toEqual(["gate", "--candidate", "$(touch", "pwned)", ";", "touch", "pwned2", "*"]);
    expect([existsSync(join(folder, "pwned")), existsSync(join(folder, "pwned2"))]).toEqual([false, false]);
  });
});
