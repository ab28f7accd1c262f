// Who runs the repairs, each by its own command line: the floor, the peers, and this project's program.
import { spawn } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { findPlaces } from "../../src/app/places.ts";
import type { Installed } from "./installed.ts";
import { type Repairs, SUITE } from "./repairs.ts";

/** What a run cost, with all that it started and waited for. Seconds. */
export interface Spent {
  readonly wall: number;
  readonly processor: number;
  /** Repairs that it took for done. */
  readonly passed: number;
}

export interface Arena {
  readonly installed: Installed;
  readonly chosen: Repairs;
  /** Of the scripted server, ending in `/v1`. */
  readonly endpoint: string;
  /** Where each contestant's own files go. */
  readonly folder: string;
  /** The repository, warm. */
  readonly warm: string;
}

export type Contestant = "floor" | "Inspect AI" | "promptfoo" | "evalite" | "Bakeoff";

interface Start {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly passed: (stdout: string) => number;
}

const TOOLS = resolve("bench/peers/tools");
const MAIN = join(findPlaces({}).packageRoot, "dist", "main.js");

/** `copy`: a folder of its own for each repair, where that is not so anyway. Throws where it does not end well. */
export async function ranBy(contestant: Contestant, arena: Arena, copy: boolean): Promise<Spent> {
  const cwd = join(arena.folder, `${contestant.replace(" ", "-")}-${Date.now()}`);
  mkdirSync(cwd, { recursive: true });
  const start = STARTS[contestant](arena, cwd);
  const repairs = join(cwd, "repairs.json");
  writeFileSync(repairs, JSON.stringify(arena.chosen.repairs));
  const env = {
    ...process.env,
    ...buildEnv(),
    PEERS_REPAIRS: repairs,
    PEERS_FOLDER: arena.warm,
    PEERS_COPY: copy ? "1" : "",
    OPENAI_API_KEY: "sk-rehearsal",
    OPENAI_BASE_URL: arena.endpoint,
    CI: "1",
    ...start.env,
  };
  // The shell's own account holds all descendants that were waited for. The server answers meanwhile, in this process.
  const { code, stdout, stderr } = await ended("bash", ["-c", `TIMEFORMAT='%R %U %S'; time "$@"`, "bash", ...start.command], { cwd: start.cwd, env });
  const [wall = Number.NaN, user = Number.NaN, system = Number.NaN] = (stderr.trim().split("\n").at(-1) ?? "").split(" ").map(Number);
  if (code !== 0 || Number.isNaN(wall)) throw new Error(`${contestant} ended with ${String(code)}:\n${stdout.slice(-2000)}\n${stderr.slice(-2000)}`);
  return { wall, processor: user + system, passed: start.passed(stdout) };
}

function ended(
  program: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  const said = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) child[stream].setEncoding("utf8").on("data", (text: string) => void (said[stream] += text));
  return new Promise((settle, reject) => {
    child.once("error", reject);
    child.once("close", (code) => settle({ code, ...said }));
  });
}

/** As an engineer's own build has it; ours sets the same inside its sandbox. */
export function buildEnv(): Record<string, string> {
  return { CARGO_INCREMENTAL: "1", CARGO_PROFILE_DEV_DEBUG: "0", CARGO_NET_OFFLINE: "true" };
}

/** A command as one would type it: words are parted by blanks. */
const words = (line: string, ...more: readonly string[]): string[] => [...line.split(" "), ...more];

