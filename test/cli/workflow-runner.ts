// Runs a workflow of GitHub as its runner would: jobs by their needs and conditions, values by their expressions, scripts by bash.
import { execFile } from "node:child_process";
import { chmod, cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { MAIN } from "./bakeoff.ts";

interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly needs?: string;
  readonly if?: string;
  readonly environment?: string;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly defaults?: { readonly run?: { readonly "working-directory"?: string } };
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly env?: Readonly<Record<string, string | number>>;
  readonly defaults?: { readonly run?: { readonly "working-directory"?: string } };
  readonly jobs: Readonly<Record<string, Job>>;
}

export interface PlayedJob {
  readonly status: "success" | "failure" | "skipped" | "waiting";
  /** What its scripts printed. */
  readonly said: string;
}

export interface WorkflowPlay {
  /** The workflow's text, as the branch has it. */
  readonly workflow: string;
  /** The repository that jobs check out, and the branch of the pull request. */
  readonly origin: string;
  readonly branch: string;
  /** A folder for workspaces and artefacts. */
  readonly folder: string;
  /** Secrets of the protected environment; null: nobody lets its job run. */
  readonly secrets: Readonly<Record<string, string>> | null;
  readonly env: Readonly<Record<string, string>>;
}

type Context = Readonly<Record<string, unknown>>;

const REPOSITORY = "them/theirs";

type Done = PlayedJob & { readonly outputs: Readonly<Record<string, string>> };

/** Plays a pull request from a branch of the repository itself; gives what became of each job, in their order. */
export async function playPullRequest(play: WorkflowPlay): Promise<ReadonlyMap<string, PlayedJob>> {
  const workflow = parse(play.workflow) as Workflow;
  await layPrograms(play.folder);
  const done = new Map<string, Done>();
  for (const [name, job] of Object.entries(workflow.jobs)) done.set(name, await playIfWanted(play, workflow, [name, job], done));
  return done;
}

async function playIfWanted(play: WorkflowPlay, workflow: Workflow, [name, job]: readonly [string, Job], done: ReadonlyMap<string, Done>): Promise<Done> {
  const needs = job.needs ?? "";
  const context = contextOf(play, job, { [needs]: { outputs: done.get(needs)?.outputs } });
  const isReady = needs === "" || done.get(needs)?.status === "success";
  if (!isReady || (job.if !== undefined && !isTrue(job.if, context))) return { status: "skipped", said: "", outputs: {} };
  if (job.environment !== undefined && play.secrets === null) return { status: "waiting", said: "", outputs: {} };
  return playJob(play, workflow, [name, job], context);
}

/** What an expression may ask of: secrets are there for the job behind the environment alone. */
const contextOf = ({ secrets }: WorkflowPlay, { environment }: Job, needs: Context): Context => ({
  github: {
    event_name: "pull_request",
    base_ref: "main",
    repository: REPOSITORY,
    token: "",
    event: { repository: { default_branch: "main" }, pull_request: { number: 7, head: { repo: { full_name: REPOSITORY } } } },
  },
  vars: { BAKEOFF_PACKAGE: "https://example.invalid/bakeoff.tgz" },
  secrets: environment === undefined ? {} : secrets,
  needs,
});

async function playJob(play: WorkflowPlay, workflow: Workflow, [name, job]: readonly [string, Job], context: Context): Promise<Done> {
  const workspace = join(play.folder, "work", name);
  await mkdir(workspace, { recursive: true });
  const at = { workspace, cwd: join(workspace, folderOf(job.defaults ?? workflow.defaults)) };
  const env = filled(workflow.env ?? {}, context);
  const steps: Record<string, unknown> = {};
  const said: string[] = [];
  let ok = true;
  for (const step of job.steps.filter(({ if: when }) => when === undefined || when === "always()")) {
    if (!ok && step.if === undefined) continue;
    const end = await playStep(play, step, at, { context, env });
    said.push(end.said);
    ok &&= end.ok;
    steps[step.id ?? ""] = { outputs: end.outputs };
  }
  return { status: ok ? "success" : "failure", said: said.join("\n"), outputs: filled(job.outputs ?? {}, { ...context, steps }) };
}

const folderOf = (defaults: Job["defaults"]): string => defaults?.run?.["working-directory"] ?? ".";

interface Around {
  readonly context: Context;
  readonly env: Readonly<Record<string, string>>;
}

