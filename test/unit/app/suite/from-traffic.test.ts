// Logged calls, sorted: what answers a task becomes a patch for score, the rest is listed with why it can't be verified, and no secret goes along.
import { describe, expect, it } from "vitest";
import { sortTraffic } from "../../../../src/app/suite/from-traffic.ts";
import { openRedactor } from "../../../../src/core/capsule/redaction.ts";
import { readPatches } from "../../../../src/core/suite/shapes/patches.ts";
import { readTraffic } from "../../../../src/core/suite/shapes/traffic.ts";
import { suiteOf, taskNamed } from "../../run/fakes.ts";
import { worldOf } from "./world.ts";

const [first, second] = [taskNamed("a"), { ...taskNamed("b"), instruction: "Another thing is asked of b alone." }];
const suite = suiteOf([first, second]);
const edits = JSON.stringify({ edits: first.solution.map(({ path, search, replace }) => ({ path, search, replace })) });
const KEY = `ghp_${"a".repeat(36)}`;
const said = (content: unknown): object => ({ choices: [{ message: { role: "assistant", content } }] });
const litellm = (facts: object): object => ({
  id: "call-1",
  call_type: "acompletion",
  model: "gpt-oss-20b",
  startTime: 1764000000.5,
  messages: [{ role: "user", content: "Repair." }],
  response: said(edits),
  ...facts,
});

async function sorted(...entries: readonly (object | string)[]) {
  const text = entries.map((entry) => `${typeof entry === "string" ? entry : JSON.stringify(entry)}\n`).join("");
  const world = worldOf({ suites: [suite], ports: { foreign: { folders: async () => [], text: async () => text } } });
  const done = await sortTraffic(
    { ...world, redactor: async () => openRedactor([], []) },
    { file: "log.jsonl", suite: suite.name, policyFile: "p.toml", out: null },
  );
  const files = world.written.get(`/home/traffic/${suite.name}`) ?? new Map<string, string>();
  const lines = (file: string): Record<string, unknown>[] =>
    String(files.get(file) ?? "")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { done, lines, files };
}

describe("logs", () => {
  it("are read as LiteLLM and OpenAI write them", () => {
    const openai = {
      request: { model: "m", messages: [{ role: "user", content: [{ type: "text", text: "hi" }] }], metadata: { task: "t", outcome: { tests: "passed" } } },
      response: { model: "m-2026", ...said("yes") },
    };
    const { calls, unread } = readTraffic(
      [JSON.stringify(litellm({ outcome: "merged" })), JSON.stringify(openai), "nope", "{}", JSON.stringify(litellm({ response: said(null) }))].join("\n"),
    );
    expect(calls).toEqual([
      { line: 1, id: "call-1", model: "gpt-oss-20b", at: "1764000000.5", prompt: "user: Repair.", answer: edits, outcome: "merged", task: null },
      { line: 2, id: null, model: "m", at: null, prompt: "user: hi", answer: "yes", outcome: '{"tests":"passed"}', task: "t" },
    ]);
    expect(unread.map(({ line }) => line)).toEqual([3, 4, 5]);
  });
});

describe("calls", () => {
  it("that answer a task become patches that score reads, with what the log claims beside them", async () => {
    const { done, lines, files } = await sorted(litellm({ metadata: { task: `${suite.name}__${first.id}` }, outcome: "merged" }));
    expect(done).toMatchObject({ calls: 1, patches: [{ file: "patches-gpt-oss-20b-1.jsonl", agent: "gpt-oss-20b", tasks: 1 }], unverified: {} });
    expect(lines("patches-gpt-oss-20b-1.jsonl")).toMatchObject([{ task: first.id, claimed: { id: "call-1", outcome: "merged" } }]);
    const { patches, faults } = readPatches(String(files.get("patches-gpt-oss-20b-1.jsonl")), false);
    expect(faults).toEqual([]);
    expect(patches[0]).toMatchObject({ task: first.id, agent: "gpt-oss-20b", diff: expect.stringMatching(/^diff --git a\//) as string });
  });

  it("name their task where LiteLLM keeps what a caller said", async () => {
    for (const kept of ["requester_metadata", "spend_logs_metadata"]) {
      const metadata = { user_api_key_hash: null, requester_metadata: null, [kept]: { task_id: first.id, outcome: "reverted" } };
      expect((await sorted(litellm({ metadata }))).lines("patches-gpt-oss-20b-1.jsonl")).toMatchObject([{ task: first.id, claimed: { outcome: "reverted" } }]);
    }
  });

  it("are brought to the task whose whole instruction stands in the prompt, and to none where it could be several", async () => {
    const asked = litellm({
      messages: [
        { role: "system", content: "Repair." },
        { role: "user", content: `Task: ${second.instruction} Go.` },
      ],
      response: said("--- a/src/a.rs\n+++ b/src/a.rs\n"),
    });
    expect((await sorted(asked)).lines("patches-gpt-oss-20b-1.jsonl")).toMatchObject([{ task: second.id }]);
    const both = litellm({ messages: [{ role: "user", content: `${first.instruction} ${second.instruction}` }] });
    expect((await sorted(both)).done).toMatchObject({ patches: [], unverified: { "no task": 1 } });
  });

  it("of one task and model again are another repetition", async () => {
    const { done } = await sorted(
      litellm({ task: first.id }),
      litellm({ task: first.id, id: "call-2" }),
      litellm({ task: second.id, response: said("--- a/x\n+++ b/x\n") }),
    );
    expect(done.patches.map(({ file, tasks }) => [file, tasks])).toEqual([
      ["patches-gpt-oss-20b-1.jsonl", 2],
      ["patches-gpt-oss-20b-2.jsonl", 1],
    ]);
  });

  it("of two models whose names make one file's lie in two", async () => {
    const by = (model: string): object => litellm({ model, metadata: { task: first.id } });
    const { done, lines } = await sorted(by("org/m"), by("org m"));
    expect(done.patches.map(({ file, agent }) => [file, agent])).toEqual([
      ["patches-org-m-1.jsonl", "org/m"],
      ["patches-org-m-2.jsonl", "org m"],
    ]);
    expect(done.patches.map(({ file }) => lines(file).map(({ agent }) => agent))).toEqual([["org/m"], ["org m"]]);
  });
  it("that can't be verified are kept as candidates for tasks, each with why", async () => {
    const { done, lines } = await sorted(litellm({ task: "gone" }), litellm({ task: first.id, response: said("I could not.") }), litellm({}));
    expect(done.unverified).toEqual({ "no task": 2, "no patch": 1 });
    for (const { why, prompt, answer, model } of lines("unverified.jsonl")) for (const field of [why, prompt, answer, model]) expect(field).not.toBe("");
  });

  it("lose their secrets, and an answer that held one is no evidence any more", async () => {
    const { done, files } = await sorted(
      litellm({ messages: [{ role: "user", content: `key ${KEY}` }] }),
      litellm({ task: first.id, response: said(`${edits}${KEY}`) }),
    );
    expect(done).toMatchObject({ scrubbed: 2, unverified: { "no task": 1, redacted: 1 } });
    for (const content of files.values()) expect(String(content)).not.toContain(KEY);
  });

  it("are wanted at all", async () => {
    await expect(sorted("{}")).rejects.toMatchObject({ code: "usage" });
  });
});
