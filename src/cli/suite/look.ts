// `bakeoff suite`: what suites there are, what is in one, and whether it holds what it promises.
import { basename, join, relative } from "node:path";
import { readFile } from "node:fs/promises";
import { BakeoffError, WrittenFileError } from "../../core/base/errors.ts";
import { nearest } from "../../core/base/nearest.ts";
import { locator } from "../../core/base/toml.ts";
import type { Suite, Task } from "../../core/suite/suite.ts";
import { isTelling, type Leak } from "../../core/suite/leak.ts";
import { findLeaks } from "../../suite-making/leaks.ts";
import type { Workbench } from "../../ports/workbench.ts";
import { type TaskFlaw, type TaskProof, validateSuite } from "../../suite-making/validate.ts";
import { clock, cores, openBench, slots, workspaceSearch, world } from "../../app/compose.ts";
import { suiteFolders } from "../../app/places.ts";
import { errInk } from "../text/ink.ts";

export async function list(options: { json: boolean }): Promise<number> {
  const folders = await world.listSuites(suiteFolders());
  const suites = await Promise.all(folders.map(world.loadSuite));
  if (options.json) process.stdout.write(`${JSON.stringify(suites.map(facts), null, 2)}\n`);
  else
    for (const suite of suites)
      process.stdout.write(`${suite.name} ${suite.version}  ${suite.tasks.length} tasks  ${suite.root.slice(0, 12)}\n  ${suite.description}\n`);
  return 0;
}

export async function show(name: string, options: { json: boolean }): Promise<number> {
  const suite = await world.loadSuite(await world.findSuite(name, suiteFolders()));
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ ...facts(suite), list: suite.tasks.map(taskFacts) }, null, 2)}\n`);
    return 0;
  }
  const widest = Math.max(...suite.tasks.map(({ id }) => id.length));
  process.stdout.write(`${suite.name} ${suite.version}  root ${suite.root}\n${suite.description}\n\n`);
  for (const task of suite.tasks) {
    const what = task.kind === "compile" ? task.errorCodes.join(" ") : "tests";
    process.stdout.write(
      `${task.id.padEnd(widest)}  ${task.kind.padEnd(7)}  ${task.risk.padEnd(4)}  ${task.area.padEnd(14)}  ${what.padEnd(12)}  ${task.title}\n`,
    );
  }
  return 0;
}

const facts = (suite: Suite) => ({
  name: suite.name,
  version: suite.version,
  root: suite.root,
  description: suite.description,
  tasks: suite.tasks.length,
  compile: suite.tasks.filter(({ kind }) => kind === "compile").length,
  highRisk: suite.tasks.filter(({ risk }) => risk === "high").length,
  errorCodes: [...new Set(suite.tasks.flatMap(({ errorCodes }) => errorCodes))].toSorted(),
});

const taskFacts = ({ id, kind, risk, area, errorCodes, title }: Task) => ({ id, kind, risk, area, errorCodes, title });

interface ValidateOptions {
  readonly task?: readonly string[];
  readonly repeats: number;
  readonly leaks: boolean;
  readonly json: boolean;
}

export async function validate(name: string, options: ValidateOptions): Promise<number> {
  const folder = await world.findSuite(name, suiteFolders());
  const suite = await world.loadSuite(folder);
  const tasks = chosen(suite, options.task ?? null);
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort(new BakeoffError("interrupted", "interrupted")));
  const start = clock.now();
  const open = await openBench(cores(), stop.signal);
  try {
    process.stderr.write(`proving ${tasks.length} tasks of ${suite.name}, ${options.repeats} repeats each, sandbox ${open.tier.tier}\n`);
    const taskSlots = slots(cores() + 1);
    const proofs = await validateSuite({
      tasks,
      bench: open.bench,
      repeats: options.repeats,
      signal: stop.signal,
      taskSlot: (work) => taskSlots(work),
      proved: (proof, done) =>
        process.stderr.write(`[${done}/${tasks.length}] ${proof.task}: ${proof.flaws.length === 0 ? "proved" : errInk.red(`${proof.flaws.length} flaws`)}\n`),
    });
    const leaks = options.leaks ? await leaksOf(tasks, open.bench, stop.signal) : null;
    const flawed = [...proofs.flatMap(({ flaws }) => flaws), ...(leaks?.filter(isTelling).map(leakFlaw) ?? [])];
    if (flawed.length > 0) throw new WrittenFileError(await Promise.all(flawed.map((flaw) => issueOf(folder, flaw))));
    process.stdout.write(
      options.json
        ? `${JSON.stringify(leaks === null ? proofs : { proofs, leaks }, null, 2)}\n`
        : summary(suite, tasks, proofs, { repeats: options.repeats, seconds: (clock.now() - start) / 1000 }) + (leaks === null ? "" : leakLines(tasks, leaks)),
    );
    return 0;
  } finally {
    await open.close();
  }
}

/** The workspaces were prepared by the proof: they are only read again. */
async function leaksOf(tasks: readonly Task[], bench: Workbench, signal: AbortSignal): Promise<readonly Leak[]> {
  const bases = [...new Map(tasks.map(({ base }) => [base.digest, base])).values()];
  const prepared = await Promise.all(bases.map((base) => bench.prepare(base, signal)));
  return findLeaks(tasks, prepared, workspaceSearch(), signal);
}

const leakFlaw = ({ task, where, kind, line }: Leak): TaskFlaw => ({
  task,
  key: "break",
  message: `the solution's line ${JSON.stringify(line)} stands in ${where} (${kind}): take it out of there`,
});

