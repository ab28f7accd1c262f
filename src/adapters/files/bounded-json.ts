// Reads a small JSON file from anywhere, with a bound on its size.
import { open } from "node:fs/promises";
import { CapsuleFault } from "../../core/capsule/fault.ts";

/** The parsed file; null if there is none. Throws `integrity` if it is larger than the bound or not JSON. */
export async function readBoundedJson(path: string, maxBytes: number): Promise<unknown> {
  const file = await open(path, "r").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
    throw error;
  });
  if (!file) return null;
  try {
    const { size } = await file.stat();
    if (size > maxBytes) throw new CapsuleFault("line-too-long", `more than ${maxBytes} bytes`, { path, line: 1 });
    const bytes = Buffer.alloc(size);
    const { bytesRead } = await file.read(bytes, 0, size, 0);
    return parsed(path, bytes.subarray(0, bytesRead).toString("utf8"));
  } finally {
    await file.close();
  }
}

function parsed(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CapsuleFault("not-json", "the file is not JSON", { path, line: 1 });
  }
}
