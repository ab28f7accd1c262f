// Mining over a history in memory and a workbench that says what it is told to: every way in which a commit is dropped.
import { describe, expect, it } from "vitest";
import { BakeoffError, WrittenFileError } from "../../../src/core/base/errors.ts";
import { type MemberRequest, WHOLE_WORKSPACE } from "../../../src/core/suite/making/members.ts";
import type { Base } from "../../../src/core/suite/suite.ts";
import type { Verdict } from "../../../src/core/verdict/verdict.ts";
import type { PreparedBase } from "../../../src/ports/workbench.ts";
import { madeFiles } from "../../../src/suite-making/made-suite.ts";
import { type MineResult, mineHistory, type MineOptions } from "../../../src/suite-making/mine.ts";
import { parse } from "../core/mutation/rust.ts";
import { benchOf, blob, BROKEN, commit, failing, FIXED, historyOf, LIB, memoryShelf, passing, result, type Script, searchOf, TESTS } from "./fakes.ts";

const optionsOf = (script: Script = {}, facts: Partial<MineOptions> = {}): MineOptions => ({
  bench: benchOf(script),
  shelf: memoryShelf(),
  search: searchOf(),
  features: [],
  strength: null,
  repeats: 2,
  defaults: { compile_timeout_s: 60, test_timeout_s: 20 },
  signal: new AbortController().signal,
  prepareLimit: (signal) => signal,
  history: historyOf([commit(1)]),
  lockFile: async () => ({ ok: true, lock: "version = 4\n", members: [{ name: "sums", dir: "" }], byDefault: null }),
  included: new Map(),
  members: WHOLE_WORKSPACE,
  since: null,
  max: 10,
  maxTried: 10,
  watch: { trying: () => undefined, judged: () => undefined },
  ...facts,
});

const reasonOf = (mined: MineResult): string => mined.dropped[0]?.reason ?? Object.keys(mined.passedOver)[0] ?? (mined.tasks.length > 0 ? "taken" : "nothing");

