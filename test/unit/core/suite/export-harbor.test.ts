// Tasks for Harbor: the agent sees nothing that decides, and the verifier has all of it.
import { expect, it } from "vitest";
import { parse } from "smol-toml";
import { exportHarborTask } from "../../../../src/core/suite/shapes/export-harbor.ts";
import { brokenTree, type Task } from "../../../../src/core/suite/suite.ts";
import { suiteSchema, taskSchema } from "../../../../src/core/suite/schema.ts";
import { suiteOf, taskNamed } from "../../run/fakes.ts";

const plain = taskNamed("a");
const task: Task = {
  ...plain,
  base: {
    ...plain.base,
    tree: new Map([...plain.base.tree, ["src/hidden.rs", "// what decides\n"], ["notes.bin", "secret"]]),
    hidden: ["src/hidden.rs", "notes.bin"],
  },
};
const suite = suiteOf([task]);
const means = { rust: "1.95.0", program: new Uint8Array([1, 2]) };

function exported(one: Task = task): ReadonlyMap<string, unknown> {
  const done = exportHarborTask(suite, one, means);
  if (!done.ok) throw new Error(done.why);
  return done.files;
}

it("shows the agent the broken tree with its hidden sources empty, and nothing else that is hidden", () => {
  const files = exported();
  const seen = [...files].filter(([path]) => path.startsWith("environment/project/"));
  expect(new Map(seen).get("environment/project/src/hidden.rs")).toBe("");
  expect(files.has("environment/project/notes.bin")).toBe(false);
  for (const [path, content] of seen) if (content !== "") expect(content).toBe(brokenTree(task).get(path.slice("environment/project/".length)));
  expect(String(files.get("instruction.md"))).toContain(task.instruction.trim());
  for (const glob of task.editable) expect(String(files.get("instruction.md"))).toContain(glob);
});

it("gives the verifier a suite of this task that is read as ours", () => {
  const files = exported();
  const own = `tests/suites/${suite.name}`;
  expect(suiteSchema.safeParse(parse(String(files.get(`${own}/suite.toml`)))).success).toBe(true);
  const read = taskSchema.safeParse(parse(String(files.get(`${own}/tasks/${task.id}.toml`))));
  expect(read.error?.issues ?? []).toEqual([]);
  expect(read.data).toMatchObject({ id: task.id, held_out: task.heldOut, break: task.breakEdits, solution: task.solution });
  expect(files.get(`${own}/base/src/hidden.rs`)).toBe("// what decides\n");
  expect(files.get("tests/bakeoff.tgz")).toBe(means.program);
});

it("is of the tables that Harbor knows, in its separate mode, with every field filled", () => {
  const files = exported();
  const { artifacts, verifier, task: about, metadata, ...rest } = parse(String(files.get("task.toml"))) as Record<string, Record<string, unknown>>;
  expect(artifacts).toEqual([{ source: "/app", exclude: ["target", ".git"] }]);
  expect(verifier).toMatchObject({ environment_mode: "separate" });
  expect(Object.keys(rest).toSorted()).toEqual(["agent", "environment", "schema_version"]);
  for (const value of Object.values({ ...about, ...metadata })) expect(value).not.toBe("");
  for (const [path, content] of files) if (!path.includes("/project/") && !path.includes("/broken/")) expect(content, path).not.toBe("");
  expect(String(files.get("tests/Dockerfile"))).toContain("FROM rust:1.95.0-bookworm");
});

it("leaves out what has no honest solution", () => {
  expect(exportHarborTask(suite, { ...task, cheat: task.solution }, means)).toMatchObject({ ok: false });
});
