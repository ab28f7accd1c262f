// The viewer's style sheet and script, as they were built.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";

/** By file name; null for any other. */
export async function readAsset(packageRoot: string, file: string): Promise<string | null> {
  if (file !== "viewer.css" && file !== "viewer.js") return null;
  try {
    return await readFile(join(packageRoot, "dist", "ui", file), "utf8");
  } catch (error) {
    throw new BakeoffError("environment", `${file} was not built`, "npm run build", { cause: error });
  }
}
