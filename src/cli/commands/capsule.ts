// `bakeoff capsule`: the stored runs of this folder, and whether one is as it was sealed.
import { readdir } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";
import { CAPSULE_CHECKS, capsuleFaults } from "../../core/capsule/verify.ts";
import { world } from "../compose.ts";
import { calledAs, capsulesFolder, quoted, runCalledAs } from "../places.ts";
import { capsulePath } from "../session.ts";

const EXTENSION = ".capsule.jsonl";

interface Row {
  readonly run: string;
  readonly path: string;
  readonly suite: string | null;
  readonly tasks: number | null;
  readonly candidates: readonly string[];
  readonly state: "sealed" | "unfinished" | "damaged";
}

export async function list(options: { json: boolean }): Promise<number> {
  const names = (await readdir(capsulesFolder()).catch(() => []))
    .filter((name) => name.endsWith(EXTENSION))
    .toSorted()
    .toReversed();
  const rows: Row[] = [];
  // One after the other: a capsule may be large, and only its first line is kept.
  for (const name of names) rows.push(await rowOf(join(capsulesFolder(), name)));
  if (options.json) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  else if (rows.length === 0) process.stderr.write(`no capsules here yet: ${runCalledAs()} makes one\n`);
  else
    for (const row of rows)
      process.stdout.write(`${row.run}  ${row.suite ?? "?"}  ${row.tasks ?? "?"} tasks  ${row.candidates.join(",")}  ${stateText(row)}\n`);
  return 0;
}

/** One damaged file must not hide the others. */
async function rowOf(path: string): Promise<Row> {
  const row = { run: basename(path, EXTENSION), path: relative(process.cwd(), path) };
  try {
    const { header, seal } = await world.readCapsule(path);
    return {
      ...row,
      suite: header.suite.name,
      tasks: header.tasks.length,
      candidates: header.candidates.map((item) => item.name),
      state: seal === null ? "unfinished" : "sealed",
    };
  } catch (error) {
    if (!(error instanceof BakeoffError)) throw error;
    return { ...row, suite: null, tasks: null, candidates: [], state: "damaged" };
  }
}

function stateText({ state, run, path }: Row): string {
  if (state === "unfinished") return `unfinished: ${runCalledAs()} --resume ${run}`;
  return state === "sealed" ? state : `damaged: ${calledAs()} capsule verify ${quoted(path)}`;
}

export async function verify(path: string): Promise<number> {
  const stored = await world.readCapsule(capsulePath(path));
  const faults = capsuleFaults(stored);
  for (const { name, sentence } of CAPSULE_CHECKS) {
    const found = faults.find(({ check }) => check === name);
    process.stdout.write(`${found ? "✗" : "✓"} ${name}: ${found?.fault ?? sentence}\n`);
  }
  if (faults.length === 0) return 0;
  throw new BakeoffError(
    "integrity",
    `${faults.length} of ${CAPSULE_CHECKS.length} checks fail`,
    "fetch the capsule again from where it came; an unfinished run can be gone on with",
  );
}