describe("mineHistory", () => {
  it("makes a task whose lists are what was seen to fail", async () => {
    const mined = await mineHistory(optionsOf());
    const written = mined.tasks[0]?.written;
    expect(written).toMatchObject({ kind: "test", risk: "low", editable: ["src/lib.rs"], tags: [`commit:${commit(1).id.slice(0, 12)}`] });
    expect([...(written?.fail_to_pass ?? []), ...(written?.held_out ?? [])].map((id) => id.replace("heldout::", "")).toSorted()).toEqual([
      "sums/lib/tests::one",
      "sums/lib/tests::two",
    ]);
    expect([written?.fail_to_pass.length, written?.held_out.length]).toEqual([1, 1]);
    expect([mined.tasks[0]?.compileMs, mined.tasks[0]?.testMs, mined.stopped, mined.leftOut.length]).toEqual([5, 7, "end", 1]);
  });

  it.each<[string, Script]>([
    ["not-broken", { broken: passing }],
    ["slow", { broken: () => ({ status: "timeout", phase: "test", limitS: 20 }) }],
    ["protocol", { broken: () => ({ status: "tampered", seen: [{ rule: "missing-test", detail: "x" }] }) }],
    ["sandbox", { broken: () => ({ status: "infrastructure", detail: "no room" }) }],
    ["flaky", { broken: (base, run) => (run % 2 === 0 ? passing(base) : failing(base)) }],
    ["flaky", { solved: (base, run) => (run > 1 && run % 2 === 0 ? failing(base) : passing(base)) }],
    // They passed while the base was prepared.
    ["flaky", { solved: failing }],
    ["slow", { solved: () => ({ status: "timeout", phase: "test", limitS: 20 }) }],
    [
      "tests-broken",
      {
        prepare: () => {
          const tests = ["one", "two", "heldout::one", "heldout::two"].map((name) => `sums/lib/tests::${name}`);
          throw new WrittenFileError([{ path: "x", line: 1, column: 1, message: "tests of the clean base fail: one, two: repair the base tree" }], { tests });
        },
      },
    ],
    [
      "base-broken",
      {
        prepare: () => {
          throw new WrittenFileError([{ path: "x", line: 1, column: 1, message: "the clean base does not compile (E0308: no)" }]);
        },
      },
    ],
    [
      "toolchain",
      {
        prepare: () => {
          throw new WrittenFileError([{ path: "x", line: 1, column: 1, message: "the clean base does not compile (E0554: nightly)" }]);
        },
      },
    ],
    [
      "networked",
      {
        prepare: () => {
          throw new BakeoffError("environment", "the dependencies of base x are not there and can't be fetched");
        },
      },
    ],
  ])("drops as %s", async (reason, script) => expect(reasonOf(await mineHistory(optionsOf(script)))).toBe(reason));

  it("what the machine lacks is no reason to drop a commit, it stops the work", async () => {
    const script = {
      prepare: () => {
        throw new BakeoffError("environment", "no sandbox here");
      },
    };
    await expect(mineHistory(optionsOf(script))).rejects.toMatchObject({ code: "environment" });
  });

  describe("a part of the workspace", () => {
    const members = [
      { name: "sums", dir: "" },
      { name: "extra", dir: "extra" },
    ];
    const lockFile: MineOptions["lockFile"] = async () => ({ ok: true, lock: "version = 4\n", members, byDefault: ["sums"] });
    const mined = async (request: MemberRequest) => {
      const options = optionsOf({}, { lockFile, members: request });
      return { ...(await mineHistory(options)), prepared: (options.bench as ReturnType<typeof benchOf>).prepared };
    };

    it("is what its base builds: what the manifest says, what is named, or all but what is left out", async () => {
      const packagesOf = async (request: MemberRequest) => (await mined(request)).prepared[0]?.packages;
      expect(await packagesOf(WHOLE_WORKSPACE)).toEqual(["sums"]);
      expect(await packagesOf({ packages: ["su*"], exclude: [] })).toEqual(["sums"]);
      expect(await packagesOf({ packages: [], exclude: ["extra"] })).toEqual(["sums"]);
      expect(await packagesOf({ packages: ["*"], exclude: [] })).toEqual([]);
    });

    it("changes what the base is, and stands in the suite", async () => {
      const [part, whole] = [await mined(WHOLE_WORKSPACE), await mined({ packages: ["*"], exclude: [] })];
      expect(part.prepared[0]?.digest).not.toBe(whole.prepared[0]?.digest);
      const defaults = { compile_timeout_s: 60, test_timeout_s: 20 };
      const facts = { name: "sums", description: "Sums.", defaults, features: [], dropped: [], passedOver: {}, leftOut: [], made: [] };
      expect(String(madeFiles({ ...facts, tasks: part.tasks }).get("suite.toml"))).toContain('packages = ["sums"]');
      expect(String(madeFiles({ ...facts, tasks: whole.tasks }).get("suite.toml"))).not.toContain("packages");
    });

    it("drops a commit whose tests are in other packages, with the flag that would keep it", async () => {
      const { dropped, prepared } = await mined({ packages: ["extra"], exclude: [] });
      expect([dropped.map(({ reason, detail }) => [reason, detail]), prepared]).toEqual([[["other-package", "--package sums"]], []]);
      expect((await mined({ packages: [], exclude: ["*"] })).dropped.map(({ reason }) => reason)).toEqual(["other-package"]);
    });
  });

  it("lays files that were asked for under every commit, which keeps its own", async () => {
    const included = new Map([
      ["data/table.bin", "1"],
      ["id", "not the commit's"],
    ]);
    const options = optionsOf({}, { included });
    await mineHistory(options);
    const [base] = (options.bench as ReturnType<typeof benchOf>).prepared;
    expect([base?.tree.get("data/table.bin"), base?.tree.get("id")]).toEqual(["1", commit(1).id]);
  });

  it.each<[string, Partial<MineOptions>]>([
    ["outside", { history: historyOf([commit(1)], [["Cargo.toml", "[package]\nname = 'sums'\n[dependencies]\nshared = { path = '../shared' }\n"]]) }],
    ["lock-file", { lockFile: async () => ({ ok: false, detail: "two packages share a name" }) }],
    ["networked", { lockFile: async () => ({ ok: false, detail: "no matching package named `rand` found" }) }],
    ["merge", { history: historyOf([commit(1, { parents: ["a", "b"], changed: [], changedCount: 0 })]) }],
    ["odd-files", { history: historyOf([commit(1, { changed: [{ path: "src/lib.rs", before: null, after: "0", isFile: true }] })]) }],
  ])("drops as %s before anything is built", async (reason, facts) => {
    const options = optionsOf({}, facts);
    expect(reasonOf(await mineHistory(options))).toBe(reason);
    expect((options.bench as ReturnType<typeof benchOf>).prepared).toEqual([]);
  });

  it.each<[string, Partial<MineOptions>]>([
    ["build artefact", { search: searchOf({ where: "target/debug/deps/sums", kind: "artefact", found: ["a.wrapping_add(b)"] }) }],
    ["git object", { search: searchOf({ where: "vendor/.git", kind: "git-object", found: ["a.wrapping_add(b)"] }) }],
    ["document", { history: historyOf([commit(1)], [["NOTES.md", "use a.wrapping_add(b)"]]) }],
    ["comment", { history: historyOf([commit(1)], [["src/b.rs", "// better: a.wrapping_add(b)\n"]]) }],
  ])("drops as leak what a %s of the workspace gives away, before anything is proved", async (_, facts) => {
    const options = optionsOf({}, facts);
    expect(reasonOf(await mineHistory(options))).toBe("leak");
    expect((options.bench as ReturnType<typeof benchOf>).verified).toBe(1);
  });

  it("tells of each task how many added lines were looked for, from the shelf too", async () => {
    const shelf = memoryShelf();
    for (const _ of [1, 2]) expect((await mineHistory(optionsOf({}, { shelf }))).tasks.map(({ leaks }) => leaks)).toEqual([{ lines: 1, leaks: [] }]);
  });

  describe("how strong its tests are", () => {
    const fixed = LIB("if a > 3 { a.wrapping_add(b) } else { b.wrapping_add(a) }", TESTS);
    const changed = [{ path: "src/lib.rs", before: blob(BROKEN), after: blob(fixed), isFile: true }];
    const mined = async (dropWeak: boolean, script: Script = {}) => {
      const history = historyOf([commit(1, { changed })], [["src/lib.rs", fixed]]);
      return mineHistory(optionsOf(script, { history, strength: { parse, dropWeak } }));
    };

    it("is measured where it is asked for: changes of the repair that no test notices are counted", async () => {
      const strength = (await mined(false)).tasks[0]?.strength;
      expect(strength?.tried).toBeGreaterThanOrEqual(3);
      expect(strength?.survived).toBe(strength?.tried);
      // The repair itself runs three times; what comes after are its changes.
      const noticed = await mined(false, { solved: (base, run) => (run > 3 ? failing(base) : passing(base)) });
      expect(noticed.tasks[0]?.strength).toEqual({ ...strength, survived: 0 });
    });

    it("drops a task whose tests notice little, where that is asked for", async () => expect(reasonOf(await mined(true))).toBe("weak"));
  });

  describe("tests that can't judge", () => {
    const RED = "sums/lib/net::answers";
    const isAside = (base: Base, id: string): boolean => base.aside?.includes(id) === true;
    const redBase = (...ids: string[]) => ({
      prepare: (base: Base) => {
        const red = ids.filter((id) => !isAside(base, id));
        if (red.length > 0)
          throw new WrittenFileError([{ path: "x", line: 1, column: 1, message: `tests of the clean base fail: ${red.join(", ")}` }], { tests: red });
      },
    });
    const flaky = (base: Base, verdict: Verdict, run: number): Verdict =>
      isAside(base, RED) || run % 2 === 0 || !("tests" in verdict)
        ? verdict
        : { status: "failed", tests: [...verdict.tests, { id: RED, status: "failed", heldOut: false, output: "" }] };

    it.each<[string, Script]>([
      ["are red on the repaired tree", redBase(RED)],
      ["fail now and then with the repair", { solved: (base, run) => flaky(base, passing(base), run) }],
      ["fail now and then without it", { broken: (base, run) => flaky(base, failing(base), run) }],
    ])("drop no commit where they %s: they are set aside and listed", async (_, script) => {
      const mined = await mineHistory(optionsOf(script));
      expect([reasonOf(mined), mined.tasks[0]?.draft.base.aside]).toEqual(["taken", [RED]]);
      expect([...(mined.tasks[0]?.written.fail_to_pass ?? []), ...(mined.tasks[0]?.written.held_out ?? [])]).toHaveLength(2);
    });

    it("leave the commit's other tests to judge it", async () => {
      const names = ["one", "two", "three"];
      const fixed = LIB("a.wrapping_add(b)", names.map((name) => `    #[test]\n    fn ${name}() {\n        assert_eq!(sum(1, 2), 3);\n    }\n`).join(""));
      const script = redBase("sums/lib/tests::three");
      const changed = [{ path: "src/lib.rs", before: blob(BROKEN), after: blob(fixed), isFile: true }];
      const mined = await mineHistory(optionsOf(script, { history: historyOf([commit(1, { changed })], [["src/lib.rs", fixed]]) }));
      const { visible = [], heldOut = [] } = mined.tasks[0]?.draft ?? {};
      expect([...visible, ...heldOut].map(({ name }) => name).toSorted()).toEqual(["one", "two"]);
    });

    it("are found once: the second call reads them from the shelf", async () => {
      const shelf = memoryShelf();
      await mineHistory(optionsOf(redBase(RED), { shelf }));
      const again = optionsOf(redBase(RED), { shelf });
      expect((await mineHistory(again)).tasks).toHaveLength(1);
      expect((again.bench as ReturnType<typeof benchOf>).prepared).toEqual([]);
    });

    it("stand in the suite's file, and are told in its summary", async () => {
      const { tasks } = await mineHistory(optionsOf(redBase(RED)));
      const defaults = { compile_timeout_s: 60, test_timeout_s: 20 };
      const files = madeFiles({ name: "sums", description: "Sums.", defaults, features: [], tasks, dropped: [], passedOver: {}, leftOut: [], made: [] });
      expect(String(files.get("suite.toml"))).toContain(`aside = ["${RED}"]`);
      expect(String(files.get("suite.md"))).toContain(`\`${RED}\`: a test that is red with the repair`);
    });
  });

  it("splits anew by what fails where only one side did", async () => {
    const names = ["one", "two", "three"];
    const fixed = LIB("a.wrapping_add(b)", names.map((name) => `    #[test]\n    fn ${name}() {\n        assert_eq!(sum(1, 2), 3);\n    }\n`).join(""));
    const held = (base: Base): string => names.find((name) => String(base.tree.get("src/tests/heldout.rs")).includes(`fn ${name}`)) ?? "";
    const ids = (base: Base) => names.map((name) => (name === held(base) ? `heldout::${name}` : name));
    let quiet = "";
    const broken = (base: Base): Verdict => {
      quiet ||= held(base);
      return { status: "failed", tests: ids(base).map((name) => result(name, name.endsWith(quiet) ? "passed" : "failed")) };
    };
    const solved = (base: Base): Verdict => ({ status: "passed", tests: ids(base).map((name) => result(name, "passed")) });
    const bench = benchOf({ broken, solved });
    const prepare = async (base: Base): Promise<PreparedBase> => {
      const all = ids(base).map((name) => `sums/lib/tests::${name}`);
      bench.prepared.push(base);
      return {
        ...(await benchOf({}).prepare(base, new AbortController().signal)),
        visibleTests: all.filter((id) => !id.includes("heldout")),
        heldOutTests: all.filter((id) => id.includes("heldout")),
      };
    };
    const changed = [{ path: "src/lib.rs", before: blob(BROKEN), after: blob(fixed), isFile: true }];
    const mined = await mineHistory(optionsOf({}, { bench: { ...bench, prepare }, history: historyOf([commit(1, { changed })], [["src/lib.rs", fixed]]) }));
    const written = mined.tasks[0]?.written;
    expect([...(written?.fail_to_pass ?? []), ...(written?.held_out ?? [])].map((id) => id.split("::").at(-1)).toSorted()).toEqual(
      names.filter((name) => name !== quiet).toSorted(),
    );
    expect(new Set(bench.prepared.map(({ digest }) => digest)).size).toBe(2);
  });

  it("lets lints only warn that a newer compiler makes errors of, and says so in the suite's file", async () => {
    const prepare = (base: Base): void => {
      const lints = ["deprecated", "unused_mut"].filter((lint) => base.warn?.includes(lint) !== true).slice(0, 1);
      if (lints.length > 0)
        throw new WrittenFileError([{ path: "x", line: 1, column: 1, message: `the clean base does not compile (${lints[0]}: old)` }], { lints });
    };
    const { tasks, dropped } = await mineHistory(optionsOf({ prepare }));
    expect([dropped, tasks[0]?.draft.base.warn]).toEqual([[], ["deprecated", "unused_mut"]]);
    const defaults = { compile_timeout_s: 60, test_timeout_s: 20 };
    const files = madeFiles({ name: "sums", description: "Sums.", defaults, features: [], tasks, dropped: [], passedOver: {}, leftOut: [], made: [] });
    expect(String(files.get("suite.toml"))).toContain('warn = ["deprecated", "unused_mut"]');
  });

  it("names what of the repository's cargo configuration is left out", async () => {
    const config = '[build]\nrustc-wrapper = "sccache"\nrustflags = ["--cfg", "fast"]\n';
    const { leftOut } = await mineHistory(optionsOf({}, { history: historyOf([commit(1)], [[".cargo/config.toml", config]]) }));
    expect(leftOut.map(({ path }) => path)).toEqual(["logo", ".cargo/config.toml: build.rustc-wrapper"]);
  });

  describe("changes of several commits", () => {
    const plain = LIB("a - b", "");
    const file = (before: string, after: string, path = "src/lib.rs") => ({ path, before: blob(before), after: blob(after), isFile: true });
    const onlySource = { changed: [file(plain, LIB("a.wrapping_add(b)", ""))] };
    const onlyTests = { changed: [file(LIB("a.wrapping_add(b)", ""), FIXED)] };
    const merge = commit(9, { parents: ["main", "tip"], message: "Merge pull request #7 from x/pr\n\nAdd without overflow" });
    const mined = (commits: Parameters<typeof historyOf>[0], branch: Parameters<typeof historyOf>[0] = [], script: Script = {}) =>
      mineHistory(optionsOf(script, { history: historyOf(commits, [], { [merge.id]: branch }) }));

    it("are one where they were merged together, in the words of the merge; its commits are not looked at again", async () => {
      const branch = [commit(2, onlyTests), commit(1, onlySource)];
      const done = await mined([merge, ...branch], branch);
      expect([done.tasks.map(({ written }) => written.title), done.passedOver, done.tried]).toEqual([["Add without overflow"], { merged: 2 }, 1]);
    });

    it("are looked at one by one where the merge makes no task", async () => {
      const branch = [commit(1), commit(2, onlySource)];
      const done = await mined([{ ...merge, ...onlySource }, ...branch], branch);
      expect([done.tasks.length, done.passedOver]).toEqual([1, { merge: 1, "no-tests": 1 }]);
    });

    it("are tried once where the merge brought a single one", async () => {
      const done = await mined([merge, commit(1)], [commit(1)], { broken: passing });
      expect([done.tried, done.dropped.map(({ reason }) => reason), done.passedOver]).toEqual([1, ["not-broken"], { merged: 1 }]);
    });

    const [first, second] = [commit(1, onlySource), commit(2, { ...onlyTests, parents: [commit(1).id] })];

    it("are one where the tests follow the repair", async () => {
      const done = await mined([second, first]);
      expect([done.tasks.map(({ written }) => written.title), done.tried]).toEqual([["Repair 1"], 1]);
    });

    it("are one where the repair follows the tests", async () => {
      const early = commit(1, { changed: [file(plain, LIB("a - b", TESTS))] });
      const late = commit(2, { changed: [file(LIB("a - b", TESTS), FIXED)], parents: [early.id] });
      expect((await mined([late, early])).tasks.map(({ written }) => written.title)).toEqual(["Repair 2"]);
    });

    it.each<[string, Parameters<typeof historyOf>[0]]>([
      ["another commit lies between them", [second, commit(3, onlyTests), { ...first, parents: ["x"] }]],
      ["one is no parent of the other", [{ ...second, parents: ["x"] }, first]],
      ["they change different packages", [commit(2, { changed: [file("a", "b", "other/tests/it.rs")], parents: [first.id] }), first]],
    ])("are none where %s", async (_, commits) => expect((await mined(commits)).tasks).toEqual([]));
  });

  it("drops a task whose broken tree comes out otherwise only the third time, after its tests were told and once more", async () => {
    const script: Script = { broken: (base, run) => (run % 3 === 0 ? passing(base) : failing(base)) };
    expect(reasonOf(await mineHistory(optionsOf(script)))).toBe("flaky");
  });

  it("prepares no build that nothing of it is verified on", async () => {
    const options = optionsOf();
    await mineHistory(options);
    const { prepared, wanted } = options.bench as ReturnType<typeof benchOf>;
    expect(wanted).toEqual(prepared.map(() => ({ whole: true })));
  });

  it("stops at enough tasks and at enough tries", async () => {
    const commits = [1, 2, 3, 4].map((index) => commit(index));
    const enough = await mineHistory(optionsOf({}, { history: historyOf(commits), max: 2 }));
    expect([enough.tasks.length, enough.commits, enough.stopped]).toEqual([2, 2, "enough"]);
    const tried = await mineHistory(optionsOf({ broken: passing }, { history: historyOf(commits), maxTried: 3 }));
    expect([tried.tried, tried.stopped]).toEqual([3, "tried"]);
  });

  it("does not find out again what it found out before, but for what the sandbox could not run", async () => {
    const shelf = memoryShelf();
    const first = optionsOf({}, { shelf });
    const [made, again] = [await mineHistory(first), optionsOf({}, { shelf })];
    expect((await mineHistory(again)).tasks).toEqual(made.tasks);
    expect((again.bench as ReturnType<typeof benchOf>).verified).toBe(0);
    const ill = memoryShelf();
    await mineHistory(optionsOf({ broken: () => ({ status: "infrastructure", detail: "no room" }) }, { shelf: ill }));
    expect((await mineHistory(optionsOf({}, { shelf: ill }))).tasks).toHaveLength(1);
  });

  it("takes a damaged result for none", async () => {
    const shelf = memoryShelf();
    await mineHistory(optionsOf({}, { shelf }));
    for (const key of shelf.kept.keys()) if (shelf.kept.get(key)?.startsWith("{") === true) shelf.kept.set(key, '{"ok":true,"written":{');
    expect((await mineHistory(optionsOf({}, { shelf }))).tasks).toHaveLength(1);
  });

  it("stops at once when it is told to", async () => {
    const stop = new AbortController();
    const script = {
      prepare: () => {
        stop.abort(new BakeoffError("interrupted", "interrupted"));
        throw new Error("killed");
      },
    };
    await expect(mineHistory(optionsOf(script, { signal: stop.signal }))).rejects.toMatchObject({ code: "interrupted" });
  });
});

