// A small module loader: TypeScript files compiled once each, and evaluated anew only where a changed file bears on them.
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import { transformSync } from "esbuild";

const relativeTo = (path, name) => resolve("/", dirname(path), name).slice(1);

/** @param {string} root the folder that paths are relative to @param {{ edit?: (path: string, text: string) => string }} options */
export function createModules(root, { edit = (_, text) => text } = {}) {
  const external = createRequire(join(root, "package.json"));
  const compiled = new Map();
  /** Instances of modules that no change bears on. */
  const kept = new Map();

  const compile = (path, text) => {
    const define = { "import.meta.url": JSON.stringify(pathToFileURL(join(root, path)).href) };
    const { code } = transformSync(edit(path, text), { loader: "ts", format: "cjs", target: "node20", define, sourcefile: path });
    const imports = [...code.matchAll(/require\("(\.[^"]+)"\)/g)].map(([, name]) => relativeTo(path, name));
    return { imports, run: new vm.Script(`(function (require, module, exports) {${code}\n})`, { filename: path }).runInThisContext() };
  };
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

  /** A way to load modules with one file changed (`text`; null: none) and other modules put in the place of packages. */
  const world = (changed, text, provided = {}) => {
    const fresh = new Map();
    const mutated = text === null ? null : compile(changed, text);
    const load = (path) => {
      const cache = bears(path, changed) ? fresh : kept;
      if (cache.has(path)) return cache.get(path).exports;
      const module = { exports: {} };
      cache.set(path, module);
      const { run } = mutated !== null && path === changed ? mutated : original(path);
      run((name) => provided[name] ?? (name.startsWith(".") ? load(relativeTo(path, name)) : external(name)), module, module.exports);
      return module.exports;
    };
    return load;
  };
  return { world, bears };
}
