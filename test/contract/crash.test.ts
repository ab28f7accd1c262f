// kill -9 at fifty random points of journal, seal and export: nothing that was committed is lost, and nothing half-done is believed.
import { spawn } from "node:child_process";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { checkCapsule } from "../../src/adapters/capsules/check.ts";
import { importCapsule } from "../../src/adapters/capsules/import.ts";
import { exportCapsule } from "../../src/adapters/capsules/hand-over.ts";
import { createRandom } from "../../src/core/base/random.ts";
import { crashSketch } from "./crash-sketch.ts";
import { scratch } from "../setup/scratch.ts";
import { resumeOnDisk } from "./journal-world.ts";

const folder = await scratch();
const program = join(folder, "crash-writer.mjs");
const ROOT = new URL("../..", import.meta.url).pathname;

beforeAll(async () => {
  await build({
    entryPoints: [join(ROOT, "test", "contract", "crash-writer.ts")],
    outfile: program,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    // The policy's files are found from the source's place, not from the bundle's.
    define: { "import.meta.url": JSON.stringify(`file://${join(ROOT, "test", "unit", "run", "fakes.ts")}`) },
    banner: { js: 'import { createRequire as r } from "node:module"; const require = r(import.meta.url);' },
    logLevel: "error",
  });
});

interface Killed {
  readonly said: string;
  readonly path: string;
  readonly target: string;
  readonly place: string;
}

/** Starts the writer and kills it `delayMs` after it has said `word` for the `count`th time. */
function killedAt(name: string, word: string, count: number, delayMs: number): Promise<Killed> {
  const place = join(folder, name);
  const facts = { path: join(place, "capsules", "run-1.capsule.jsonl"), target: join(place, "out", "run-1.tar"), place };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, facts.path, facts.target], { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    let errors = "";
    let armed = false;
    child.stderr.setEncoding("utf8").on("data", (text: string) => void (errors += text));
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (armed || said.split(word).length - 1 < count) return;
      armed = true;
      setTimeout(() => child.kill("SIGKILL"), delayMs);
    });
    child.once("error", reject);
    child.once("close", (_, signal) => (signal === null && errors !== "" ? reject(new Error(errors)) : resolve({ said, ...facts })));
  });
}

const committed = (said: string): number => Math.max(0, ...[...said.matchAll(/committed (\d+)/g)].map(([, count]) => Number(count)));

/** The events of a journal in the order of writing, as whole lines. */
async function eventLines(path: string): Promise<string[]> {
  return (await readFile(path, "utf8")).split("\n").filter((line) => line.endsWith("}") && line.includes('"kind":"event"'));
}

async function checkAfter({ said, path, target, place }: Killed, at: string): Promise<string> {
  expect((await eventLines(path)).length, at).toBeGreaterThanOrEqual(committed(said));
  const before = new Set(await eventLines(path));
  const isSealed = (await readFile(path, "utf8")).trimEnd().split("\n").at(-1)?.includes('"kind":"seal"') ?? false;
  if (said.includes("sealed")) expect(isSealed, at).toBe(true);
  if (!isSealed) await resumeOnDisk(path, crashSketch);
  const checked = await checkCapsule(path, []);
  expect(checked.faults, at).toEqual([]);
  // Every committed step of a finished trial stands in the capsule as it was written.
  if (isSealed) expect(new Set(await eventLines(path))).toEqual(before);
  const isExported = (await stat(target).catch(() => null)) !== null;
  if (said.includes("exported")) expect(isExported, at).toBe(true);
  if (isExported) expect((await importCapsule(target, join(place, "import"), { identities: [], passphrase: null, trusted: [] })).checked.faults).toEqual([]);
  else {
    // The next export takes away what the killed one left behind.
    await exportCapsule(path, { safe: true, container: "tar", encrypt: null, target });
    expect(await readdir(join(place, "out")), at).toEqual(["run-1.tar"]);
  }
  return isExported ? "exported" : isSealed ? "sealed" : "unsealed";
}

describe("kill -9", () => {
  it("at fifty random points loses nothing that was committed", async () => {
    const random = createRandom("kill");
    const ends = new Map<string, number>();
    for (let count = 0; count < 50; count += 1) {
      const phase = ["committed", "committed", "sealing", "exporting"][count % 4] ?? "committed";
      const turn = phase === "committed" ? 1 + random.int(28) : 1;
      const delayMs = random.next() * (phase === "committed" ? 6 : phase === "sealing" ? 40 : 60);
      const at = `${count}: ${delayMs.toFixed(1)} ms after ${phase} ${turn}`;
      const end = await checkAfter(await killedAt(`k${count}`, phase, turn, delayMs), at);
      ends.set(end, (ends.get(end) ?? 0) + 1);
    }
    expect(ends.get("unsealed") ?? 0).toBeGreaterThan(5);
    expect((ends.get("sealed") ?? 0) + (ends.get("exported") ?? 0)).toBeGreaterThan(3);
  }, 600_000);
});
