// What a sandbox must not leave behind: processes, and changed files.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** Command lines of living processes that hold a text and are not those of another run of the tests or of the program. */
export function processesWith(text: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      try {
        const line = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\u0000", " ");
        return line.includes(text) && !isOfAnother(Number(name)) ? [line] : [];
      } catch {
        return [];
      }
    });
}

/** Is it a node process, or does it come from one, other than this? What has lost its parents may be this process's. */
function isOfAnother(pid: number): boolean {
  for (let one = pid; one > 1 && one !== process.pid; one = parentOf(one)) if (programOf(one) === process.execPath) return true;
  return false;
}

const parentOf = (pid: number): number => Number(/^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);

function programOf(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return null;
  }
}

/** Waits until no process holds the text; gives what is left after `ms`. */
export async function processesLeft(text: string, ms: number): Promise<string[]> {
  const end = performance.now() + ms;
  for (;;) {
    const left = processesWith(text);
    if (left.length === 0 || performance.now() > end) return left;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** SHA-256 over path and content of each file below a folder. */
export function folderDigest(root: string): string {
  const hash = createHash("sha256");
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      hash.update(`${path}\u0000`);
      if (entry.isDirectory()) walk(path);
      else if (entry.isFile()) hash.update(readFileSync(join(root, path)));
    }
  };
  if (existsSync(root)) walk("");
  return hash.digest("hex");
}
