// Finds the golden scenarios of a policy: `golden/*.toml` beside it, or the shipped ones if it has none.
import { readdir } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import type { GoldenFolder } from "../../ports/policies.ts";
import { WrittenFileError } from "../../core/base/errors.ts";
import { readWrittenText } from "../files/written-text.ts";
import { withDiskErrors } from "../files/disk.ts";

export async function readGoldenFolder(policyFile: string, shippedPolicy: string): Promise<GoldenFolder> {
  const own = await readFolder(dirname(policyFile));
  return own.files.length > 0 ? own : readFolder(dirname(shippedPolicy));
}

async function readFolder(policyFolder: string): Promise<GoldenFolder> {
  const folder = join(policyFolder, "golden");
  const entries = await withDiskErrors(folder, () =>
    readdir(folder).catch((error: NodeJS.ErrnoException) => (error.code === "ENOENT" ? [] : Promise.reject(error))),
  );
  const names = entries.filter((name) => name.endsWith(".toml")).toSorted();
  const read = names.map(async (name) => {
    const path = join(folder, name);
    return { path: shown(path), ...(await withDiskErrors(path, () => readWrittenText(path, shown(path)))) };
  });
  const files = await Promise.all(read);
  const issues = files.flatMap((file) => (file.ok ? [] : [file.issue]));
  if (issues.length > 0) throw new WrittenFileError(issues);
  return { path: shown(folder), files: files.flatMap((file) => (file.ok ? [{ path: file.path, text: file.text }] : [])) };
}

const shown = (path: string): string => relative(process.cwd(), path) || path;
