// The live page: its changing part is asked for again and again, until the run is sealed.

const EVERY_MS = 1000;
/** After an answer that never came, it waits longer: the server may have been stopped. */
const AFTER_FAILURE_MS = 5000;

export function enableLive(): void {
  const part = document.getElementById("live");
  const page = part?.dataset["live"];
  if (!part || page === undefined || part.dataset["done"] !== undefined) return;
  const ask = async (): Promise<void> => {
    const next = await fetchPart(page);
    if (next === null) {
      setTimeout(() => void ask(), AFTER_FAILURE_MS);
      return;
    }
    part.replaceChildren(...next.childNodes);
    if (next.dataset["done"] !== undefined) part.dataset["done"] = next.dataset["done"];
    else setTimeout(() => void ask(), EVERY_MS);
  };
  setTimeout(() => void ask(), EVERY_MS);
}

/** The same part of the page as it is now; parsed in a document of its own, in which nothing runs. */
async function fetchPart(page: string): Promise<HTMLElement | null> {
  try {
    const answer = await fetch(page, { cache: "no-store" });
    if (!answer.ok) return null;
    return new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("live");
  } catch {
    return null;
  }
}

/** A page that is not complete yet loads itself again. */
export function enableRefresh(): void {
  const wait = Number(document.querySelector<HTMLElement>("[data-refresh]")?.dataset["refresh"]);
  if (wait > 0) setTimeout(() => location.reload(), wait);
}
