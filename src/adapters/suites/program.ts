// This program with its policy as a gzipped tar, for an image in which it scores: the same files give the same bytes.
import { create } from "tar";

/** What it takes to run: the built program bundles its packages. */
const PARTS = ["dist", "policy", "package.json"];

export async function packProgram(packageRoot: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of create({ cwd: packageRoot, gzip: { level: 9 }, portable: true, noMtime: true }, PARTS)) parts.push(part as Uint8Array);
  return Buffer.concat(parts);
}
