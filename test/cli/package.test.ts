// The package as a user installs it: packed, installed into an empty folder, called there, and left as it came.
import { execFileSync, spawnSync } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { scratch } from "../setup/scratch.ts";
import { bakeoff, ROOT } from "./bakeoff.ts";

const { name, version } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as { readonly name: string; readonly version: string };
const folder = await scratch();
const installed = join(folder, "node_modules", name);
const home = join(folder, "empty-home");

beforeAll(async () => {
  execFileSync("npm", ["pack", "--pack-destination", folder], { cwd: ROOT, stdio: "pipe" });
  await writeFile(join(folder, "package.json"), '{ "name": "consumer", "version": "1.0.0", "type": "module" }\n');
  execFileSync("npm", ["install", "--offline", "--no-audit", "--no-fund", `./${name}-${version}.tgz`], { cwd: folder, stdio: "pipe" });
});

it("holds what runs, with its suites, policy and documents, and neither sources nor tests", async () => {
  expect((await readdir(installed)).toSorted()).toEqual(
    ["CHANGELOG.md", "LICENSE", "README.md", "dist", "docs", "package.json", "policy", "suites"].toSorted(),
  );
});

it("is installed alone, without a registry, with the licences of what it is made of", async () => {
  expect(await readdir(join(folder, "node_modules"))).toEqual([".bin", ".package-lock.json", name]);
  const licences = await readFile(join(installed, "dist", "LICENCES.txt"), "utf8");
  for (const made of ["@vscode/tree-sitter-wasm", "commander", "undici", "zod"]) expect(licences).toContain(`## ${made} `);
});

it("is called by its name, with nothing but an empty home folder", async () => {
  const called = spawnSync("npx", ["--no-install", "bakeoff", "--version"], { cwd: folder, encoding: "utf8", env: { PATH: process.env["PATH"], HOME: home } });
  expect(called).toMatchObject({ status: 0, stdout: `${version}\n` });
  const main = join(installed, "dist", "main.js");
  const validated = await bakeoff(["policy", "validate"], { cwd: folder, main, env: { HOME: home } });
  expect(validated).toMatchObject({ code: 0 });
  expect(await bakeoff(["policy", "bump", "--reason", "x"], { cwd: installed, main, env: { HOME: home } })).toMatchObject({ code: 2 });
});

it("is imported by its name", async () => {
  await writeFile(join(folder, "ask.mjs"), `import { replay } from "${name}";\nconsole.log((await replay({ capsule: process.argv[2] })).outcome);\n`);
  const sample = join(ROOT, "capsules", "samples", "default.capsule.jsonl");
  expect(execFileSync(process.execPath, ["ask.mjs", sample], { cwd: folder, encoding: "utf8" })).toBe("proven\n");
});
