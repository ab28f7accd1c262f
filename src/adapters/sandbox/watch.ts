// Lets somebody look at what a job's first build prints while it runs.
import { readFile } from "node:fs/promises";
import { join } from "node:path";

const WATCH_MS = 2000;

/** Until the job in this folder ends. Nobody looks where there is no `watch`. */
export async function watched<T>(watch: ((stdout: string) => void) | undefined, folder: string, ending: Promise<T>): Promise<T> {
  if (!watch) return ending;
  const look = async (): Promise<void> => {
    const text = await readFile(join(folder, "out", "build.out"), "utf8").catch(() => null);
    if (text !== null) watch(text);
  };
  const timer = setInterval(() => void look(), WATCH_MS);
  try {
    return await ending;
  } finally {
    clearInterval(timer);
  }
}
