// `bakeoff capsule`: the stored runs of this folder, and whether one is as it was sealed.
import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";
import { CAPSULE_CHECKS, capsuleFaults } from "../../core/capsule/verify.ts";
import { world } from "../compose.ts";
import { capsulesFolder } from "../places.ts";
import { capsulePath } from "../session.ts";

export async function list(options: { json: boolean }): Promise<number> {
  const names = (await readdir(capsulesFolder()).catch(() => [])).filter((name) => name.endsWith(".capsule.jsonl")).toSorted().toReversed();
  const rows = await Promise.all(
    names.map(async (name) => {
      const path = join(capsulesFolder(), name);
      const { header, seal } = await world.readCapsule(path);
      return { run: header.run_id, suite: header.suite.name, tasks: header.tasks.length, candidates: header.candidates.map((item) => item.name), sealed: seal !== null, path: relative(process.cwd(), path) };
    }),
  );
  if (options.json) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  else if (rows.length === 0) process.stderr.write("no capsules here yet: npm run bakeoff makes one\n");
  else for (const row of rows) process.stdout.write(`${row.run}  ${row.suite}  ${row.tasks} tasks  ${row.candidates.join(",")}  ${row.sealed ? "sealed" : `unfinished: npm run bakeoff -- --resume ${row.run}`}\n`);
  return 0;
}

export async function verify(path: string): Promise<number> {
  const stored = await world.readCapsule(capsulePath(path));
  const faults = capsuleFaults(stored);
  for (const { name, sentence } of CAPSULE_CHECKS) {
    const found = faults.find(({ check }) => check === name);
    process.stdout.write(`${found ? "✗" : "✓"} ${name}: ${found?.fault ?? sentence}\n`);
  }
  if (faults.length === 0) return 0;
  throw new BakeoffError("integrity", `${faults.length} of ${CAPSULE_CHECKS.length} checks fail`, "fetch the capsule again from where it came; an unfinished run can be gone on with");
}
