// Filters and sorts the rows of a table by what they say of themselves in their data.

interface Wanted {
  readonly exact: readonly (readonly [name: string, value: string])[];
  readonly words: readonly (readonly [name: string, value: string])[];
  readonly find: string;
}

/** These hold several words: a row is shown if the chosen one is among them. */
const WORD_LISTS: ReadonlySet<string> = new Set(["mark", "codes"]);

export function enableGrid(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-grid]")) {
    const table = document.getElementById(form.dataset["grid"] ?? "");
    if (!(table instanceof HTMLTableElement)) continue;
    form.hidden = false;
    restore(form);
    const apply = (): void => {
      applyTo(form, table);
      remember(form);
    };
    form.addEventListener("input", apply);
    form.addEventListener("submit", (event) => event.preventDefault());
    apply();
  }
}

function applyTo(form: HTMLFormElement, table: HTMLTableElement): void {
  const wanted = wantedOf(form);
  const rows = [...table.querySelectorAll<HTMLTableRowElement>("tr[data-row]")];
  let shown = 0;
  for (const row of rows) {
    row.hidden = !isWanted(row, wanted);
    if (!row.hidden) shown += 1;
  }
  sort(table, rows, valueOf(form, "sort"));
  const count = form.querySelector("output");
  if (count) count.textContent = `${shown} of ${rows.length} ${rows.length === 1 ? "task" : "tasks"}`;
}

function wantedOf(form: HTMLFormElement): Wanted {
  const chosen = [...form.querySelectorAll<HTMLSelectElement>("select")]
    .filter(({ name, value }) => name !== "sort" && value !== "")
    .map(({ name, value }) => [name, value] as const);
  return {
    exact: chosen.filter(([name]) => !WORD_LISTS.has(name)),
    words: chosen.filter(([name]) => WORD_LISTS.has(name)),
    find: valueOf(form, "find").toLowerCase(),
  };
}

function isWanted(row: HTMLElement, { exact, words, find }: Wanted): boolean {
  const said = (name: string): string => row.dataset[name] ?? "";
  return (
    exact.every(([name, value]) => said(name) === value) &&
    words.every(([name, value]) => said(name).split(" ").includes(value)) &&
    ["task", "family"].some((name) => said(name).toLowerCase().includes(find))
  );
}

const ORDERS: Readonly<Record<string, (a: HTMLElement, b: HTMLElement) => number>> = {
  plan: (a, b) => numberOf(a, "plan") - numberOf(b, "plan"),
  worth: (a, b) => numberOf(a, "worth") - numberOf(b, "worth") || numberOf(a, "plan") - numberOf(b, "plan"),
  lost: (a, b) => numberOf(b, "lost") - numberOf(a, "lost") || numberOf(a, "plan") - numberOf(b, "plan"),
  task: (a, b) => ((a.dataset["task"] ?? "") < (b.dataset["task"] ?? "") ? -1 : 1),
};

function sort(table: HTMLTableElement, rows: readonly HTMLTableRowElement[], by: string): void {
  const order = ORDERS[by];
  if (order) table.tBodies[0]?.append(...rows.toSorted(order));
}

const numberOf = (row: HTMLElement, name: string): number => Number(row.dataset[name]);
const valueOf = (form: HTMLFormElement, name: string): string => {
  const field = form.elements.namedItem(name);
  return field instanceof HTMLInputElement || field instanceof HTMLSelectElement ? field.value : "";
};

/** What is chosen stands in the address, so that it can be sent on and is there after going back. */
function remember(form: HTMLFormElement): void {
  const chosen = new URLSearchParams(
    [...new FormData(form)].flatMap(([name, value]) => (typeof value === "string" && value !== "" && value !== "plan" ? [[name, value]] : [])),
  );
  const hash = String(chosen);
  history.replaceState(null, "", hash === "" ? location.pathname + location.search : `#${hash}`);
}

function restore(form: HTMLFormElement): void {
  for (const [name, value] of new URLSearchParams(location.hash.slice(1))) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) field.value = value;
  }
}

/** A search field that hides the rows of a table which do not hold its words. */
export function enableFind(): void {
  for (const field of document.querySelectorAll<HTMLInputElement>("input[data-find]")) {
    const table = document.getElementById(field.dataset["find"] ?? "");
    field.addEventListener("input", () => {
      const words = field.value.toLowerCase().split(/\s+/);
      for (const row of table?.querySelectorAll<HTMLElement>("[data-row]") ?? []) {
        const text = (row.textContent ?? "").toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
      }
    });
  }
}
