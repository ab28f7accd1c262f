// Showing a stored run: its trials in the order in which they are worth a look, and one of them from prompt to verdict.
import { beforeAll, describe, expect, it } from "vitest";
import { showTrials } from "../../../../src/app/show/trial.ts";
import { BakeoffError } from "../../../../src/core/base/errors.ts";
import { answered, editFor, goodScript, type Script } from "../../run/fakes.ts";
import { memoryCapsules, PLACES } from "../memory-capsules.ts";
import { type HonestRun, honestRun, tasksNamed } from "../replay/honest-run.ts";

const PATH = PLACES.capsule("run-1");
const usage = expect.objectContaining({ code: "usage" }) as unknown;

/** The second task fails in its slot, twice, and is repaired after escalation. */
const script: Script = (request, provider) => {
  const { task } = request.material;
  const loses = task.id === "task-1" && provider === "local" && request.purpose === "patch";
  return loses ? answered(editFor(task, "failed")) : goodScript(request, provider);
};

let run: HonestRun;
beforeAll(async () => {
  run = await honestRun({ tasks: tasksNamed(3), script });
});

const noSuite = async (): Promise<never> => Promise.reject(new BakeoffError("usage", "no such suite"));
const ports = (one: HonestRun = run, loadSuite: Parameters<typeof showTrials>[0]["loadSuite"] = noSuite) => {
  const capsules = memoryCapsules({ [PATH]: { run: one } });
  return { capsules, loadSuite, places: PLACES };
};
const show = (trial: string | null, next = false, given = ports()) => showTrials(given, { run: "run-1", trial, next });
const pageOf = async (trial: string, given = ports()) => {
  const shown = await show(trial, false, given);
  if (shown.page === null) throw new Error("no page");
  return shown;
};

describe("several runs as one", () => {
  it("are one list, and each trial is found by its name in it", async () => {
    const again = await honestRun({ tasks: tasksNamed(3), header: (header) => ({ ...header, run_id: "run-2", created_at: "2026-11-23T00:00:00.000Z" }) });
    const given = ports();
    given.capsules.stored.set(PLACES.capsule("run-2"), { run: again });
    const set = (trial: string | null) => showTrials(given, { run: "run-2+run-1", trial, next: false });
    const { list } = await set(null);
    expect(list.run).toBe("run-1+run-2");
    expect(list.trials.map(({ id }) => id).toSorted()).toEqual([0, 1, 2].flatMap((task) => [1, 2].map((epoch) => `small/task-${task}/${epoch}`)));
    expect(list.trials[0]).toMatchObject({ id: "small/task-1/1", marks: ["flaky", "lost"], command: "bakeoff show run-2+run-1 small/task-1/1" });
    for (const id of ["small/task-1/1", "small/task-1/2"]) expect((await set(id)).page?.id).toBe(id);
    expect((await set("small/task-1/1")).page?.slotPassed).toBe(false);
    expect((await set("small/task-1/2")).page?.slotPassed).toBe(true);
    await expect(set("small/task-1/3")).rejects.toEqual(usage);
    expect(given.capsules.openCount).toBe(0);
  });
});

describe("the trials of a run", () => {
  it("begin with those worth a look, each with why and with the command that shows it", async () => {
    const { list, page } = await show(null);
    expect(page).toBeNull();
    expect(list.trials.map(({ id, marks }) => [id, marks])).toEqual([
      ["small/task-1/1", ["lost"]],
      ["small/task-0/1", []],
      ["small/task-2/1", []],
    ]);
    expect(list.trials[0]).toMatchObject({ why: expect.stringMatching(/^failed: /) as string, command: "bakeoff show run-1 small/task-1/1" });
  });

  it("are gone through one after the other with --next-failure", async () => {
    expect((await show(null, true)).page?.id).toBe("small/task-1/1");
    await expect(show("small/task-1/1", true)).rejects.toEqual(usage);
    const allPassed = ports(await honestRun({ tasks: tasksNamed(1) }));
    await expect(show(null, true, allPassed)).rejects.toEqual(usage);
  });

  it("are found by as much of their id as no other has", async () => {
    for (const words of ["small/task-1/1", "small/task-1", "task-1", "task-1/1"]) expect((await show(words)).page?.id).toBe("small/task-1/1");
    await expect(show("small/task-9")).rejects.toEqual(expect.objectContaining({ code: "usage", hint: expect.stringContaining("small/task-") as string }));
  });
});

