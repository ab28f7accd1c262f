// The program's registries and schemas, as the reference is written from them: bundled, since Node 20 reads no TypeScript.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));

/** Everything that registries-entry.ts exports. */
export async function loadRegistries() {
  const { outputFiles } = await build({
    entryPoints: [join(PROJECT, "scripts", "docs", "registries-entry.ts")],
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    packages: "external",
    loader: { ".hbs": "text", ".rs": "text", ".yml": "text" },
    plugins: [withoutActions],
    logLevel: "error",
  });
  // Beside the packages, so that the bundle finds them.
  const folder = join(PROJECT, "node_modules", ".cache", `docs-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "registries.mjs");
  try {
    writeFileSync(file, outputFiles[0].contents);
    return await import(pathToFileURL(file).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Commands load their actions when they are called: nobody calls them here. */
const withoutActions = {
  name: "without-actions",
  setup: ({ onResolve }) => onResolve({ filter: /^\./ }, ({ kind, path }) => (kind === "dynamic-import" ? { path, external: true } : null)),
};
