// `bakeoff mcp` through the protocol's own client over stdio: every tool answers from a stored run, and what is wrong with a question is an answer.
import { copyFile, cp, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readCapsule } from "../../src/adapters/capsules/file.ts";
import { foldRun, type RunRecord } from "../../src/core/capsule/record.ts";
import { reportModel } from "../../src/core/report/model.ts";
import { runCache, scratch } from "../setup/scratch.ts";
import { bakeoff, MAIN, ROOT } from "./bakeoff.ts";

const SAMPLE = join(ROOT, "capsules", "samples", "default.capsule.jsonl");

let record: RunRecord;
let folder: string;
const client = new Client({ name: "test", version: "1" });

beforeAll(async () => {
  folder = await scratch();
  const stored = await readCapsule(SAMPLE);
  record = foldRun(stored.header, stored.events);
  await mkdir(join(folder, "capsules"));
  await copyFile(SAMPLE, join(folder, "capsules", `${record.header.run_id}.capsule.jsonl`));
  const env = { BAKEOFF_CACHE: runCache(), PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "" };
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [MAIN, "mcp"], cwd: folder, env, stderr: "inherit" }));
});
afterAll(() => client.close());

interface Answer {
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly isError: boolean;
}

async function ask(name: string, given: Record<string, unknown> = {}): Promise<Answer> {
  const { content, structuredContent, isError } = await client.callTool({ name, arguments: given });
  const [first] = content as { readonly text: string }[];
  return { text: first?.text ?? "", data: (structuredContent ?? {}) as Answer["data"], isError: isError === true };
}

it("offers only tools that read, each with what it takes", async () => {
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual(["list_runs", "show_run", "list_trials", "show_trial", "compare_results", "explain_policy", "plan_gate"]);
  for (const { annotations, inputSchema, description } of tools) {
    expect(annotations).toMatchObject({ readOnlyHint: true, destructiveHint: false });
    expect(inputSchema).toMatchObject({ type: "object", additionalProperties: false });
    expect(description).not.toBe("");
  }
});

it("tells runs, a run's rates and why a candidate lost as the reports do", async () => {
  const run = record.header.run_id;
  const model = reportModel(record);
  expect((await ask("list_runs")).data).toMatchObject({ runs: [{ run, state: "sealed", faults: 0 }], more: 0 });
  const shown = (await ask("show_run", { run })).data as { readonly summary: { readonly candidates: readonly unknown[] } };
  expect(shown.summary.candidates).toEqual(JSON.parse(JSON.stringify(model.summary.candidates)));
  const lost = model.trials.filter(({ candidate, slotPass }) => candidate === "nop" && slotPass === false).map(({ task }) => `nop/${task}/1`);
  const listed = (await ask("list_trials", { run, candidate: "nop" })).data as {
    readonly trials: readonly { readonly id: string; readonly why: string | null }[];
  };
  for (const id of lost) expect(listed.trials.find((trial) => trial.id === id)?.why, id).not.toBeNull();
  const { text, data } = await ask("show_trial", { run, trial: lost[0] });
  expect(data["id"]).toBe(lost[0]);
  expect(text).toContain("Attempt 1");
});

it("compares two candidates and explains the policy", async () => {
  const run = record.header.run_id;
  // Too few families to tell them apart, which is said and not hidden.
  expect((await ask("compare_results", { a: `${run}@oracle`, b: `${run}@nop` })).data).toMatchObject({
    verdict: "inconclusive",
    bBetter: [],
    difference: { value: 1 },
  });
  const { text } = await ask("explain_policy", { section: "reflex." });
  expect(text).toContain("reflex.max_attempts = ");
  expect(text).toContain("high-risk-skips-reflex");
});

it("answers a wrong question with what is wrong and the way out, and goes on", async () => {
  for (const [tool, given, says] of [
    ["show_run", { run: "gone" }, "gone"],
    ["show_run", {}, "run"],
    ["list_trials", { run: record.header.run_id, candidate: "orcale" }, "oracle"],
    ["show_trial", { run: record.header.run_id, trial: "nop/none" }, "did you mean"],
    ["list_runs", { limits: 1 }, "limits"],
    ["plan_gate", { candidate: "somebody", suite: "gone" }, "gone"],
  ] as const) {
    const answer = await ask(tool, given);
    expect(answer.isError, tool).toBe(true);
    expect(answer.text).toContain(says);
  }
  await expect(client.callTool({ name: "promote", arguments: {} })).rejects.toThrow("there is no tool promote");
});

it("leaves nothing behind in the folder that it reads", async () => {
  expect(await readdir(folder)).toEqual(["capsules"]);
  expect(await readdir(join(folder, "capsules"))).toEqual([`${record.header.run_id}.capsule.jsonl`]);
});

it("says what to install where the protocol's SDK is not there", async () => {
  const elsewhere = await scratch();
  for (const name of ["dist", "package.json"]) await cp(join(ROOT, name), join(elsewhere, "package", name), { recursive: true });
  const { code, stderr } = await bakeoff(["mcp"], { cwd: elsewhere, main: join(elsewhere, "package", "dist", "main.js") });
  expect(code).toBe(4);
  expect(stderr).toContain("npm install @modelcontextprotocol/sdk@");
});