describe("one trial", () => {
  it("loads no suite where its prompts show what was patched", async () => {
    let asked = 0;
    const counting = async (): Promise<never> => {
      asked += 1;
      return noSuite();
    };
    const { page } = await pageOf("small/task-1", ports(run, counting));
    expect(page.attempts.flatMap(({ patch }) => patch.files.map(({ note }) => note))).not.toEqual([]);
    expect(asked).toBe(0);
  });

  it("says why the candidate lost it: the first failing test of its last attempt, with what it printed", async () => {
    const { page, next } = await pageOf("small/task-1");
    expect(page).toMatchObject({ slotPassed: false, cause: { attempt: 2, title: "test: tiny/lib/a", lines: ["left: 2", "right: 1"] } });
    expect(page.outcome).toMatch(/^lost in the slot \(failed, then failed\); after escalation passed by \S+; unlocked$/);
    expect(next).toBeNull();
  });

  it("has no cause where the slot passed", async () => {
    expect((await pageOf("small/task-0")).page).toMatchObject({ slotPassed: true, cause: null, attempts: [{ kind: "slot", verdict: { status: "passed" } }] });
  });

  it("tells attempt by attempt what was new in the prompt", async () => {
    const { page } = await pageOf("small/task-1");
    const marks = page.attempts.map(({ call }) => ("messages" in call.prompt ? call.prompt.messages.map(({ isNew }) => isNew) : []));
    expect(marks[0]).toEqual([true, true]);
    expect(marks[1]).toEqual([false, false, true, true]);
    expect(page.attempts.map(({ kind }) => kind)).toEqual(["slot", "slot", "cloud"]);
  });

  it("shows each patch as a diff against the file that the first prompt showed", async () => {
    const { page } = await pageOf("small/task-0");
    const [file] = page.attempts[0]?.patch.files ?? [];
    expect(file).toMatchObject({ path: "src/a.rs", how: "modify", note: null });
    const diff = file && "text" in file.diff ? file.diff.text : "";
    expect(diff).toMatch(/^@@ -1,4 \+1,\d+ @@\n/);
    expect(diff).toContain("-    2\n");
  });

  it("shows the whole new file, and says so, where what was before is nowhere", async () => {
    const without = { ...run, blobs: new Map([...run.blobs].filter(([, text]) => !text.startsWith("["))) };
    const { page } = await pageOf("small/task-0", ports(without));
    const [attempt] = page.attempts;
    expect(attempt?.call.prompt).toMatchObject({ missing: expect.stringContaining("not in the capsule") as string });
    expect(attempt?.patch.files[0]?.note).toContain("the whole file after it");
  });

  it("takes what was before from the suite where it is the run's own", async () => {
    const without = { ...run, blobs: new Map([...run.blobs].filter(([, text]) => !text.startsWith("["))) };
    const own = await pageOf(
      "small/task-0",
      ports(without, async () => run.suite),
    );
    expect(own.page.attempts[0]?.patch.files[0]?.note).toBeNull();
    const other = await pageOf(
      "small/task-0",
      ports(without, async () => ({ ...run.suite, root: "0".repeat(64) })),
    );
    expect(other.page.attempts[0]?.patch.files[0]?.note).not.toBeNull();
  });

  it("names what the critic and the Judge said, and every event with its address", async () => {
    const { page } = await pageOf("small/task-1");
    expect(page.judge).toMatchObject({ says: "Pass" });
    expect(page.unlock).toMatchObject({ says: "Pass" });
    expect(page.events.map(({ uri }) => uri)).toEqual(run.events.filter(({ trial }) => trial === "small/task-1/1").map(({ uri }) => uri));
  });

  it("counts what is wrong with the capsule, and closes it whatever happens", async () => {
    const given = ports({ ...run, seal: run.seal && { ...run.seal, events: 1 } });
    expect((await pageOf("small/task-1", given)).faults).toBeGreaterThan(0);
    await expect(show("nobody", false, given)).rejects.toEqual(usage);
    expect(given.capsules.openCount).toBe(0);
  });
});
