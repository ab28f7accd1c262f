// A policy held to what was decided in recorded trials, or to what should have been.
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openCapsule } from "../../../../src/adapters/capsules/reader.ts";
import { addScenario, type ScenarioPorts, type ScenarioRequest } from "../../../../src/app/policy/scenario.ts";
import { readGolden } from "../../../../src/core/router/golden/scenario.ts";
import { recordedScenario } from "../../../../src/core/replay/recorded-scenario.ts";
import { readStoredSnapshot } from "../../../../src/core/replay/stored-snapshot.ts";
import { POLICY_FILE } from "../fakes.ts";
import { policyWorld } from "./world.ts";

const SAMPLES = join(import.meta.dirname, "..", "..", "..", "..", "capsules", "samples");
const FILE = "policy/golden/recorded.toml";
const LOST = { run: "default", trial: "nop/fix-record-lines" } as const;

function world() {
  const policy = policyWorld();
  const places = { capsule: (name: string) => join(SAMPLES, `${name}.capsule.jsonl`), calledAs: "bakeoff" };
  const ports: ScenarioPorts = { ...policy.ports, capsules: { open: openCapsule }, places };
  const add = (request: Partial<ScenarioRequest> = {}) =>
    addScenario(ports, { policyFile: POLICY_FILE, ...LOST, attempt: 1, should: "as-it-is", name: null, ...request });
  return { ...policy, ports, add, scenarios: () => readGolden([{ path: FILE, text: policy.texts.files.get(FILE) ?? "" }]).scenarios };
}

describe("a scenario of a recorded trial", () => {
  it("holds the policy to what was decided: the task, the history before it and its slot are told", async () => {
    const { add, scenarios } = world();
    expect(await add({ attempt: 2, name: "nop tries twice" })).toMatchObject({ file: FILE, change: null });
    expect(scenarios()).toMatchObject([
      {
        name: "nop tries twice",
        written: {
          slot: "nop",
          history: ["Plan", "notebook", "Implement", "reflex failed"],
          task: { id: "fix-record-lines", risk: "low", tags: ["record", "hard"] },
        },
        expect: "attempt 2 at Implement by Implementer/Reflex embedded/nop: reflex-retry-with-feedback",
      },
    ]);
  });

  it("says what should have gone to the cloud, and the one change that sends it there", async () => {
    const { add, scenarios, edit } = world();
    const first = await add({ should: "cloud" });
    expect(first).toMatchObject({ change: 'high_risk.paths: add "crates/quarry-text/src/record.rs"', expect: expect.stringContaining("high-risk") as string });
    const second = await add({ should: "cloud", attempt: 2 });
    expect(second).toMatchObject({ change: "reflex.max_attempts = 1", now: expect.stringContaining("Reflex embedded/nop") as string });
    expect(scenarios().map(({ expect: wanted }) => wanted.includes("Implementer/Cloud"))).toEqual([true, true]);
    edit((text) => text.replace(/^max_attempts = 2/m, "max_attempts = 1"));
    expect(await add({ should: "cloud", attempt: 3, name: "another" })).toMatchObject({ change: null });
  });

  it("is refused where there was no such attempt, no such trial, or one of that name; nothing is written", async () => {
    const { add, texts } = world();
    await add({ name: "one" });
    const before = texts.files.get(FILE);
    for (const request of [{ attempt: 9 }, { trial: "nop/no-such-task" }, { name: "one" }]) await expect(add(request)).rejects.toMatchObject({ code: "usage" });
    expect(texts.files.get(FILE)).toBe(before);
  });

  it("is refused where the policy has no scenarios of its own: one alone would take the place of the package's", async () => {
    const { ports } = world();
    const elsewhere = { ...ports, golden: async () => ({ path: "/package/golden", files: [] }) };
    await expect(addScenario(elsewhere, { policyFile: POLICY_FILE, ...LOST, attempt: 1, should: "cloud", name: null })).rejects.toMatchObject({
      code: "usage",
    });
  });
});

describe("the notation", () => {
  it.each(["default", "capability", "resumed"])("tells each attempt of the sample %s, so that its policy decides as it did", async (sample) => {
    const capsule = await openCapsule(join(SAMPLES, `${sample}.capsule.jsonl`), []);
    const stored = readStoredSnapshot(capsule.text(capsule.header.policy.snapshot_hash));
    if (!stored.ok) throw new Error(stored.fault);
    const { snapshot } = stored;
    let told = 0;
    for (const trial of capsule.trials())
      for (const attempt of trial.state.attempts.keys()) {
        const made = recordedScenario(
          { header: capsule.header, trial },
          { stored: snapshot, snapshot },
          { name: "x", attempt: attempt + 1, should: "as-it-is" },
        );
        expect(made, `${trial.id}, attempt ${attempt + 1}`).toMatchObject({ ok: true });
        told += 1;
      }
    expect(told).toBeGreaterThan(5);
    capsule.close();
  });
});
