// Bundles src/main.ts and the library into dist/, split so that `--help` loads only what it needs; the library's types beside it.
// The packages that it is made of go into it, with their licences: whoever installs it installs nothing else.
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import typescript from "typescript";
import { licencesOf } from "./build/licences.mjs";
import { withStart } from "./build/start.mjs";

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
const { metafile } = await build({
  // The last makes indexes of large capsules, in a process of its own.
  entryPoints: { main: "src/main.ts", library: "src/library/library.ts", "index-process": "src/adapters/library/index-process-main.ts" },
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  minify: true,
  keepNames: true,
  metafile: true,
  define: { TREE_SITTER_FOLDER: '"tree-sitter"' },
  // Not installed unless somebody wants `bakeoff mcp`, or a queue.
  external: ["@modelcontextprotocol/sdk", "bullmq", "ioredis", "prom-client"],
  loader: { ".hbs": "text", ".rs": "text", ".yml": "text", ".sh": "text", ".Dockerfile": "text" },
  banner: {
    // Bundled CommonJS packages call require() for node's own modules.
    js: 'import { createRequire as __bakeoffRequire } from "node:module"; const require = __bakeoffRequire(import.meta.url);',
  },
  plugins: [withStart("src/cli", "src/cli/program.ts")],
  logLevel: "warning",
});
// One file, which imports nothing: what is published of the types is what stands there.
const { outputText } = typescript.transpileDeclaration(await readFile("src/library/api.ts", "utf8"), { compilerOptions: { target: "es2023" } });
await writeFile("dist/library.d.ts", outputText);
// Of the syntax trees' package what is used: most of it are the grammars of other languages.
const treeSitter = dirname(createRequire(import.meta.url).resolve("@vscode/tree-sitter-wasm/wasm/tree-sitter.js"));
await mkdir("dist/tree-sitter", { recursive: true });
await writeFile("dist/tree-sitter/package.json", '{ "type": "commonjs" }\n');
for (const file of ["tree-sitter.js", "tree-sitter.wasm", "tree-sitter-rust.wasm"]) await copyFile(join(treeSitter, file), join("dist/tree-sitter", file));
await writeFile("dist/LICENCES.txt", await licencesOf([...Object.keys(metafile.inputs), "node_modules/@vscode/tree-sitter-wasm/wasm/tree-sitter.js"]));
