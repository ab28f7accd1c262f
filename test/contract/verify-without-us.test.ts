// The very lines of docs/how-to/audit.md that check a capsule without this program, run in a shell.
import { execFile, spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, it } from "vitest";
import { signCapsule } from "../../src/adapters/capsules/signature-file.ts";
import { signaturePath } from "../../src/adapters/capsules/paths.ts";
import { newSigningKey } from "../../src/core/base/dsse.ts";
import { taskNamed } from "../unit/run/fakes.ts";
import { scratch } from "../setup/scratch.ts";
import { runOnDisk } from "./journal-world.ts";

const folder = await scratch();
const capsule = join(folder, "run-1.capsule.jsonl");
const { key } = newSigningKey();
const CHECKS = ["texts", "header", "seal", "events", "signature", "signed-seal", "signed-file"];

beforeAll(async () => {
  await runOnDisk(capsule, { tasks: [taskNamed("a"), taskNamed("b", { risk: "high" })], candidates: ["small"] });
  await signCapsule(capsule, key);
});

async function pageLines(): Promise<string> {
  const page = await readFile(new URL("../../docs/how-to/audit.md", import.meta.url), "utf8");
  const [, lines] = /## Verify without us[\s\S]*?```bash\n([\s\S]*?)```/.exec(page) ?? [];
  if (lines === undefined) throw new Error("the page has no such section");
  return lines;
}

async function told(path: string, publicKey: string): Promise<Record<string, string>> {
  const { stdout } = await promisify(execFile)("bash", ["-c", await pageLines()], {
    env: { PATH: process.env["PATH"], TMPDIR: folder, C: path, KEY: publicKey },
  });
  return Object.fromEntries(
    stdout
      .trim()
      .split("\n")
      .map((line) => line.split(": ") as [string, string]),
  );
}

/** The tests ask nothing of a machine but what the README names; CI installs these and runs the lines. */
const missing = ["jq", "xxd", "openssl"].filter((name) => spawnSync(name, ["--version"]).error !== undefined);
const itWith = missing.length === 0 ? it : it.skip;
const unless = missing.length === 0 ? "" : ` (not run: no ${missing.join(", ")} here)`;

const wrong = (said: Record<string, string>): string[] => CHECKS.filter((check) => said[check] !== "ok");

itWith(`finds a signed capsule as it was sealed${unless}`, async () => {
  const said = await told(capsule, key.publicKey);
  expect(Object.keys(said)).toEqual(CHECKS);
  expect(wrong(said)).toEqual([]);
});

itWith(`finds another key, a changed event, header, seal and text${unless}`, async () => {
  expect(wrong(await told(capsule, newSigningKey().key.publicKey))).toEqual(["signature"]);
  const changed = join(folder, "changed.capsule.jsonl");
  await writeFile(signaturePath(changed), await readFile(signaturePath(capsule)));
  const lines = (await readFile(capsule, "utf8")).trimEnd().split("\n");
  const at = (kind: string): number => lines.findIndex((line) => line.includes(`"kind":"${kind}"`));
  const CHANGES: readonly [string, string, string, string[]][] = [
    ["event", '"step":', '"step":1', ["events", "signed-file"]],
    ["header", '"seed":', '"seed":1', ["header", "signed-file"]],
    ["seal", '"events":', '"events":1', ["seal", "signed-file"]],
  ];
  for (const [kind, from, to, expected] of CHANGES) {
    const index = at(kind);
    await writeFile(changed, `${lines.with(index, (lines[index] ?? "").replace(from, to)).join("\n")}\n`);
    expect(wrong(await told(changed, key.publicKey)), kind).toEqual(expected);
  }
  const [first, second] = [at("blob"), at("blob") + 1].map((index) => JSON.parse(lines[index] ?? "") as { data: string });
  const swapped = lines.with(at("blob"), (lines[at("blob")] ?? "").replace(first?.data ?? "", second?.data ?? ""));
  await writeFile(changed, `${swapped.join("\n")}\n`);
  expect(wrong(await told(changed, key.publicKey))).toEqual(["texts", "signed-file"]);
});
