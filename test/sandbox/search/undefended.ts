// The verifier built without some of its defences: its own sources, with a piece of text cut out of each.
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import type { BenchOptions, FixtureBench } from "../fixture-bench.ts";
import { CUTS, type CutName } from "./cuts.ts";

interface Opener {
  readonly openFixtureBench: (options?: BenchOptions) => Promise<FixtureBench>;
}

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** A bench that verifies without these defences. Throws where a source no longer holds what is to be cut out. */
export async function openUndefended(off: readonly CutName[]): Promise<FixtureBench> {
  // Below node_modules, where packages are found.
  const program = join(ROOT, "node_modules", ".cache", `undefended-${process.pid}-${off.join("-")}.mjs`);
  const made = new Set<string>();
  const source = async (path: string): Promise<string> => {
    const text = await readFile(path, "utf8");
    return cutsIn(path, off).reduce((rest, { file, text: part, without }) => {
      if (rest.split(part).length !== 2) throw new Error(`${file} holds no longer once: ${part}`);
      made.add(`${file} ${part}`);
      return rest.replace(part, () => without);
    }, text);
  };
  await build({
    entryPoints: [join(ROOT, "test/sandbox/fixture-bench.ts")],
    outfile: program,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    logLevel: "error",
    loader: { ".hbs": "text" },
    plugins: [
      {
        name: "cuts",
        setup: ({ onLoad }) => {
          onLoad({ filter: /\.ts$/ }, async ({ path }) => ({ contents: await source(path), loader: "ts" }));
          onLoad({ filter: /\.rs$/ }, async ({ path }) => ({ contents: await source(path), loader: "text" }));
        },
      },
    ],
  });
  const wanted = off.flatMap((name) => CUTS[name].cuts);
  if (made.size !== wanted.length) throw new Error(`not all sources were met: ${[...made].join(", ")}`);
  try {
    const { openFixtureBench } = (await import(/* @vite-ignore */ pathToFileURL(program).href)) as Opener;
    return await openFixtureBench();
  } finally {
    await rm(program, { force: true });
  }
}

const cutsIn = (path: string, off: readonly CutName[]) => off.flatMap((name) => [...CUTS[name].cuts]).filter(({ file }) => path === join(ROOT, file));
