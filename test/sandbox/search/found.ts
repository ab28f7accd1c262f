// The forgeries that the search found with defences switched off, kept in a file: each is one attempt to show again.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Genome } from "./genes.ts";

export interface Found {
  /** Of so many attempts it was the last one. */
  readonly attempt: number;
  readonly genome: Genome;
}

const FILE = fileURLToPath(new URL("found.json", import.meta.url));

/** By the name of a switch. */
export async function readFound(): Promise<Readonly<Record<string, Found>>> {
  return JSON.parse(await readFile(FILE, "utf8")) as Record<string, Found>;
}

/** Writes what was found where UPDATE_GOLDEN asks for it. */
export async function keepFound(name: string, found: Found): Promise<void> {
  if (process.env["UPDATE_GOLDEN"] !== "1") return;
  const all = { ...(await readFound()), [name]: found };
  const sorted = Object.fromEntries(Object.entries(all).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  await writeFile(FILE, `${JSON.stringify(sorted, null, 2)}\n`);
}