async function playStep(play: WorkflowPlay, step: Step, { workspace, cwd }: { readonly workspace: string; readonly cwd: string }, { context, env }: Around) {
  if (step.run !== undefined) return runScript(play, { script: step.run, cwd, env: { ...env, ...filled(step.env ?? {}, context) } });
  const used = USED[step.uses?.split("@")[0] ?? ""];
  if (used === undefined) throw new Error(`nothing here plays ${step.uses ?? "a step"}`);
  await used(play, workspace, filled(step.with ?? {}, context));
  return { ok: true, said: "", outputs: {} };
}

type Used = (play: WorkflowPlay, workspace: string, given: Readonly<Record<string, string>>) => Promise<unknown>;

/** The actions that the workflow uses. */
const USED: Readonly<Record<string, Used>> = {
  "actions/checkout": ({ origin, branch }, workspace) => ended("git", ["clone", "--quiet", "--branch", branch, origin, workspace], { cwd: workspace }),
  "actions/setup-node": async () => undefined,
  "actions/upload-artifact": async ({ folder }, workspace, { name = "", path = "" }) => {
    const files = await ended("bash", ["-c", `shopt -s nullglob; for each in ${path.trim().split("\n").join(" ")}; do echo "$each"; done`], { cwd: workspace });
    for (const file of files.said.split("\n").filter((line) => line !== ""))
      await cp(join(workspace, file), join(folder, "artifacts", name, file), { recursive: true }).catch(() => undefined);
  },
  "actions/download-artifact": ({ folder }, workspace, { name = "" }) => cp(join(folder, "artifacts", name), workspace, { recursive: true }),
};

/** The program by its name, and what a runner has beside it: npm, which says what it was to install, and gh, which keeps the comment. */
async function layPrograms(folder: string): Promise<void> {
  const programs = {
    bakeoff: `exec "${process.execPath}" "${MAIN}" "$@"`,
    npm: `[ "$1 $2" = "install --global" ] && [ -n "$3" ]`,
    gh: `while [ $# -gt 0 ]; do [ "$1" = --body-file ] && cp "$2" "${folder}/comment.md"; shift; done`,
  };
  await mkdir(join(folder, "bin"), { recursive: true });
  for (const [name, script] of Object.entries(programs)) {
    await writeFile(join(folder, "bin", name), `#!/usr/bin/env bash\n${script}\n`);
    await chmod(join(folder, "bin", name), 0o755);
  }
}

async function runScript({ folder, env: own }: WorkflowPlay, { script, cwd, env }: { readonly script: string; readonly cwd: string; readonly env: Context }) {
  const output = join(folder, "output");
  await writeFile(output, "");
  const path = `${folder}/bin:${dirname(process.execPath)}:${process.env["PATH"] ?? ""}`;
  const all = {
    HOME: folder,
    ...own,
    ...env,
    PATH: path,
    GITHUB_OUTPUT: output,
    GITHUB_ACTIONS: "true",
    GITHUB_STEP_SUMMARY: join(folder, "summary.md"),
    CI: "true",
  };
  const end = await ended("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], { cwd, env: all });
  const outputs = Object.fromEntries((await readFile(output, "utf8")).split("\n").flatMap((line) => (line.includes("=") ? [line.split("=", 2)] : [])));
  return { ok: end.ok, said: `$ ${script}\n${end.said}`, outputs: outputs as Readonly<Record<string, string>> };
}

function ended(program: string, args: readonly string[], options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> }) {
  return new Promise<{ readonly ok: boolean; readonly said: string }>((resolve) => {
    execFile(program, [...args], { maxBuffer: 1 << 26, ...options }, (error, stdout, stderr) => resolve({ ok: error === null, said: `${stdout}${stderr}` }));
  });
}

const filled = (values: Readonly<Record<string, unknown>>, context: Context): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      String(value).replaceAll(/\$\{\{ (.*?) \}\}/g, (_, expression: string) => valueOf(expression, context)),
    ]),
  );

/** `a || b`, `a && b`, `a == b`, names with dots and texts in quotes: what these workflows are written in. */
function valueOf(expression: string, context: Context): string {
  const or = expression.split(" || ");
  if (or.length > 1) return or.map((part) => valueOf(part, context)).find((value) => value !== "") ?? "";
  const and = expression.split(" && ");
  if (and.length > 1) return and.every((part) => isTrue(part, context)) ? "true" : "";
  const [left = "", right] = expression.split(" == ");
  if (right !== undefined) return valueOf(left, context) === valueOf(right, context) ? "true" : "";
  const [, text] = /^'(.*)'$/.exec(expression) ?? [];
  if (text !== undefined) return text;
  const found = expression.split(".").reduce<unknown>((at, name) => (at as Context | undefined)?.[name], context);
  return found === undefined || found === null ? "" : String(found as string | number);
}

const isTrue = (expression: string, context: Context): boolean => valueOf(expression, context) !== "";
