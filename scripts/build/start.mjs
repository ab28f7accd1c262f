// What every command starts with, in few files: each file that node loads costs it half a millisecond.
import { readdir, readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

/**
 * An esbuild plugin: each module below a folder that is loaded when a command is called imports `start` as well, which has been loaded by
 * then. Without that what they share with it lies in a file for each set of commands that share it (24 of them for `--help`).
 */
export function withStart(folder, start) {
  return {
    name: "start",
    setup: async (bundle) => {
      const called = await loadedWhenCalled(folder);
      called.delete(resolve(start));
      bundle.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        if (!called.has(path)) return undefined;
        return { contents: `import ${JSON.stringify(resolve(start))};\n${await readFile(path, "utf8")}`, loader: "ts", resolveDir: dirname(path) };
      });
    },
  };
}

/** Absolute paths of what is named in `import("…")` below a folder. */
async function loadedWhenCalled(folder) {
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".ts")).map((name) => resolve(folder, name));
  const named = await Promise.all(
    files.map(async (file) => [...(await readFile(file, "utf8")).matchAll(/\bimport\("(\.[^"]+\.ts)"\)/g)].map(([, path]) => join(dirname(file), path))),
  );
  return new Set(named.flat());
}
