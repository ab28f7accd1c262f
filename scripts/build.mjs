// Bundles src/main.ts into dist/, split so that `--help` loads only what it needs.
import { rm } from "node:fs/promises";
import { build } from "esbuild";

await rm("dist", { recursive: true, force: true });
// The viewer's style sheet and script: what a browser gets, each one file.
await build({
  entryPoints: [
    { in: "src/ui/browser/viewer.ts", out: "viewer" },
    { in: "src/ui/viewer.css", out: "viewer" },
  ],
  outdir: "dist/ui",
  bundle: true,
  format: "iife",
  platform: "browser",
  target: "es2022",
  minify: true,
  logLevel: "warning",
});
await build({
  entryPoints: { main: "src/main.ts" },
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  minify: true,
  keepNames: true,
  // Finds its grammars beside itself.
  external: ["@vscode/tree-sitter-wasm"],
  loader: { ".hbs": "text", ".rs": "text", ".yml": "text" },
  banner: {
    // Bundled CommonJS packages call require() for node's own modules.
    js: 'import { createRequire as __bakeoffRequire } from "node:module"; const require = __bakeoffRequire(import.meta.url);',
  },
  logLevel: "warning",
});