function leakLines(tasks: readonly Task[], leaks: readonly Leak[]): string {
  const echoes = leaks.filter((leak) => !isTelling(leak));
  const lines = echoes.map(({ task, where, line }) => `    ${task}: ${where} has the same code: ${line}\n`);
  return `  nothing else in the workspaces holds the solution's lines (${tasks.length} tasks; sources, build artefacts, git objects); identical code elsewhere: ${echoes.length}\n${lines.join("")}`;
}

function chosen(suite: Suite, ids: readonly string[] | null): readonly Task[] {
  const known = suite.tasks.map(({ id }) => id);
  for (const id of ids ?? []) {
    if (!known.includes(id)) throw new BakeoffError("usage", `suite ${suite.name} has no task ${id}`, `did you mean ${nearest(id, known).join(" or ")}?`);
  }
  return suite.tasks.filter(({ id }) => ids === null || ids.includes(id));
}

async function issueOf(folder: string, flaw: TaskProof["flaws"][number]) {
  const path = join(folder, "tasks", `${flaw.task}.toml`);
  return { path: relative(process.cwd(), path) || basename(path), ...locator(await readFile(path, "utf8"))([flaw.key]), message: flaw.message };
}

function summary(suite: Suite, tasks: readonly Task[], proofs: readonly TaskProof[], run: { repeats: number; seconds: number }): string {
  const compile = tasks.filter(({ kind }) => kind === "compile");
  const codes = new Set(compile.flatMap(({ errorCodes }) => errorCodes).filter((code) => code !== "none"));
  const total = proofs.reduce((sum, proof) => sum + proof.verifications, 0);
  const deleted = proofs.filter(({ deletions }) => deletions > 0).length;
  return [
    `${suite.name} ${suite.version}: ${tasks.length} tasks proved`,
    `  ${compile.length} compile tasks fail with exactly the declared codes (${codes.size} distinct), ${tasks.length - compile.length} test tasks fail exactly the declared tests`,
    `  changing nothing (nop) passes none; the reference solution passes all, held-out tests included; ${run.repeats} repeats agree`,
    `  deleting what the break wrote passes none of the ${deleted} tasks where there is something to delete`,
    `  ${tasks.filter(({ risk }) => risk === "high").length} high-risk tasks; suite root ${suite.root}`,
    `  ${total} verifications in ${run.seconds.toFixed(0)} s`,
    "",
  ].join("\n");
}
