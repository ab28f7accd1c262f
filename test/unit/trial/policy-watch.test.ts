// A policy that changes while its run goes on: what is recorded of it, and that nothing is decided by it.
import { describe, expect, it } from "vitest";
import { sha256 } from "../../../src/core/base/canonical.ts";
import { policyUri } from "../../../src/core/capsule/line.ts";
import { openRedactor } from "../../../src/core/capsule/redaction.ts";
import { capsuleFaults } from "../../../src/core/capsule/verify.ts";
import { snapshotText } from "../../../src/core/policy/snapshot.ts";
import type { TrialEvent } from "../../../src/core/trial/event.ts";
import { reportModel } from "../../../src/core/report/model.ts";
import type { runBakeoff } from "../../../src/app/run/bakeoff.ts";
import type { PolicyReading } from "../../../src/ports/policy-source.ts";
import { headerOf, keptOf, memoryJournal, optionsFor, policyWith, snapshotBlob, taskNamed, ranIn } from "../run/fakes.ts";

const own = policyWith();
const other = policyWith((policy) => {
  policy.meta.version = "3.0.0";
  policy.reflex.max_attempts = 1;
});
const sightOf = (snapshot: typeof own): PolicyReading => ({ ok: true, id: snapshot.policy_id, hash: snapshot.hash, text: snapshotText(snapshot) });
const GARBLED: PolicyReading = { ok: false, reason: "policy/model_policy.toml:1:1: no table" };

/** A run of two trials whose policy's files hold these, one after the other, at the stage boundaries. */
async function runSeeing(sights: readonly (PolicyReading | null)[], more: Partial<Parameters<typeof runBakeoff>[0]> = {}) {
  const sketch = { tasks: [taskNamed("a"), taskNamed("b")], candidates: ["small"], snapshot: own };
  const header = headerOf(sketch);
  const journal = memoryJournal(header);
  const stored = snapshotBlob(own);
  journal.blobs.set(stored.sha256, stored.text);
  let looks = 0;
  const record = await ranIn(journal, optionsFor(sketch, journal, { policySource: { look: async () => sights[looks++] ?? null }, ...more }));
  const [end] = journal.sealed;
  if (!end) throw new Error("not sealed");
  const blobs = [...journal.blobs].map(([hash, text]) => ({ sha256: hash, text }));
  return { record, journal, header, looks, faults: capsuleFaults({ header, events: end.events, seal: end.seal, blobs }) };
}

const told = ({ record }: Awaited<ReturnType<typeof runSeeing>>): TrialEvent[] =>
  record.runEvents
    .slice(1)
    .map(({ payload }) => payload)
    .filter((event) => event.type === "PolicySnapshotRef" || (event.type === "ErrorEvent" && event.error_code !== "cost-unknown"));

describe("a policy that changes during a run", () => {
  it("is looked at where a trial enters a stage, and nowhere else", async () => {
    const { looks } = await runSeeing([]);
    expect(looks).toBe(2 * 5);
  });

  it("is stored as a further snapshot, which is not in force", async () => {
    const run = await runSeeing([null, sightOf(own), sightOf(other), sightOf(other)]);
    const hash = sha256(snapshotText(other));
    expect(told(run)).toEqual([
      {
        type: "PolicySnapshotRef",
        policy_uri: policyUri(run.header, hash),
        policy_id: "model-policy@3.0.0",
        policy_hash: other.hash,
        observed_hash: hash,
      },
    ]);
    expect(run.journal.blobs.get(hash)).toBe(snapshotText(other));
    expect(run.faults).toEqual([]);
    for (const { policy_hash: named } of run.journal.events) expect(named).toBe(own.hash);
  });

  it("decides nothing: the trials come out as without it", async () => {
    const outcomes = (run: Awaited<ReturnType<typeof runSeeing>>) => run.record.trials.map(({ state }) => [state.attempts.length, state.unlocked?.outcome]);
    expect(outcomes(await runSeeing([sightOf(other)]))).toEqual(outcomes(await runSeeing([])));
  });

  it("is warned of in the report, once", async () => {
    const { record } = await runSeeing([sightOf(other), sightOf(own), sightOf(other)]);
    const warnings = reportModel(record).warnings.filter((text) => text.includes("model-policy@3.0.0"));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/was not in force/);
  });

  it("is on record again once it is put back", async () => {
    const run = await runSeeing([sightOf(other), sightOf(own)]);
    expect(told(run)).toMatchObject([
      { policy_hash: other.hash },
      { type: "PolicySnapshotRef", policy_id: own.policy_id, policy_hash: own.hash, policy_uri: policyUri(run.header) },
    ]);
    expect(run.faults).toEqual([]);
  });

  it("does not stop the run where it can't be read: that is recorded, once", async () => {
    const run = await runSeeing([GARBLED, GARBLED, null, sightOf(own)]);
    expect(told(run)).toMatchObject([{ type: "ErrorEvent", error_code: "policy-unreadable", severity: "Warning" }, { type: "PolicySnapshotRef" }]);
    expect(told(run)[0]).toMatchObject({ message: expect.stringContaining("policy/model_policy.toml:1:1") as string });
    expect(run.faults).toEqual([]);
    expect(reportModel(run.record).warnings.join("\n")).toContain("policy-unreadable");
  });

  it("is not stored where it holds a secret of this machine", async () => {
    const secret = "correct-horse-battery-staple-1";
    const leaking = policyWith((policy) => void (policy.tier2.notebook = secret));
    const run = await runSeeing([sightOf(leaking)], { redactor: openRedactor([], [{ name: "THE_KEY", value: secret }]) });
    expect(told(run)).toMatchObject([{ error_code: "policy-unreadable", message: expect.stringContaining("THE_KEY") as string }]);
    expect([...run.journal.blobs.values(), ...run.journal.events.map((line) => JSON.stringify(line))].join("\n")).not.toContain(secret);
  });

  it("is not told twice by a run that goes on", async () => {
    const first = await runSeeing([sightOf(other)]);
    const cut = first.journal.events.filter(({ trial }) => trial !== "small/fix-b/1");
    const { kept } = keptOf({ events: cut, blobs: first.journal.blobs });
    const again = await runSeeing([sightOf(other), sightOf(own)], { kept });
    const fresh = again.journal.events.filter(({ payload }) => payload.type === "PolicySnapshotRef").map(({ payload }) => payload);
    expect(fresh).toMatchObject([{ policy_hash: own.hash }]);
  });
});
