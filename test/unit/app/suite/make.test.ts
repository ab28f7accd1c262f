// Making suites of histories, foreign tasks and mutants, over a world in memory.
import { describe, expect, it } from "vitest";
import { importSuite, type SuiteImportRequest } from "../../../../src/app/suite/import.ts";
import { chooseSuitePlace } from "../../../../src/app/suite/making.ts";
import { mineRepository, type MineRequest } from "../../../../src/app/suite/mine.ts";
import { mutateRepository, type MutateRequest } from "../../../../src/app/suite/mutate.ts";
import { brokenTree } from "../../../../src/core/suite/suite.ts";
import { withChanges } from "../../../../src/core/text/edit.ts";
import type { MakingPorts } from "../../../../src/app/suite/ports.ts";
import type { RepositoryCopy } from "../../../../src/ports/repository.ts";
import type { ForeignFolder } from "../../../../src/ports/suites.ts";
import type { Workbench } from "../../../../src/ports/workbench.ts";
import { benchOf, BROKEN, commit, failing, FIXED, historyOf, LIB, passing, TESTS } from "../../suite-making/fakes.ts";
import { never, recorder, worldOf } from "./world.ts";

const judging = { repeats: 1, strength: false, dropWeak: false, allFeatures: false };

describe("chooseSuitePlace", () => {
  const place = (request: { name?: string; out?: string }) => chooseSuitePlace(worldOf(), request, "My Crate_2-mined");

  it.each([
    [{}, { name: "my-crate-2-mined", folder: "/home/suites/my-crate-2-mined" }],
    [{ name: "x" }, { name: "x", folder: "/home/suites/x" }],
    [{ out: "../there/y" }, { name: "y", folder: "/there/y" }],
    [
      { out: "/z", name: "z" },
      { name: "z", folder: "/z" },
    ],
  ])("%j lies at %j", async (request, expected) => expect(await place(request)).toEqual(expected));

  it.each([{ name: "My Crate" }, { out: "a/B" }, { out: "a", name: "b" }])("refuses %j", async (request) =>
    expect(place(request)).rejects.toMatchObject({ code: "usage" }),
  );

  it("refuses a folder that is there", async () => {
    const world = worldOf();
    world.written.set("/home/suites/x", new Map());
    await expect(chooseSuitePlace(world, { name: "x" }, "y")).rejects.toMatchObject({ code: "usage" });
  });
});

describe("mineRepository", () => {
  const request: MineRequest = { ...judging, repo: "sums", max: 3 };

  it("proves commits, writes the suite with its summary, and closes all that it opened", async () => {
    const world = worldOf({ bench: benchOf({}) });
    const { told, watch } = recorder();
    const done = await mineRepository(world, request, watch, never);
    expect([done.place, done.mined.tasks.length, done.notes]).toEqual([{ name: "sums-mined", folder: "/home/suites/sums-mined" }, 1, ["shallow"]]);
    const summary = String(world.written.get("/home/suites/sums-mined")?.get("suite.md"));
    for (const part of ["# sums-mined", "2 commits read, 1 built, 1 tasks proved, 1 repeats each", "toolchain: rustc 1", "shallow"])
      expect(summary).toContain(part);
    expect(world.opened).toEqual(["bench", "history", "history closed", "bench closed"]);
    expect(told.map(([name]) => name)).toEqual(["note", "begin", "trying", "judged"]);
  });

  it("tells what it waits for while a base is prepared", async () => {
    const bench = benchOf({});
    const openBench: MakingPorts["openBench"] = async (_, preparing) => {
      for (const step of ["fetch", "build", "test", "build for the loop"] as const) preparing?.({ base: "commit 1", step });
      return { bench, close: async () => undefined };
    };
    const { told, watch } = recorder();
    await mineRepository(worldOf({ bench, ports: { openBench } }), request, watch, never);
    expect(told.filter(([name]) => name === "preparing").map(([, text]) => text)).toEqual([
      "  commit 1: fetching its dependencies",
      "  commit 1: building it with its tests",
      "  commit 1: running its tests",
      "  commit 1: building it without hidden tests",
    ]);
  });

  it("names a package that the last commit lacks, with those that it has, before any is built", async () => {
    const history = { ...historyOf([commit(1)]), resolve: async () => "head" };
    const world = worldOf({ bench: benchOf({}), ports: { openHistory: async () => history } });
    const { told, watch } = recorder();
    await expect(mineRepository(world, { ...request, package: ["sum"] }, watch, never)).rejects.toMatchObject({
      code: "usage",
      message: "the workspace has no package sum",
      hint: "there are sums",
    });
    expect(told).toEqual([]);
  });

  it("takes files of the folder that commits don't have, and lists those that no base can hold", async () => {
    const asked: unknown[] = [];
    const included: MakingPorts["included"] = async (folder, globs) => {
      asked.push([folder, globs]);
      return { tree: new Map([["data/table.bin", "1"]]), leftOut: [{ path: "data/large", why: "too large" }] };
    };
    const world = worldOf({ bench: benchOf({}), ports: { included } });
    const done = await mineRepository(world, { ...request, include: ["data/**"] }, recorder().watch, never);
    expect([asked, done.mined.leftOut.map(({ path }) => path)]).toEqual([[["/home/sums", ["data/**"]]], ["logo", "data/large"]]);
    const files = world.written.get(done.place.folder);
    expect([...(files?.keys() ?? [])].filter((path) => path.endsWith("/data/table.bin"))).toHaveLength(1);
    expect(String(files?.get("suite.md"))).toContain("- files beside those that git has: --include data/**");
  });

  it("says why where no commit makes a task, and writes nothing", async () => {
    const world = worldOf({ bench: benchOf({ broken: passing }) });
    await expect(mineRepository(world, request, recorder().watch, never)).rejects.toMatchObject({
      code: "usage",
      message: expect.stringContaining("none of 2 commits makes a task (1 not-broken, 1 root") as string,
    });
    expect([world.written.size, world.opened.at(-1)]).toEqual([0, "bench closed"]);
  });

  it("builds at most as many commits as --tries says, else ten for each task wanted", async () => {
    const commits = Array.from({ length: 70 }, (_, index) => commit(index));
    const tried = async (more: Partial<MineRequest>): Promise<number> => {
      const { told, watch } = recorder();
      const world = worldOf({ bench: benchOf({ broken: passing }), ports: { openHistory: async () => historyOf(commits) } });
      await mineRepository(world, { ...request, ...more }, watch, never).catch(() => undefined);
      return told.filter(([name]) => name === "trying").length;
    };
    expect([await tried({ tries: 2 }), await tried({ max: 1 }), await tried({ max: 6 })]).toEqual([2, 50, 60]);
  });
});

