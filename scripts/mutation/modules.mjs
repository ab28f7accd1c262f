// A small module loader: TypeScript files compiled once each, and evaluated anew only where a changed file bears on them.
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import { transformSync } from "esbuild";

/** A test file that waits for something before its tests are known; nothing imports it. */
const WAITS = /^(export )?const [^=\n]+ = await /m;
const withRequire = (code) =>
  code
    .replaceAll(/^import \{([^}]*)\} from ("[^"]+");$/gm, (_, names, from) => `const {${names.replaceAll(" as ", ": ")}} = require(${from});`)
    .replaceAll(/^import \* as (\w+) from ("[^"]+");$/gm, "const $1 = require($2);")
    .replaceAll(/^import (\w+) from ("[^"]+");$/gm, "const $1 = require($2).default ?? require($2);");

const relativeTo = (path, name) => resolve("/", dirname(path), name).slice(1);

/** What a module knows of its own place. */
const placesOf = (file) => ({ "import.meta.url": JSON.stringify(pathToFileURL(file).href), "import.meta.dirname": JSON.stringify(dirname(file)) });

/** A changed file is tried by many tests: what was compiled last is kept. */
function lastOf(compile) {
  let last = null;
  return (path, text) => {
    if (last?.path !== path || last.text !== text) last = { path, text, module: compile(path, text) };
    return last.module;
  };
}

/** @param {string} root the folder that paths are relative to @param {{ edit?: (path: string, text: string) => string }} options */
export function createModules(root, { edit = (_, text) => text } = {}) {
  const external = createRequire(join(root, "package.json"));
  const compiled = new Map();
  /** Instances of modules that no change bears on. */
  const kept = new Map();

  const compile = (path, text) => {
    const define = placesOf(join(root, path));
    // Templates, pipelines and Rust sources are text, as the test runner has it.
    if (/\.(hbs|rs|yml|sh|Dockerfile)$/.test(path))
      return { imports: [], run: (_, __, exports) => Object.assign(exports, { __esModule: true, default: text }) && undefined };
    const source = edit(path, text);
    const options = { loader: "ts", target: "node20", define, sourcefile: path };
    const waits = WAITS.test(source);
    const code = waits ? withRequire(transformSync(source, { ...options, format: "esm" }).code) : transformSync(source, { ...options, format: "cjs" }).code;
    const imports = [...code.matchAll(/require\("(\.[^"]+)"\)/g)].map(([, name]) => relativeTo(path, name));
    const wrapped = `(${waits ? "async " : ""}function (require, module, exports) {${code}\n})`;
    return { imports, run: new vm.Script(wrapped, { filename: path }).runInThisContext() };
  };
  const compileOnce = lastOf(compile);
  const original = (path) => {
    if (!compiled.has(path)) compiled.set(path, compile(path, readFileSync(join(root, path), "utf8")));
    return compiled.get(path);
  };

  const reaching = new Map();
  /** True if the module is the target, or imports it, at any distance. */
  const bears = (path, target) => {
    const key = `${path}\n${target}`;
    const found = path === target || (reaching.get(key) ?? original(path).imports.some((name) => bears(name, target)));
    reaching.set(key, found);
    return found;
  };

  /** Ways to load modules with one file changed (`text`; null: none) and other modules put in the place of packages. */
  const world = (changed, text, provided = {}) => {
    const fresh = new Map();
    const mutated = text === null ? null : compileOnce(changed, text);
    const load = (path) => {
      const cache = bears(path, changed) ? fresh : kept;
      if (cache.has(path)) return cache.get(path).exports;
      const module = { exports: {} };
      cache.set(path, module);
      const { run } = mutated !== null && path === changed ? mutated : original(path);
      const done = run((name) => provided[name] ?? (name.startsWith(".") ? load(relativeTo(path, name)) : external(name)), module, module.exports);
      if (done !== undefined) loading.push(done);
      return module.exports;
    };
    const loading = [];
    /** Loads a test file, and waits for what it waits for before its tests are known. */
    const loadTest = async (path) => {
      load(path);
      await Promise.all(loading);
    };
    return { load, loadTest };
  };
  return { world, bears };
}
