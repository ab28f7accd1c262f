// SARIF by its own schema, and sarif-tools on what is wrong with a damaged capsule: the rule, the place and the words of capsule verify.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { bakeoff } from "../cli/bakeoff.ts";
import { scratch } from "../setup/scratch.ts";
import { SAMPLE } from "./exported.ts";
import { readByPeer } from "./peer.ts";

const SCHEMA_TITLE = "Static Analysis Results Format (SARIF) Version 2.1.0-rtm.5 JSON Schema";

function schema(): string {
  const file = process.env["BAKEOFF_SARIF_SCHEMA"];
  if (file === undefined) throw new Error("this test needs the schema that `npm run test:interop` fetches");
  return file;
}

it("is valid without a fault, and holds nothing", async () => {
  const cwd = await scratch();
  const { code } = await bakeoff(["capsule", "verify", SAMPLE, "--sarif", "out.sarif"], { cwd });
  const seen = await readByPeer<{ faults: string[]; records: object[] }>("read_sarif.py", join(cwd, "out.sarif"), schema());
  expect([code, seen.faults, seen.records]).toEqual([0, [], []]);
});

it("is read with the faults that capsule verify tells", async () => {
  const cwd = await scratch();
  const text = await readFile(SAMPLE, "utf8");
  await writeFile(join(cwd, "damaged.capsule.jsonl"), text.replace('"epochs":1', '"epochs":2'));
  const { code, stdout } = await bakeoff(["capsule", "verify", "damaged.capsule.jsonl", "--sarif", "out.sarif", "--json"], { cwd });
  expect(code).toBe(5);
  const { faults } = JSON.parse(stdout) as { readonly faults: readonly { readonly check: string; readonly fault: string }[] };
  const seen = await readByPeer<{
    schema: string;
    faults: string[];
    tools: string[];
    errors: number;
    records: { Location: string; Line: number; Severity: string; Code: string; Description: string }[];
  }>("read_sarif.py", join(cwd, "out.sarif"), schema());
  expect([seen.schema, seen.faults]).toEqual([SCHEMA_TITLE, []]);
  expect(seen.tools).toEqual(["Bakeoff"]);
  expect(faults.length).toBeGreaterThan(0);
  expect(seen.errors).toBe(faults.length);
  expect(seen.records.map(({ Code }) => Code).toSorted()).toEqual(faults.map(({ check }) => check).toSorted());
  for (const { Location, Severity } of seen.records) expect([Location, Severity]).toEqual(["damaged.capsule.jsonl", "error"]);
});