const exercise = (name: string, files: Readonly<Record<string, string>> = {}): ForeignFolder => ({
  name,
  why: "",
  tree: new Map(
    Object.entries({
      "Cargo.toml": '[package]\nname = "sums"\n',
      "src/lib.rs": BROKEN,
      ".meta/example.rs": LIB("a.wrapping_add(b)", ""),
      "tests/sums.rs": TESTS,
      ".meta/config.json": JSON.stringify({ files: { solution: ["src/lib.rs"], test: ["tests/sums.rs"], example: [".meta/example.rs"] } }),
      ...files,
    }),
  ),
});

describe("importSuite", () => {
  const request: SuiteImportRequest = { ...judging, source: "tasks.d/", format: "exercism" };
  const refusedOf = async (more: Partial<SuiteImportRequest>, folders: readonly ForeignFolder[] = []) => {
    const world = worldOf({ folders, bench: benchOf({}) });
    const { told, watch } = recorder();
    const error = await importSuite(world, { ...request, ...more }, watch, never).catch((thrown: unknown) => thrown as Error);
    return { error, told, world };
  };

  it("proves what can be taken over, and lists what can't with its reason", async () => {
    const folders = [
      exercise("inline", {
        "src/lib.rs": BROKEN,
        ".meta/example.rs": FIXED,
        ".meta/config.json": JSON.stringify({ files: { solution: ["src/lib.rs"], test: ["src/lib.rs"], example: [".meta/example.rs"] } }),
      }),
      exercise("half", { ".meta/config.json": "{" }),
      { name: "odd", tree: null, why: "a link" },
    ];
    const world = worldOf({ folders, bench: benchOf({}) });
    const { told, watch } = recorder();
    const done = await importSuite(world, request, watch, never);
    expect(done.place.name).toBe("tasks-imported");
    expect(done.imports.tasks.map(({ draft }) => draft.repair.origin)).toEqual(["exercise inline"]);
    expect(done.imports.dropped.map(({ name, reason }) => [name, reason])).toEqual([
      ["odd", "shape"],
      ["half", "shape"],
    ]);
    expect(told.map(([name, what]) => [name, what])).toEqual([
      ["begin", 2],
      ["refused", "odd"],
      ["judged", "inline"],
      ["judged", "half"],
    ]);
    expect(String(world.written.get("/home/suites/tasks-imported")?.get("suite.md"))).toContain("Tasks taken over from tasks.d (exercism).");
  });

  it("says why where nothing can be taken over", async () => {
    const { error, world } = await refusedOf({}, [exercise("half", { ".meta/config.json": "{" })]);
    expect(error).toMatchObject({ code: "usage", message: "nothing of tasks.d/ can be taken over (half: shape (.meta/config.json is no JSON))" });
    expect([world.written.size, world.opened]).toEqual([0, ["bench", "bench closed"]]);
  });

  it("wants a repository for shapes that name commits, before anything is opened", async () => {
    const { error, world } = await refusedOf({ format: "swe-bench" });
    expect([error, world.opened]).toEqual([expect.objectContaining({ code: "usage", hint: expect.stringContaining("--repo") as string }), []]);
  });

  it("takes no files of a repository that is not named", async () => {
    const { error, world } = await refusedOf({ include: ["data/**"] });
    expect([error, world.opened]).toEqual([expect.objectContaining({ code: "usage", hint: expect.stringContaining("--repo") as string }), []]);
  });

  it("closes the repository where the source can't be read", async () => {
    const { error, world } = await refusedOf({ format: "swe-bench", repo: "sums", source: "gone.jsonl" });
    expect(error).toMatchObject({ code: "usage", message: "/home/gone.jsonl is not a file" });
    expect(world.opened).toEqual(["bench", "history", "history closed", "bench closed"]);
  });
});