const STARTS: Readonly<Record<Contestant, (arena: Arena, cwd: string) => Start>> = {
  floor: (_, cwd) => ({ command: [process.execPath, join(TOOLS, "floor.cjs")], cwd, passed: (stdout) => Number(/^PASSED (\d+)$/m.exec(stdout)?.[1]) }),
  "Inspect AI": ({ installed }, cwd) => {
    copyFileSync(join(TOOLS, "repairs_task.py"), join(cwd, "repairs_task.py"));
    const line =
      "eval repairs_task.py --model openai/scripted -M responses_api=false --max-samples 1 --max-connections 1 --display plain --log-format json --log-dir logs";
    return { command: [join(installed.python, "inspect"), ...words(line)], cwd, passed: () => inspectPassed(join(cwd, "logs")) };
  },
  promptfoo: ({ installed, chosen, endpoint }, cwd) => {
    const config = {
      prompts: ["{{prompt}}"],
      providers: [{ id: "openai:chat:scripted", config: { apiBaseUrl: endpoint } }],
      defaultTest: { assert: [{ type: "javascript", value: `file://${join(TOOLS, "promptfoo-assertion.cjs")}` }] },
      tests: chosen.repairs.map(({ id, prompt }) => ({ vars: { id, prompt } })),
    };
    writeFileSync(join(cwd, "config.json"), JSON.stringify(config));
    const line = "eval --config config.json --max-concurrency 1 --no-cache --no-table --no-progress-bar --no-share --output out.json";
    return {
      command: [join(installed.promptfoo, "node_modules/.bin/promptfoo"), ...words(line)],
      cwd,
      env: { PROMPTFOO_DISABLE_TELEMETRY: "1", PROMPTFOO_DISABLE_UPDATE: "1", PROMPTFOO_CONFIG_DIR: join(cwd, "state"), PROMPTFOO_FAILED_TEST_EXIT_CODE: "0" },
      passed: () => (JSON.parse(readFileSync(join(cwd, "out.json"), "utf8")) as { results: { stats: { successes: number } } }).results.stats.successes,
    };
  },
  evalite: ({ installed }, cwd) => {
    // Below a folder called node_modules it finds no evaluations.
    symlinkSync(join(installed.evalite, "node_modules"), join(cwd, "node_modules"));
    copyFileSync(join(TOOLS, "score.cjs"), join(cwd, "score.cjs"));
    copyFileSync(join(TOOLS, "evalite-repairs.mjs"), join(cwd, "repairs.eval.ts"));
    writeFileSync(join(cwd, "evalite.config.ts"), EVALITE_CONFIG);
    const command = [join(cwd, "node_modules/.bin/evalite"), ...words("run --outputPath evalite-out.json --hideTable")];
    return { command, cwd, passed: () => evalitePassed(join(cwd, "evalite-out.json")) };
  },
  Bakeoff: ({ chosen, folder }, cwd) => ({
    command: [
      process.execPath,
      MAIN,
      ...words(`run --suite ${SUITE} --candidates scripted --concurrency 1 --policy`, join(folder, "policy", "model_policy.toml"), "--task"),
      ...chosen.tasks.map(({ id }) => id),
    ],
    cwd,
    passed: () => bakeoffPassed(join(cwd, "reports")),
  }),
};

const EVALITE_CONFIG = 'import { defineConfig } from "evalite/config";\nexport default defineConfig({ testTimeout: 600_000, maxConcurrency: 1 });\n';

function inspectPassed(logs: string): number {
  const [log = ""] = readdirSync(logs).filter((name) => name.endsWith(".json"));
  const { samples } = JSON.parse(readFileSync(join(logs, log), "utf8")) as { samples: { scores: { repaired: { value: string } } }[] };
  return samples.filter(({ scores }) => scores.repaired.value === "C").length;
}

function evalitePassed(path: string): number {
  const { evals } = JSON.parse(readFileSync(path, "utf8")) as { evals: { results: { scores: { score: number }[] }[] }[] };
  return evals.flatMap(({ results }) => results).filter(({ scores }) => scores.every(({ score }) => score === 1)).length;
}

function bakeoffPassed(reports: string): number {
  const [csv = ""] = readdirSync(reports, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith("trials.csv"));
  const [head = "", ...rows] = readFileSync(join(reports, csv), "utf8").trim().split("\n");
  const column = head.split(",").indexOf("slot_pass");
  return rows.filter((row) => row.split(",")[column] === "true").length;
}
