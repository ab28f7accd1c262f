// Going on with a run from every state that a crash can leave its journal in.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sha256 } from "../../src/core/base/canonical.ts";
import { LATE_SEQ } from "../../src/core/capsule/line.ts";
import { capsuleFaults } from "../../src/core/capsule/verify.ts";
import { createJournal } from "../../src/adapters/capsules/journal/journal.ts";
import { runBakeoff } from "../../src/app/run/bakeoff.ts";
import type { BakeoffOptions } from "../../src/app/run/bakeoff-options.ts";
import type { Journal } from "../../src/ports/journal.ts";
import type { Notebook } from "../../src/ports/notebook.ts";
import {
  answered,
  critic,
  editFor,
  failedCall,
  fakeBench,
  headerOf,
  optionsFor,
  policyWith,
  type Script,
  snapshotBlob,
  taskNamed,
  timeless,
  unlock,
} from "../unit/run/fakes.ts";
import { sample, WHOLE } from "../setup/sample.ts";
import { scratch } from "../setup/scratch.ts";
import { read, resumeOnDisk, runOnDisk, type Sketch } from "./journal-world.ts";

const folder = await scratch();

/** Answers that depend on the whole prompt and nothing else, good and bad. */
const drawn: Script = ({ purpose, messages, material }) => {
  const draw = Number.parseInt(sha256(JSON.stringify(messages)).slice(0, 6), 16);
  if (purpose === "judge") return answered(unlock(draw % 4 === 0 ? "BLOCK" : "UNLOCK"));
  if (purpose === "critique") return draw % 5 === 0 ? failedCall("overload") : answered(critic("advisory"));
  if (purpose === "plan") return answered(`Plan ${draw}\u2028 with an odd line end.`);
  const end = ["passed", "failed", "compile-error", "held-out", "timeout-total", "no-answer", "no-json"][draw % 7] ?? "passed";
  if (end === "no-answer") return failedCall("timeout-total");
  return answered(end === "no-json" ? `sorry ${draw}` : editFor(material.task, end, String(draw)));
};

const snapshot = policyWith((policy) => void (policy.tier2.enabled = true));
const sketch: Sketch = { tasks: [taskNamed("a"), taskNamed("b", { risk: "high" }), taskNamed("c")], candidates: ["small", "other"], snapshot, script: drawn };
const notebook: { port: Notebook } = { port: { ask: async (question) => ({ outcome: "answered", text: `About: ${sha256(question)}`, totalMs: 2 }) } };

/** Verifications that end in another order each time. */
function mixed(): Partial<BakeoffOptions> {
  let turn = 0;
  const pause = async () => {
    for (let wait = (turn = (turn * 7 + 3) % 11); wait > 0; wait -= 1) await new Promise((resolve) => setImmediate(resolve));
  };
  return { bench: fakeBench(pause), notebook };
}

interface Whole {
  readonly journal: string;
  readonly events: readonly unknown[];
  readonly blobs: readonly string[];
}

/** The journal of a complete run as it was before it was sealed, and what another such run was sealed to. */
async function wholeRun(name: string, of: Sketch): Promise<Whole> {
  const path = join(folder, `${name}.capsule.jsonl`);
  await runOnDisk(path, of, mixed());
  const sealed = await read(path);
  const unsealed = join(folder, `${name}-unsealed.capsule.jsonl`);
  await runToTheSeal(unsealed, of);
  return { journal: await readFile(unsealed, "utf8"), events: timeless(sealed.events), blobs: sealed.blobs.map((blob) => blob.sha256) };
}

async function runToTheSeal(path: string, of: Sketch): Promise<void> {
  const policy = of.snapshot ?? policyWith();
  const journal = await createJournal(path, headerOf({ ...of, snapshot: policy }), [snapshotBlob(policy)]);
  const unsealing: Journal = {
    path,
    append: (entry) => journal.append(entry),
    sync: () => journal.sync(),
    close: () => journal.close(),
    seal: async () => journal.close(),
  };
  await runBakeoff(optionsFor({ ...of, snapshot: policy }, unsealing, mixed()));
}

/** Lengths of a journal in lines: a third of them, or all. The shortest has the header and the policy, which are made durable together. */
const prefixes = (name: string, longest: number): readonly number[] =>
  sample(
    `prefixes ${name}`,
    Array.from({ length: longest - 1 }, (_, index) => index + 2),
    Math.ceil(longest / 3),
  );

/** Goes on from a prefix of the journal and gives what it was sealed to. */
async function goneOn(prefix: string, of: Sketch, more: Partial<BakeoffOptions> = mixed()) {
  const path = join(folder, "prefix.capsule.jsonl");
  await writeFile(path, prefix);
  await resumeOnDisk(path, of, more);
  const sealed = await read(path);
  return { events: timeless(sealed.events), blobs: sealed.blobs.map((blob) => blob.sha256), faults: capsuleFaults(sealed) };
}