describe("mutateRepository", () => {
  const copy: RepositoryCopy = {
    tree: new Map([
      ["Cargo.lock", "version = 4\n"],
      ["Cargo.toml", '[package]\nname = "sums"\n'],
      ["src/lib.rs", FIXED],
    ]),
    skipped: [{ path: "logo", reason: "a link" }],
    commit: "c0ffee",
    dirty: true,
    workspace: {
      packages: [{ name: "sums", edition: "2021", dir: "", roots: [{ target: "lib", path: "src/lib.rs" }] }],
      byDefault: null,
      dependencies: "none",
    },
  };
  const [sums] = copy.workspace.packages;
  const extra = { name: "extra", edition: "2021", dir: "extra", roots: [{ target: "lib", path: "extra/src/lib.rs" }] };
  const two = (byDefault: readonly string[] | null): RepositoryCopy => ({
    ...copy,
    tree: new Map([...copy.tree, ["extra/Cargo.toml", '[package]\nname = "extra"\n'], ["extra/src/lib.rs", FIXED]]),
    workspace: { packages: sums === undefined ? [extra] : [sums, extra], byDefault, dependencies: "none" },
  });
  const request: MutateRequest = { repo: "../sums", max: 2, seed: 1, strength: false, dropWeak: false, allowDirty: true, allFeatures: false };
  /** Whatever differs from the base fails its tests. */
  const bench = (): Workbench => ({
    ...benchOf({}),
    verify: async ({ task, changes }) => {
      const tree = withChanges(brokenTree(task), changes);
      const verdict = [...tree].some(([path, content]) => task.base.tree.get(path) !== content) ? failing(task.base) : passing(task.base);
      return { verdict, notes: [], times: { applyMs: 0, checkMs: 5, testMs: 7, overheadMs: 0, totalMs: 12 }, queueMs: 0, treeHash: "" };
    },
  });

  it("refuses an unknown kind and a folder that is there before anything is opened", async () => {
    const world = worldOf({ copy, bench: bench() });
    await expect(mutateRepository(world, { ...request, kinds: ["boundry"] }, recorder().watch, never)).rejects.toMatchObject({
      code: "usage",
      hint: expect.stringContaining("boundary") as string,
    });
    world.written.set("/home/suites/sums-mutants", new Map());
    await expect(mutateRepository(world, request, recorder().watch, never)).rejects.toMatchObject({ code: "usage" });
    expect(world.opened).toEqual([]);
  });

  it("writes what is proved, and tells what was left out and that the repository was changed meanwhile", async () => {
    const world = worldOf({ copy, bench: bench(), digests: ["before", "after"] });
    const { told, watch } = recorder();
    const done = await mutateRepository(world, request, watch, never);
    expect([done.place.folder, done.facts.tasks.length > 0, done.verifications > 0]).toEqual(["/home/suites/sums-mutants", true, true]);
    expect(String(world.written.get(done.place.folder)?.get("suite.md"))).toContain("seed 1, commit c0ffee, with changes that were not committed, rustc 1");
    const notes = told.flatMap(([name, text]) => (name === "note" ? [String(text)] : []));
    expect(notes[0]).toBe("left out: logo: a link");
    expect(notes.at(-1)).toContain("changed meanwhile");
    expect(world.opened).toEqual(["bench", "bench closed"]);
  });

  it("builds and mutates the packages that are named, or that the manifest names, and says so in the suite", async () => {
    const madeOf = async (byDefault: readonly string[] | null, more: Partial<MutateRequest>) => {
      const world = worldOf({ copy: two(byDefault), bench: bench() });
      const { told, watch } = recorder();
      const done = await mutateRepository(world, { ...request, ...more }, watch, never);
      const files = world.written.get(done.place.folder);
      const notes = told.flatMap(([name, text]) => (name === "note" ? [String(text)] : []));
      return {
        suite: String(files?.get("suite.toml")),
        summary: String(files?.get("suite.md")),
        paths: new Set(done.facts.tasks.flatMap((task) => task.files)),
        notes,
      };
    };
    const named = await madeOf(null, { package: ["su*"], name: "part" });
    expect([named.suite, named.summary]).toEqual([
      expect.stringContaining('packages = ["sums"]') as string,
      expect.stringContaining("- packages: --package su*") as string,
    ]);
    expect([...named.paths]).toEqual(["src/lib.rs"]);
    const byDefault = await madeOf(["sums"], {});
    expect(byDefault.suite).toContain('packages = ["sums"]');
    expect(byDefault.notes).toContain("built are the manifest's default-members, and not extra: --package NAME takes others");
    const whole = await madeOf(["sums"], { package: ["*"] });
    expect(whole.suite).not.toContain("packages");
  });

  it("names a package that is not there, with those that are, before anything is opened", async () => {
    const world = worldOf({ copy: two(null), bench: bench() });
    const refused = { code: "usage", message: "the workspace has no package su, x", hint: "there are extra, sums" };
    await expect(mutateRepository(world, { ...request, package: ["su"], exclude: ["x"] }, recorder().watch, never)).rejects.toMatchObject(refused);
    await expect(mutateRepository(world, { ...request, exclude: ["*"] }, recorder().watch, never)).rejects.toMatchObject({
      code: "usage",
      message: "--exclude leaves no package of the workspace",
    });
    expect(world.opened).toEqual([]);
  });

  it("makes no mutant of what runs while other code compiles, and says so", async () => {
    const own = bench();
    const prepare: Workbench["prepare"] = async (base, signal) => ({ ...(await own.prepare(base, signal)), compileTime: ["extra/src/lib.rs"] });
    const done = await mutateRepository(worldOf({ copy: two(null), bench: { ...own, prepare } }), { ...request, max: 20 }, recorder().watch, never);
    expect(new Set(done.facts.tasks.flatMap(({ files }) => files))).toEqual(new Set(["src/lib.rs"]));
    expect(done.facts.skipped).toContainEqual({ what: "extra/src/lib.rs", reason: expect.stringContaining("runs while other code compiles") as string });
  });

  it("tries no more mutants than it may", async () => {
    const made = async (tries: number) =>
      (await mutateRepository(worldOf({ copy, bench: bench() }), { ...request, tries }, recorder().watch, never)).facts.made;
    expect([(await made(3)).filter((line) => line.includes("mutants tried")), (await made(5)).filter((line) => line.includes("mutants tried"))]).toEqual([
      [expect.stringMatching(/^3 of \d+ mutants tried$/)],
      [expect.stringMatching(/^5 of \d+ mutants tried$/)],
    ]);
  });

  it("tries no more of a function whose mutants never end than one wave", async () => {
    const own = bench();
    let hung = 0;
    const verify: Workbench["verify"] = async (job, signal) => {
      const done = await own.verify(job, signal);
      const isMutant = job.changes.size > 0 && ![...job.changes.values()].some((text) => text?.includes('panic!("probe")') === true);
      if (!isMutant) return done;
      hung += 1;
      return { ...done, verdict: { status: "timeout", phase: "test", limitS: 10 } };
    };
    const many = {
      ...copy,
      tree: new Map([...copy.tree, ["src/lib.rs", LIB("if a < b && b > 2 || a == 7 && b != 3 { a + b * 2 } else { a - b % 5 }", TESTS)]]),
    };
    const failed = mutateRepository(
      worldOf({ copy: many, bench: { ...own, verify } }),
      { ...request, tries: 500, kinds: ["behaviour"] },
      recorder().watch,
      never,
    );
    await expect(failed).rejects.toMatchObject({
      code: "usage",
      hint: expect.stringMatching(/it runs into the time limit; \d+: others of their function/) as string,
    });
    expect(hung).toBe(12);
  });

  it("says why where no mutant makes a task", async () => {
    const world = worldOf({ copy, bench: benchOf({ broken: passing }) });
    await expect(mutateRepository(world, request, recorder().watch, never)).rejects.toMatchObject({
      code: "usage",
      message: expect.stringMatching(/^none of \d+ mutants makes a fair task$/) as string,
      hint: expect.stringMatching(/no visible or no held-out test runs.*logo: a link; write more tests/) as string,
    });
    expect([world.written.size, world.opened.at(-1)]).toEqual([0, "bench closed"]);
  });
});
