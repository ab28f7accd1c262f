// A run's grid: what is worth a look comes first, a choice finds across all pages, and every task of a large run is on exactly one.
import { expect, it } from "vitest";
import type { TaskFacts } from "../../../../../src/core/capsule/line.ts";
import { type GridMarks, gridRows, gridTasks, markCounts, regressedSince } from "../../../../../src/core/report/runs/grid.ts";
import { gridAddress, gridChoice, gridPage, tasksOnAPage, wholeGrid } from "../../../../../src/core/report/runs/grid-choice.ts";
import type { RunDigest } from "../../../../../src/core/report/runs/digest.ts";
import type { TrialMark } from "../../../../../src/core/report/trial/marks.ts";
import type { TrialRow } from "../../../../../src/core/report/trial-row.ts";

const CANDIDATES = ["nop", "team/model"].map((name) => ({ name, provider: "p", model: name }));
const headerOf = (count: number) => ({
  epochs: 2,
  candidates: CANDIDATES,
  tasks: Array.from({ length: count }, (_, index): TaskFacts => {
    const even = index % 2 === 0;
    return { id: `task-${index}`, kind: even ? "test" : "compile", risk: "low", area: "logic", error_codes: even ? [] : ["E0382"], digest: "0".repeat(64) };
  }),
});

const MARKS = new Map<string, readonly TrialMark[]>([
  ["nop/task-0/1", ["lost"]],
  ["team/model/task-3/1", ["lost"]],
  ["team/model/task-3/2", ["differs", "lost"]],
  ["team/model/task-5/2", ["tampered", "lost"]],
]);
const marked: GridMarks = { marks: MARKS, regressed: new Map([["team/model", new Map([["task-2", 2]])]]) };
const chosen = (text = "") => gridChoice(new URLSearchParams(text));

it("puts what is worth a look first, and what a control loses after it", () => {
  const { tasks } = gridPage(gridTasks(headerOf(6), marked), chosen(), { page: 1, size: 10 });
  expect(tasks.map(({ task }) => task)).toEqual(["task-5", "task-2", "task-3", "task-0", "task-1", "task-4"]);
  expect(tasks.slice(0, 3).map(({ marks, lost }) => [marks, lost])).toEqual([
    [["tampered", "lost"], 1],
    [["regressed"], 0],
    [["differs", "lost"], 2],
  ]);
  expect(markCounts(marked)).toEqual([
    { mark: "tampered", trials: 1 },
    { mark: "regressed", trials: 2 },
    { mark: "differs", trials: 1 },
    { mark: "lost", trials: 4 },
  ]);
});

it("has every task of a large run on one page", () => {
  const header = headerOf(2500);
  const size = tasksOnAPage(header) ?? 0;
  expect(size).toBe(1000);
  const all = gridTasks(header, marked);
  const pages = [1, 2, 3].map((page) => gridPage(all, chosen("sort=plan"), { page, size }));
  expect(pages.map(({ page, pages: of, found }) => [page, of, found])).toEqual([1, 2, 3].map((page) => [page, 3, 2500]));
  expect(pages.flatMap(({ tasks }) => tasks.map(({ place }) => place))).toEqual(header.tasks.map((_, place) => place));
  expect(gridPage(all, chosen(), { page: 99, size }).page).toBe(3);
  expect(tasksOnAPage(headerOf(1000))).toBeNull();
  expect(wholeGrid(all).tasks).toHaveLength(2500);
});

it("finds by what was chosen, wherever it stands", () => {
  const all = gridTasks(headerOf(2500), marked);
  const found = (text: string): number => gridPage(all, chosen(text), { page: 1, size: 1000 }).found;
  expect([found("mark=lost"), found("codes=E0382"), found("kind=test&find=TASK-249"), found("family=nothing"), found("sort=constructor")]).toEqual([
    3, 1250, 5, 0, 2500,
  ]);
  expect(gridAddress(chosen("mark=lost&page=7&find=a%26b&sort="))).toBe("mark=lost&find=a%26b");
});

it("gives each cell the trials of its task and candidate", () => {
  const header = headerOf(3);
  const tasks = gridTasks(header, marked).slice(2);
  const row = (number: number): TrialRow =>
    ({
      candidate: CANDIDATES[number % 2]?.name ?? "",
      task: "task-2",
      epoch: number < 6 ? 1 : 2,
      standing: "counted",
      slotPass: number !== 11,
      finalPass: true,
      why: null,
    }) as TrialRow;
  // As they are in plan order: epoch, then task, then candidate.
  const rows = [11, 4, 10, 5].map((number) => ({ number, row: row(number) }));
  const [{ cells } = { cells: [] }] = gridRows(tasks, header, rows, marked);
  expect(cells.map((own) => own.map(({ number, id, passed, marks }) => [number, id, passed, marks]))).toEqual([
    [
      [4, "nop/task-2/1", true, []],
      [10, "nop/task-2/2", true, []],
    ],
    [
      [5, "team/model/task-2/1", true, []],
      [11, "team/model/task-2/2", false, ["regressed"]],
    ],
  ]);
});

it("calls a task regressed that was passed in every epoch before, and lost in one now", () => {
  const digest = (tasks: Record<string, readonly [number, number]>) => ({ candidates: [{ name: "m", tasks }] }) as unknown as RunDigest;
  const now = digest({ a: [1, 2], b: [0, 2], c: [2, 2], d: [0, 1] });
  expect(regressedSince(now, digest({ a: [2, 2], b: [1, 2], c: [2, 2] }))).toEqual(new Map([["m", new Map([["a", 1]])]]));
  expect(regressedSince(now, null)).toEqual(new Map([["m", new Map()]]));
});
