// What LiteLLM's own logging says of real calls is what `suite from-traffic` reads: the task that the caller named, the answer, the claim.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { bakeoff } from "../cli/bakeoff.ts";
import { layTinySuite } from "../cli/tiny-suite.ts";
import { scratch } from "../setup/scratch.ts";
import { harborPython, readByHarbor } from "./peer.ts";

const EDITS = { edits: [{ path: "src/area.rs", search: "width + height", replace: "width * height" }] };

describe.skipIf(harborPython() === undefined)("calls that LiteLLM has logged", () => {
  it("are brought to their tasks, with what was claimed, and the rest is told", async () => {
    const cwd = await scratch();
    await layTinySuite(cwd);
    const calls = [
      { task: "fix-area", prompt: "The area is wrong.", answer: JSON.stringify(EDITS), kept_in: "spend_logs_metadata" },
      { task: "fix-area", prompt: "The area is still wrong.", answer: "I can't.", kept_in: "requester_metadata" },
      { task: "nothing", prompt: "Something else.", answer: "No.", kept_in: "requester_metadata" },
    ];
    await writeFile(join(cwd, "calls.json"), JSON.stringify(calls));
    const logged = await readByHarbor<{ calls: number; version: string }>("log_litellm.py", join(cwd, "log.jsonl"), join(cwd, "calls.json"));
    expect(logged.calls).toBe(3);
    const { code, stdout, stderr } = await bakeoff(["suite", "from-traffic", "log.jsonl", "--suite", "./tiny", "--out", "traffic", "--json"], { cwd });
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      calls: 3,
      unread: [],
      patches: [{ agent: "gpt-oss-20b", tasks: 1 }],
      unverified: { "no task": 1, "no patch": 1 },
    });
    const [patch] = (await readFile(join(cwd, "traffic", "patches-gpt-oss-20b-1.jsonl"), "utf8")).trimEnd().split("\n");
    expect(JSON.parse(patch ?? "")).toMatchObject({ task: "fix-area", claimed: { outcome: "merged" }, diff: expect.stringContaining("+") });
  });
});
