// What preparing a base costs: both of its builds and the recording of what its tests see, against `cargo test --no-run` of the same tree.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { suiteFiles } from "../src/adapters/suites/suite-files.ts";
import { benchOpener } from "../src/app/compose/parts/workbench.ts";
import { findToolchain } from "../src/adapters/workbench/cargo/toolchain.ts";
import { vendorInto } from "../src/adapters/workbench/vendor.ts";
import { findPlaces } from "../src/app/places.ts";
import type { Tree } from "../src/core/text/edit.ts";
import type { Workbench } from "../src/ports/workbench.ts";
import type { Figure } from "./figure.ts";

const { signal } = new AbortController();

/** Processor time, which other work beside it hardly changes, of everything that was started and has ended. */
export async function prepareFigures(name: string): Promise<Figure[]> {
  const suites = suiteFiles(findPlaces({}).suiteFolders);
  const [base] = (await suites.load(await suites.find(name))).bases;
  if (!base) throw new Error(`suite ${name} has no base`);
  const root = mkdtempSync(join(tmpdir(), "bakeoff-bench-"));
  try {
    const tree = join(root, "tree");
    lay(tree, base.tree);
    const vendor = await vendorInto(root, await findToolchain("/", signal))(base, tree, signal);
    const plain = await processorSeconds(async () => plainBuild(tree, vendor, join(root, "target")));
    const both = await processorSeconds(() => onBench(root, (bench) => bench.prepare(base, signal)));
    const linted = await processorSeconds(() => onBench(root, (bench) => bench.prepareLint(base, signal)));
    return [
      { name: `${name}: both bases and the recording ÷ cargo test --no-run, processor time`, unit: "×", samples: [both / plain], bound: 2.2 },
      { name: "cargo test --no-run", unit: " s", samples: [plain], bound: Number.POSITIVE_INFINITY },
      { name: "both bases and the recording", unit: " s", samples: [both], bound: Number.POSITIVE_INFINITY },
      { name: "clippy's tree, where a critic asks for it", unit: " s", samples: [linted], bound: Number.POSITIVE_INFINITY },
    ];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function lay(folder: string, tree: Tree): void {
  for (const [path, content] of tree) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

/** As an engineer would: no flags of ours, all sources at hand. */
function plainBuild(tree: string, vendor: string | null, target: string): void {
  const configs = vendor === null ? [] : ['source.crates-io.replace-with="vendored"', `source.vendored.directory="${vendor}"`];
  const args = [
    "test",
    "--no-run",
    "--workspace",
    "--frozen",
    "-q",
    "--manifest-path",
    join(tree, "Cargo.toml"),
    ...configs.flatMap((one) => ["--config", one]),
  ];
  const { status, stderr } = spawnSync("cargo", args, { cwd: "/", encoding: "utf8", env: { ...process.env, CARGO_TARGET_DIR: target } });
  if (status !== 0) throw new Error(`cargo can't build it: ${stderr}`);
}

async function onBench(root: string, work: (bench: Workbench) => Promise<unknown>): Promise<void> {
  const open = await benchOpener(root)(1, signal);
  try {
    await work(open.bench);
  } finally {
    await open.close();
  }
}

/** Of this process's children, those that have ended and been waited for: `cutime` and `cstime` of proc(5), in hundredths of a second. */
async function processorSeconds(work: () => Promise<unknown>): Promise<number> {
  const before = childrenSeconds();
  await work();
  return childrenSeconds() - before;
}

function childrenSeconds(): number {
  const stat = readFileSync("/proc/self/stat", "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[13]) + Number(fields[14])) / 100;
}
