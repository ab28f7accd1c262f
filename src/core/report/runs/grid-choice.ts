// What a reader chose of a run's grid: which tasks, in which order, and a page of them where the run is large.
import type { Header } from "../../capsule/line.ts";
import type { GridTask } from "./grid.ts";

/** A grid of more cells is shown in pages of so many: what a browser draws at once, and less than a megabyte. */
const MOST_CELLS = 2000;

/** What a reader chose; an empty text is no choice. */
export interface GridChoice {
  readonly mark: string;
  readonly risk: string;
  readonly kind: string;
  readonly area: string;
  readonly family: string;
  readonly codes: string;
  readonly find: string;
  readonly sort: string;
}

const FIELDS = ["mark", "risk", "kind", "area", "family", "codes", "find", "sort"] as const satisfies readonly (keyof GridChoice)[];

/** Of an address; what it does not name is not chosen. */
export const gridChoice = (chosen: URLSearchParams): GridChoice =>
  Object.fromEntries(FIELDS.map((field) => [field, chosen.get(field) ?? ""])) as unknown as GridChoice;

/** As an address has it, without what was not chosen. */
export const gridAddress = (choice: GridChoice): string =>
  String(new URLSearchParams(FIELDS.filter((field) => choice[field] !== "").map((field): [string, string] => [field, choice[field]])));

/** What there is to choose from; empty where there is but one, or too many for a list. */
export type GridChoices = Readonly<Record<"risk" | "kind" | "area" | "family" | "codes", readonly string[]>>;

const MOST_CHOICES = 500;

export function gridChoices(tasks: readonly GridTask[]): GridChoices {
  const some = (told: (task: GridTask) => readonly string[]): readonly string[] => {
    const values = [...new Set(tasks.flatMap(told))].toSorted();
    return values.length < 2 || values.length > MOST_CHOICES ? [] : values;
  };
  return {
    risk: some(({ risk }) => [risk]),
    kind: some(({ kind }) => [kind]),
    area: some(({ area }) => [area]),
    family: some(({ family }) => [family]),
    codes: some(({ errorCodes }) => errorCodes),
  };
}

export interface GridPage {
  readonly tasks: readonly GridTask[];
  /** Tasks that were chosen, on all pages. */
  readonly found: number;
  /** From 1. */
  readonly page: number;
  readonly pages: number;
}

/** So many tasks fit a page; null where all of them fit one. */
export const tasksOnAPage = ({ tasks, candidates }: Pick<Header, "tasks" | "candidates">): number | null =>
  tasks.length * candidates.length <= MOST_CELLS ? null : Math.max(1, Math.floor(MOST_CELLS / candidates.length));

/** All of them, in the run's order. */
export const wholeGrid = (all: readonly GridTask[]): GridPage => ({ tasks: all, found: all.length, page: 1, pages: 1 });

/** A page beyond the last is the last. Unless another order was chosen, what is worth a look comes first. */
export function gridPage(all: readonly GridTask[], choice: GridChoice, { page, size }: { readonly page: number; readonly size: number }): GridPage {
  const found = all.filter((task) => isChosen(task, choice)).toSorted(GRID_ORDERS[orderOf(choice)]);
  const pages = Math.max(1, Math.ceil(found.length / size));
  const shown = Math.min(Math.max(1, page), pages);
  return { tasks: found.slice((shown - 1) * size, shown * size), found: found.length, page: shown, pages };
}

const isOneOf = (wanted: string, own: readonly string[]): boolean => wanted === "" || own.includes(wanted);

function isChosen(task: GridTask, { mark, risk, kind, area, family, codes, find }: GridChoice): boolean {
  const words = find.toLowerCase();
  return (
    isOneOf(mark, task.marks) &&
    isOneOf(risk, [task.risk]) &&
    isOneOf(kind, [task.kind]) &&
    isOneOf(area, [task.area]) &&
    isOneOf(family, [task.family]) &&
    isOneOf(codes, task.errorCodes) &&
    (task.task.toLowerCase().includes(words) || task.family.toLowerCase().includes(words))
  );
}

const byPlan = (a: GridTask, b: GridTask): number => a.place - b.place;

type GridOrder = "worth" | "plan" | "lost" | "task";

/** The one that a page is in. */
export const orderOf = ({ sort }: Pick<GridChoice, "sort">): GridOrder => (Object.hasOwn(GRID_ORDERS, sort) ? (sort as GridOrder) : "worth");

const GRID_ORDERS: Readonly<Record<GridOrder, (a: GridTask, b: GridTask) => number>> = {
  worth: (a, b) => a.worth - b.worth || byPlan(a, b),
  plan: byPlan,
  lost: (a, b) => b.lost - a.lost || byPlan(a, b),
  task: (a, b) => (a.task < b.task ? -1 : 1),
};