describe("madeFiles", () => {
  const made = async (): Promise<ReadonlyMap<string, unknown>> => {
    const { tasks, dropped, passedOver, leftOut } = await mineHistory(
      optionsOf(
        {},
        {
          history: historyOf(
            [commit(1), commit(2), commit(3, { parents: [] })],
            [
              ["a.txt", "1"],
              ["b.txt", "2"],
            ],
          ),
        },
      ),
    );
    const list = dropped.map(({ commit: id, reason, detail }) => ({ what: id, reason, detail }));
    return madeFiles({
      name: "sums",
      description: "Sums.",
      defaults: { compile_timeout_s: 60, test_timeout_s: 20 },
      features: [],
      tasks,
      dropped: list,
      passedOver,
      leftOut,
      made: ["by a test"],
    });
  };

  it("are the same each time, hold later bases as layers, and a summary to read", async () => {
    const files = await made();
    expect(await made()).toEqual(files);
    const bases = [...files.keys()].filter((path) => path.startsWith("bases/")).map((path) => path.split("/").slice(2).join("/"));
    expect(bases.filter((path) => path === "a.txt")).toHaveLength(1);
    expect(bases.filter((path) => path === "id")).toHaveLength(2);
    const summary = String(files.get("suite.md"));
    for (const part of ["# sums", "by a test", "`logo`: a link", "`root`: the first commit"]) expect(summary).toContain(part);
  });
});
