// Other people's readers on our tables, JUnit and SWE-bench files: their values are the capsule's.
import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { readCapsule } from "../../src/adapters/capsules/file.ts";
import { foldRun } from "../../src/core/capsule/record.ts";
import { type ReportModel, reportModel } from "../../src/core/report/model.ts";
import { diskSuites } from "./suites.ts";
import { exported, SAMPLE } from "./exported.ts";
import { readByPeer } from "./peer.ts";

let model: ReportModel;
beforeAll(async () => {
  const stored = await readCapsule(SAMPLE);
  model = reportModel(foldRun(stored.header, stored.events));
});

const rates = (): object => Object.fromEntries(model.summary.candidates.map(({ name, slot }) => [name, slot.pass.value]));

it("pandas and polars load the same rows, types and rates", async () => {
  const seen = await readByPeer<{ rows: number[]; schema: Record<string, string>; means: object; nulls: number[]; model_ms: number[] }>(
    "read_tables.py",
    await exported("parquet", "csv"),
  );
  expect(seen.rows).toEqual([model.trials.length, model.trials.length, model.trials.length]);
  expect(seen.schema).toMatchObject({ candidate: "String", slot_pass: "Boolean", epoch: "Int32", model_ms: "Float64" });
  expect(seen.means).toEqual(rates());
  const unknown = model.trials.filter(({ slotPass }) => slotPass === null).length;
  expect(seen.nulls).toEqual([unknown, unknown, unknown]);
  expect(seen.model_ms[0]).toBeCloseTo(seen.model_ms[1] ?? 0, 6);
});

it("junitparser counts and shows what the report does", async () => {
  interface Seen {
    tests: number;
    failures: number;
    suites: Record<string, { properties: Record<string, string>; cases: { results: [string, string | null][]; output: string }[] }>;
  }
  const seen = await readByPeer<Seen>("read_junit.py", await exported("junit"));
  expect(seen.tests).toBe(model.trials.length);
  expect(seen.failures).toBe(model.trials.filter(({ slotPass }) => slotPass === false).length);
  for (const { candidate } of model.trials) {
    const suite = seen.suites[candidate];
    expect(suite?.properties).toMatchObject({ run: model.run.id, policy: model.identity.policy.id });
    for (const { output } of suite?.cases ?? []) expect(output).toContain("Attempt 1");
  }
});

it("SWE-bench's harness resolves what the report does, by patches that git applies", async () => {
  type Seen = Record<string, { resolved: string[]; unresolved: string[]; empty: string[]; errors: string[]; patches: Record<string, string> }>;
  const folder = await exported("swe-bench");
  const seen = await readByPeer<Seen>("read_swe_bench.py", folder);
  const suite = model.identity.suite.name;
  for (const { candidate, task, slotPass } of model.trials) {
    const { resolved = [], unresolved = [], empty = [], errors } = seen[candidate] ?? {};
    expect(errors).toEqual([]);
    const id = `${suite}__${task}`;
    expect([resolved.includes(id), unresolved.includes(id) || empty.includes(id)], `${candidate} ${task}`).toEqual([slotPass === true, slotPass === false]);
  }
  const trees = await diskSuites(suite);
  for (const [id, patch] of Object.entries(seen["oracle"]?.patches ?? {})) await applies(join(folder, "trees", id), trees(id.slice(suite.length + 2)), patch);
});

async function applies(folder: string, files: ReadonlyMap<string, string | Uint8Array>, patch: string): Promise<void> {
  for (const [path, content] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  execFileSync("git", ["apply", "--check", "-"], { cwd: folder, input: patch, env: { PATH: process.env["PATH"], GIT_CEILING_DIRECTORIES: dirname(folder) } });
}
