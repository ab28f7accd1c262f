// Harbor and Terminal-Bench task folders that hold a cargo project, Rust tests and a solution that can be read without running it.
import { parse } from "smol-toml";
import { z } from "zod";
import { isPlainPath } from "../../base/glob.ts";
import type { Content, Tree } from "../../text/edit.ts";
import { type Repair, taskId } from "../making/repair.ts";
import { type ScriptStep, readScript } from "./shell-heredocs.ts";
import { changedTests, treeText } from "../making/source-test.ts";

/** What a task folder comes to, its diffs not yet applied. Paths are relative to the cargo project. */
export interface HarborTask {
  readonly project: Tree;
  readonly tests: Tree;
  /** Files and diffs of the solution, in their order. */
  readonly steps: readonly ScriptStep[];
  readonly instruction: string;
}

export type ReadHarbor = { readonly ok: true; readonly task: HarborTask } | { readonly ok: false; readonly why: string };

const refused = (why: string): ReadHarbor => ({ ok: false, why });

export const HARBOR_MARKS = ["task.toml", "task.yaml"] as const;

export function readHarborTask(folder: Tree): ReadHarbor {
  const instruction = instructionOf(folder);
  if (instruction === null) return refused("it has no instruction that can be read");
  const isHarbor = folder.has("task.toml");
  if (isHarbor && !isToml(folder.get("task.toml"))) return refused("task.toml is no TOML");
  const environment = isHarbor
    ? below(folder, "environment/")
    : new Map([...folder].filter(([path]) => !/^(tests|solution)\/|^(solution\.(sh|yaml)|run-tests\.sh|task\.yaml)$/.test(path)));
  const root = projectRoot(environment);
  if (root === null) return refused("no one Cargo.toml stands above the others in its environment");
  const project = below(environment, root);
  const rustTests = [...below(folder, "tests/")].filter(([path]) => path.endsWith(".rs"));
  if (rustTests.length === 0) return refused("its tests are no Rust tests");
  const steps = solutionSteps(folder, workFolder(environment));
  if (typeof steps === "string") return refused(steps);
  const tests = new Map(rustTests.map(([path, content]): [string, Content] => [`tests/${path}`, content]));
  return { ok: true, task: { project, tests, steps, instruction } };
}

const below = (tree: Tree, folder: string): Tree =>
  new Map([...tree].flatMap(([path, content]) => (path.startsWith(folder) ? [[path.slice(folder.length), content] as const] : [])));

function isToml(content: Content | undefined): boolean {
  try {
    return typeof content === "string" && z.record(z.string(), z.unknown()).safeParse(parse(content)).success;
  } catch {
    return false;
  }
}

/** `instruction.md`, or the text that task.yaml has under `instruction`, in its two plain forms. */
function instructionOf(folder: Tree): string | null {
  const written = folder.get("instruction.md");
  if (typeof written === "string") return written.trim() === "" ? null : written;
  const yaml = folder.get("task.yaml");
  if (typeof yaml !== "string") return null;
  const lines = yaml.split("\n");
  const first = lines.findIndex((line) => line.startsWith("instruction:"));
  const rest = lines[first]?.slice("instruction:".length).trim() ?? "";
  if (first < 0 || !/^[|>][-+]?$/.test(rest)) return rest === "" ? null : rest.replaceAll(/^["']|["']$/g, "");
  const end = lines.findIndex((line, index) => index > first && /^\S/.test(line));
  const block = lines.slice(first + 1, end < 0 ? undefined : end);
  const indent = Math.min(...block.filter((line) => line.trim() !== "").map((line) => line.search(/\S/)));
  return (
    block
      .map((line) => line.slice(indent))
      .join("\n")
      .trim() || null
  );
}

/** The folder of the topmost Cargo.toml, with a slash at its end; null where there is none, or several side by side. */
function projectRoot(environment: Tree): string | null {
  const roots = [...environment.keys()].filter((path) => /(^|\/)Cargo\.toml$/.test(path)).map((path) => path.slice(0, -"Cargo.toml".length));
  const top = roots.toSorted((a, b) => a.length - b.length)[0];
  return top !== undefined && roots.every((root) => root.startsWith(top)) ? top : null;
}

/** Where the container works, as its Dockerfile says. */
function workFolder(environment: Tree): string {
  const dockerfile = environment.get("Dockerfile");
  const folders = typeof dockerfile === "string" ? [...dockerfile.matchAll(/^\s*WORKDIR\s+(\/[\w./-]*)\s*$/gim)] : [];
  return folders.at(-1)?.[1] ?? "/app";
}

function solutionSteps(folder: Tree, start: string): readonly ScriptStep[] | string {
  const files = [...below(folder, "solution/")].flatMap(([path, content]): ScriptStep[] => {
    if (typeof content !== "string") return [];
    if (/\.(patch|diff)$/.test(path)) return [{ kind: "diff", folder: start, text: content }];
    return path.endsWith(".rs") ? [{ kind: "file", path: `${start}/${path}`, text: content }] : [];
  });
  if (files.length > 0) return files;
  const script = folder.get("solution/solve.sh") ?? folder.get("solution.sh");
  if (typeof script !== "string") return "it has no solution";
  const read = readScript(script, start);
  return read.ok ? read.steps : `its solution can't be read: ${read.why}`;
}

/** A step's path inside of the cargo project, or null where it leads elsewhere. The container may hold the project at any depth. */
export function projectPath(task: HarborTask, path: string): string | null {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) return null;
  const tails = parts.map((_, index) => parts.slice(index).join("/")).filter(isPlainPath);
  const known = tails.find((tail) => task.project.has(tail));
  return known ?? tails.find((tail) => /^(src|crates|tests)\//.test(tail)) ?? null;
}

/** `solved`: the project's files after the solution's steps. */
export function harborRepair(name: string, task: HarborTask, solved: Tree): Repair {
  const changed = [...solved]
    .filter(([path, content]) => path.endsWith(".rs") && typeof content === "string" && task.project.get(path) !== content)
    .map(([path]) => path);
  return {
    id: taskId(name, `folder ${name}`),
    title:
      task.instruction
        .trim()
        .split("\n")[0]
        ?.replace(/^#+\s*/, "")
        .slice(0, 120)
        .trim() || name.slice(0, 120),
    origin: `folder ${name}`,
    message: task.instruction,
    clean: new Map([...solved, ...task.tests]),
    before: new Map(changed.filter((path) => !task.tests.has(path)).map((path) => [path, treeText(task.project, path)])),
    tests: [...task.tests].flatMap(([path, content]) => (typeof content === "string" ? changedTests(path, treeText(task.project, path), content) : [])),
  };
}
