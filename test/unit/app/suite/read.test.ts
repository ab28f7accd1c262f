// Listing, showing, proving and exporting suites, over suites in memory.
import { describe, expect, it } from "vitest";
import { exportSuite } from "../../../../src/app/suite/export.ts";
import { listSuites } from "../../../../src/app/suite/list.ts";
import { showSuite } from "../../../../src/app/suite/show.ts";
import { type SuiteProofRequest, validateSuite } from "../../../../src/app/suite/validate.ts";
import { fakeBench, suiteOf, taskNamed } from "../../run/fakes.ts";
import { searchOf } from "../../suite-making/fakes.ts";
import { never, recorder, worldOf } from "./world.ts";

const tiny = suiteOf([taskNamed("a"), taskNamed("b")]);

describe("listSuites and showSuite", () => {
  it("load all suites, and the one that is named", async () => {
    const world = worldOf({ suites: [tiny, { ...tiny, name: "other" }] });
    expect((await listSuites(world)).map(({ name }) => name)).toEqual(["tiny", "other"]);
    expect((await showSuite(world, "other")).name).toBe("other");
    await expect(showSuite(world, "gone")).rejects.toMatchObject({ code: "usage" });
  });
});

describe("validateSuite", () => {
  const suites = [suiteOf([taskNamed("a")])];
  const request: SuiteProofRequest = { name: "tiny", tasks: null, repeats: 2, leaks: false, fresh: false };
  const validated = (more: Partial<SuiteProofRequest>, world = worldOf({ suites })) => validateSuite(world, { ...request, ...more }, recorder().watch, never);

  it("proves every task and closes the bench", async () => {
    const world = worldOf({ suites });
    const { told, watch } = recorder();
    const done = await validateSuite(world, request, watch, never);
    expect(done.proofs).toEqual([
      { task: "fix-a", flaws: [], observations: { values: 0, bits: 0 }, isWeaklyHeldOut: true, unsteady: [], deletions: 1, verifications: 5, known: 0 },
    ]);
    expect([done.leaks, done.seconds > 0, world.opened]).toEqual([null, true, ["bench", "bench closed"]]);
    expect(told.map(([name, ...words]) => [name, ...words.slice(1)])).toEqual([
      ["begin", 1, "util-linux"],
      ["proved", 1, 1],
    ]);
  });

  it("runs nothing that an earlier call has seen, but for what is asked for anew", async () => {
    const world = worldOf({ suites });
    const knownOf = async (more: Partial<SuiteProofRequest>) => (await validated(more, world)).proofs.map(({ verifications, known }) => [verifications, known]);
    expect(await knownOf({})).toEqual([[5, 0]]);
    expect(await knownOf({})).toEqual([[5, 5]]);
    // A third repeat is run, of the break and of the solution.
    expect(await knownOf({ repeats: 3 })).toEqual([[7, 5]]);
    expect(await knownOf({ fresh: true })).toEqual([[5, 0]]);
  });

  it("tells every claim that does not hold with its place, and closes the bench", async () => {
    const bench = fakeBench();
    const broken = {
      ...bench,
      verify: async (...job: Parameters<typeof bench.verify>) => ({ ...(await bench.verify(...job)), verdict: { status: "passed", tests: [] } as const }),
    };
    const world = worldOf({ suites, bench: broken });
    const refused = await validated({}, world).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: "written-file",
      issues: [
        { path: "/suites/tiny/tasks/fix-a.toml break", line: 3, message: expect.stringContaining("should compile and fail tests") as string },
        { path: "/suites/tiny/tasks/fix-a.toml break", message: expect.stringContaining("deleting") as string },
      ],
    });
    expect(world.opened.at(-1)).toBe("bench closed");
  });

  it("takes a solution's line that lies elsewhere in the workspace for a flaw, and says where", async () => {
    const task = taskNamed("a", {
      break: [{ path: "src/a.rs", search: "    1\n", replace: "    2\n" }],
      solution: [{ path: "src/a.rs", search: "    2\n", replace: "    let long_named = 12345;\n    1\n" }],
    });
    const search = searchOf({ where: "target/x.d", kind: "artefact", found: ["let long_named = 12345;"] });
    const world = worldOf({ suites: [suiteOf([task])], ports: { search } });
    await expect(validated({ leaks: true }, world)).rejects.toMatchObject({
      issues: [{ message: expect.stringContaining("target/x.d (artefact)") as string }],
    });
    expect((await validated({ leaks: true }, worldOf({ suites }))).leaks).toEqual([]);
  });

  it("proves only the tasks that are named, and an unknown one is usage before anything is opened", async () => {
    const world = worldOf();
    await expect(validated({ tasks: ["fix-z"] }, world)).rejects.toMatchObject({ code: "usage", hint: expect.stringContaining("fix-") as string });
    expect(world.opened).toEqual([]);
    expect((await validated({ tasks: ["fix-a"] }, world)).tasks.map(({ id }) => id)).toEqual(["fix-a"]);
  });
});

describe("exportSuite", () => {
  it("writes a line and a commit for each task, and says where", async () => {
    const world = worldOf({ suites: [tiny] });
    const done = await exportSuite(world, { name: "tiny", format: "swe-bench", out: null }, never);
    expect(done).toEqual({ suite: "tiny", folder: "/home/exports/tiny", exported: 2, refused: [], features: [], packages: [] });
    const files = world.written.get("/home/exports/tiny");
    expect(
      String(files?.get("tasks.jsonl"))
        .trim()
        .split("\n")
        .map((line) => (JSON.parse(line) as { instance_id: string }).instance_id),
    ).toEqual(["tiny__fix-a", "tiny__fix-b"]);
    expect(
      Buffer.from(files?.get("repository.fast-import") as Uint8Array)
        .toString()
        .match(/^commit /gm),
    ).toHaveLength(2);
    expect(world.opened).toEqual(["bench", "bench closed"]);
  });

  it("lists what can't be written, and the features that its lines can't tell", async () => {
    const odd = taskNamed("a");
    const base = {
      ...odd.base,
      tree: new Map([...odd.base.tree, ["hidden.bin", new Uint8Array([0xff])] as const]),
      hidden: ["hidden.bin"],
      features: ["wide"],
    };
    const world = worldOf({ suites: [{ ...tiny, bases: [base], tasks: [{ ...odd, base }, taskNamed("b")] }] });
    const done = await exportSuite(world, { name: "tiny", format: "swe-bench", out: "elsewhere" }, never);
    expect(done).toMatchObject({
      folder: "/home/elsewhere",
      exported: 1,
      features: ["wide"],
      refused: [{ task: "fix-a", why: expect.stringContaining("no text") as string }],
    });
  });

  it("opens nothing where the folder is there already", async () => {
    const world = worldOf({ suites: [tiny] });
    world.written.set("/home/there", new Map());
    await expect(exportSuite(world, { name: "tiny", format: "swe-bench", out: "there" }, never)).rejects.toMatchObject({ code: "usage" });
    expect(world.opened).toEqual([]);
  });
});