describe("going on with a run", async () => {
  const whole = await wholeRun("full", sketch);
  const lines = whole.journal.split("\n").slice(0, -1);

  it("starts from a journal in which trials are interleaved", () => {
    const trials = lines
      .map((line) => JSON.parse(line) as { kind: string; trial?: string })
      .filter(({ kind }) => kind === "event")
      .map(({ trial }) => trial);
    const switches = trials.filter((trial, index) => index > 0 && trial !== trials[index - 1]).length;
    expect(switches).toBeGreaterThan(20);
    expect(lines.length).toBeGreaterThan(100);
  });

  it(`seals the same events and texts from ${WHOLE ? "every prefix" : "prefixes"} that ends with a line`, async () => {
    for (const count of prefixes("whole", lines.length)) {
      const end = await goneOn(`${lines.slice(0, count).join("\n")}\n`, sketch);
      expect(end.faults, `after line ${count}`).toEqual([]);
      expect(end.events, `after line ${count}`).toEqual(whole.events);
      expect(end.blobs, `after line ${count}`).toEqual(whole.blobs);
    }
  });

  it(`seals the same events and texts from ${WHOLE ? "every prefix" : "prefixes"} that ends within a line`, async () => {
    for (const count of prefixes("torn", lines.length - 1)) {
      const next = Buffer.from(lines[count] ?? "");
      const torn = next.subarray(0, 1 + ((count * 7919) % next.length));
      const path = join(folder, "torn.capsule.jsonl");
      await writeFile(path, Buffer.concat([Buffer.from(`${lines.slice(0, count).join("\n")}\n`), torn]));
      await resumeOnDisk(path, sketch, mixed());
      const sealed = await read(path);
      expect(timeless(sealed.events), `within line ${count + 1}`).toEqual(whole.events);
      expect(capsuleFaults(sealed), `within line ${count + 1}`).toEqual([]);
    }
  });

  it("never runs a finished trial again", async () => {
    const finished = new Set<string>();
    for (const [index, line] of lines.entries()) {
      const { kind, trial, payload } = JSON.parse(line) as { kind: string; trial: string; payload: { gate_name?: string } };
      if (kind !== "event" || payload.gate_name !== "unlock") continue;
      finished.add(trial);
      const bench = fakeBench();
      const calls: string[] = [];
      const script: Script = (request, provider) => {
        calls.push(`${request.material.task.id}`);
        return drawn(request, provider);
      };
      await goneOn(`${lines.slice(0, index + 1).join("\n")}\n`, { ...sketch, script }, { bench, notebook });
      const both = ["a", "b", "c"].filter((name) => ["small", "other"].every((candidate) => finished.has(`${candidate}/fix-${name}/1`)));
      for (const name of both) expect([...calls, ...bench.verified]).not.toContain(`fix-${name}`);
    }
    expect(finished.size).toBe(6);
  });

  it("asks the notebook again for what it still owed, once a trial", async () => {
    const late = (line: string) => line.includes(`"seq":${LATE_SEQ},`);
    const without = lines.filter((line) => !late(line));
    expect(lines.filter(late)).toHaveLength(6);
    const end = await goneOn(`${without.join("\n")}\n`, sketch);
    expect(end.events).toEqual(whole.events);
  });

  it("goes on a second time after it was stopped a second time", async () => {
    for (const [first, second] of [
      [20, 60],
      [35, 36],
      [50, 90],
    ] as const) {
      const path = join(folder, "twice.capsule.jsonl");
      await writeFile(path, `${lines.slice(0, first).join("\n")}\n`);
      const stop = new AbortController();
      let steps = 0;
      const bench = fakeBench(async () => void (++steps === 3 && stop.abort(new Error("again"))));
      await expect(resumeOnDisk(path, sketch, { bench, notebook, signal: stop.signal })).rejects.toThrow("again");
      await resumeOnDisk(path, sketch, mixed());
      expect(timeless((await read(path)).events), `${first}, ${second}`).toEqual(whole.events);
    }
  });

  it("starts unfinished trials anew where the capture mode kept no texts, and ends the same", async () => {
    const terse: Sketch = { ...sketch, snapshot: policyWith((policy) => void (policy.capture.mode = "none")) };
    const run = await wholeRun("terse", terse);
    const terseLines = run.journal.split("\n").slice(0, -1);
    for (let count = 2; count <= terseLines.length; count += 3) {
      const end = await goneOn(`${terseLines.slice(0, count).join("\n")}\n`, terse);
      expect(end.faults, `after line ${count}`).toEqual([]);
      expect(end.events, `after line ${count}`).toEqual(run.events);
    }
  });

  it("refuses a run that is sealed", async () => {
    const path = join(folder, "full.capsule.jsonl");
    const before = await readFile(path);
    await expect(resumeOnDisk(path, sketch)).rejects.toMatchObject({ code: "usage" });
    expect(await readFile(path)).toEqual(before);
  });
});
