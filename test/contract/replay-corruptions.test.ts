// Damaged capsules replayed: each ends in a named integrity error or in a report that says what is not intact; none crashes, none is proven.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openCapsule } from "../../src/adapters/capsules/reader.ts";
import { canonicalJson, hashOf, merkleRoot, sha256 } from "../../src/core/base/canonical.ts";
import { BakeoffError } from "../../src/core/base/errors.ts";
import { createRandom } from "../../src/core/base/random.ts";
import { VerifiedTrees } from "../../src/core/replay/verified-trees.ts";
import { AUDIT_LAYOUTS, writeAudit } from "../../src/core/report/audit/audit.ts";
import { AuditFigures } from "../../src/core/report/audit/figures.ts";
import { audit } from "../../src/core/report/audit/model.ts";
import { replayRun } from "../../src/app/replay/run-replay.ts";
import { planting, policyWith, suiteOf, taskNamed } from "../unit/run/fakes.ts";
import { bench } from "../unit/core/replay/recorded.ts";
import { scratch } from "../setup/scratch.ts";
import { runOnDisk } from "./journal-world.ts";

const folder = await scratch();
const path = join(folder, "damaged.capsule.jsonl");
const whole = join(folder, "whole.capsule.jsonl");
const tasks = [taskNamed("a"), taskNamed("b", { risk: "high" })];
await runOnDisk(whole, { tasks, candidates: ["small"], snapshot: policyWith(planting(2)) }, { bench: bench() });
const bytes = await readFile(whole);
const lines = bytes.toString("utf8").trimEnd().split("\n");
const random = createRandom("replayed damage");

/** The outcome of a replay with all its reports written, or the code of the error that it ended in. */
async function outcomeOf(content: Uint8Array | string): Promise<string> {
  await writeFile(path, content);
  const verified = new VerifiedTrees();
  try {
    const run = await openCapsule(path, [], (line) => verified.add(line));
    try {
      const figures = new AuditFigures();
      const signature = { state: "unsigned", key: null, detail: "" } as const;
      const { faults, seal } = run;
      const about = { suite: suiteOf(tasks), diffTool: { apply: async () => ({ ok: false, detail: "" }) as const }, withheld: () => false };
      const ways = { bench: null, signal: new AbortController().signal, pause: async () => undefined, reexecuted: () => undefined, version: "0.1.0" };
      const replay = await replayRun({ run, texts: run, verified, faults, signature, ...about, ...ways }, figures);
      const made = audit({ run, figures, replay, seal, signature, version: "0.1.0", holds: (hash) => run.holds(hash), counterfactual: null, comparison: null });
      Array.from(writeAudit(made, AUDIT_LAYOUTS, { part: () => undefined, page: () => undefined }));
      return made.model.outcome;
    } finally {
      run.close();
    }
  } catch (error) {
    if (error instanceof BakeoffError) return error.code;
    throw error;
  }
}

const text = (all: readonly string[]): string => all.map((line) => `${line}\n`).join("");

/** Every hash made to fit. */
function resealed(all: readonly string[]): string {
  const events = all.filter((line) => line.includes('"kind":"event"'));
  const blobs = all.filter((line) => line.includes('"kind":"blob"'));
  const { seal_hash: _, ...seal } = JSON.parse(lines.at(-1) ?? "") as Record<string, unknown>;
  const facts = { ...seal, merkle_root: merkleRoot(events), header_hash: sha256(all[0] ?? ""), events: events.length, blobs: blobs.length };
  return text([...all.slice(0, -1), canonicalJson({ ...facts, seal_hash: hashOf(facts) })]);
}

const eventsFrom = lines.findIndex((line) => line.includes('"kind":"event"'));
const anEvent = (): number => eventsFrom + random.int(lines.length - eventsFrom - 1);

const DAMAGES: readonly (() => Uint8Array | string)[] = [
  () => {
    const copy = Buffer.from(bytes);
    const place = random.int(copy.length);
    copy[place] = (copy[place] ?? 0) ^ (1 << random.int(8));
    return copy;
  },
  () => bytes.subarray(0, random.int(bytes.length)),
  () => resealed(lines.toSpliced(anEvent(), 1)),
  () => resealed(lines.toSpliced(anEvent(), 1 + random.int(20))),
  () => resealed(lines.toSpliced(anEvent(), 0, lines[anEvent()] ?? "")),
  () => resealed(lines.with(anEvent(), lines[anEvent()] ?? "")),
  () => resealed(lines.filter((_, at) => at === 0 || at > eventsFrom - 1 || random.int(3) > 0)),
];

it("proves nothing of any of 350 damaged capsules, and ends as an integrity error or a report", async () => {
  expect(await outcomeOf(bytes)).toBe("proven");
  const ends = new Map<string, number>();
  for (let count = 0; count < 350; count += 1) {
    const made = DAMAGES[count % DAMAGES.length]?.() ?? "";
    if (bytes.equals(Buffer.from(made)) || made === text(lines)) continue;
    const end = await outcomeOf(made);
    ends.set(end, (ends.get(end) ?? 0) + 1);
    if (!["integrity", "not-intact"].includes(end)) expect.unreachable(`damage ${count}: ${end}`);
  }
  expect([...ends.keys()].toSorted()).toEqual(["integrity", "not-intact"]);
});
