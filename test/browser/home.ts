// A home with runs for the viewer's tests: real journals and capsules, whose models and workbench are scripted.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createJournal } from "../../src/adapters/capsules/journal/journal.ts";
import { runBakeoff } from "../../src/app/run/bakeoff.ts";
import type { BakeoffOptions } from "../../src/app/run/bakeoff-options.ts";
import { createRandom } from "../../src/core/base/random.ts";
import type { Header } from "../../src/core/capsule/line.ts";
import type { Task } from "../../src/core/suite/suite.ts";
import { answered, editFor, goodScript, headerOf, optionsFor, planting, policyWith, type Script, snapshotBlob, taskNamed } from "../unit/run/fakes.ts";

const PROGRAM = new URL("../../dist/main.js", import.meta.url).pathname;

const AREAS = ["borrow-checker", "lifetimes", "types", "traits", "logic", "async"];
const FILES = ["a", "b", "c", "d"];

/** So many tasks, every sixth of high risk. */
export const tasksOf = (count: number): readonly Task[] =>
  Array.from({ length: count }, (_, index) => {
    const area = AREAS[index % AREAS.length] ?? "types";
    const isCompile = index % 3 === 0;
    return taskNamed(FILES[index % FILES.length] ?? "a", {
      id: `${area}-${String(index + 1).padStart(2, "0")}`,
      title: `Repair ${area}`,
      area,
      // Two tasks a family, as mutants of one place are.
      family: `${area}-${Math.floor(index / (2 * AREAS.length)) + 1}`,
      risk: index % 6 === 5 ? "high" : "low",
      kind: isCompile ? "compile" : "test",
      ...(isCompile ? { error_codes: [["E0382", "E0308", "E0277"][index % 3]] } : {}),
    });
  });

export interface RunPlanned {
  readonly id: string;
  readonly createdAt: string;
  readonly tasks: readonly Task[];
  /** How often each candidate passes, by name. */
  readonly skill: Readonly<Record<string, number>>;
  readonly header?: Partial<Header>;
  readonly more?: Partial<BakeoffOptions>;
  readonly epochs?: number;
}

/** What a candidate makes of a task goes by its skill, the task's own difficulty and a little chance of the day. */
function scriptOf({ id, skill }: RunPlanned): Script {
  return (request, provider) => {
    const { purpose, material, model: name } = request;
    if (purpose !== "patch" || provider !== "local") return goodScript(request, provider);
    const difficulty = createRandom(`difficulty ${material.task.id}`).next();
    const luck = createRandom(`${id} ${name} ${material.task.id}`).next();
    const passes = difficulty < (skill[name] ?? 0.5) + (luck - 0.5) * 0.06;
    const verdict = passes ? "passed" : difficulty > 0.85 ? "compile-error" : "failed";
    const reply = answered(editFor(material.task, verdict, name));
    const slow = 1 + createRandom(`speed ${name}`).next() * 3;
    return { ...reply, times: { ...reply.times, ttftMs: 90 * slow, firstOutputMs: 90 * slow, totalMs: 260 * slow + 400 * luck } };
  };
}

/** Runs it to its seal. */
export async function runInHome(home: string, planned: RunPlanned): Promise<void> {
  const capsules = join(home, "capsules");
  await mkdir(capsules, { recursive: true });
  const { tasks, epochs = 1 } = planned;
  const snapshot = policyWith(planting(2));
  const candidates = Object.keys(planned.skill);
  const header: Header = { ...headerOf({ tasks, candidates, epochs, snapshot }), run_id: planned.id, created_at: planned.createdAt, ...planned.header };
  const journal = await createJournal(join(capsules, `${planned.id}.capsule.jsonl`), header, [snapshotBlob(snapshot)]);
  try {
    await runBakeoff({ ...optionsFor({ tasks, snapshot, script: scriptOf(planned) }, journal), ...planned.more, header });
  } finally {
    await journal.close();
  }
}

export interface Viewer {
  readonly url: string;
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

/** The built program's viewer in a home. */
export async function startViewer(home: string, ...words: readonly string[]): Promise<Viewer> {
  const env = { ...process.env, BAKEOFF_CACHE: join(home, "cache"), NO_COLOR: "1" };
  const child = spawn(process.execPath, [PROGRAM, "view", "--address-only", ...words], { cwd: home, env, stdio: ["ignore", "pipe", "pipe"] });
  const url = await new Promise<string>((resolve, reject) => {
    let said = "";
    child.stdout.on("data", (piece) => {
      said += String(piece);
      const found = /^(http:\S+)\n/m.exec(said)?.[1];
      if (found) resolve(found);
    });
    child.stderr.on("data", (piece) => (said += String(piece)));
    child.on("exit", (code) => reject(new Error(`the viewer ended with ${String(code)}: ${said}`)));
  });
  const ended = new Promise<void>((resolve) => child.on("exit", () => resolve()));
  return {
    url,
    process: child,
    stop: () => {
      child.kill("SIGINT");
      return ended;
    },
  };
}

/** Runs the built program to its end. */
export async function bakeoffIn(
  home: string,
  ...words: readonly string[]
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  const child = spawn(process.execPath, [PROGRAM, ...words], { cwd: home, env: { ...process.env, BAKEOFF_CACHE: join(home, "cache"), NO_COLOR: "1" } });
  let [out, err] = ["", ""];
  child.stdout.on("data", (piece) => (out += String(piece)));
  child.stderr.on("data", (piece) => (err += String(piece)));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, out, err };
}
