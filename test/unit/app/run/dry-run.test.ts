// A forecast held against the very run that it forecasts: what is recorded of each model lies within it.
import { describe, expect, it } from "vitest";
import { dryRun } from "../../../../src/app/run/dry-run.ts";
import { runSession, type SessionRequest } from "../../../../src/app/run/session.ts";
import { answered, editFor, goodScript, type Script } from "../../run/fakes.ts";
import { listener, sessionRequest, type SessionWorld, sessionWorld, type WorldSketch, withRecord } from "./session-world.ts";

/** All keys are there, and the candidates' servers answer. */
const SERVED: NonNullable<WorldSketch["serving"]> = { reachable: () => true, readiness: async () => ({ ready: true, latencyMs: 1, contextTokens: null }) };
/** No patch passes: every attempt that the policy grants is made. */
const hopeless: Script = (call, seen) => (call.purpose === "patch" ? answered(editFor(call.material.task, "failed")) : goodScript(call, seen));

const forecastIn = (world: SessionWorld, facts: Partial<SessionRequest>) => dryRun({ ...world, spending: async () => [] }, sessionRequest(facts));

/** Calls by provider and model, as a run recorded them. */
async function recordedIn(world: SessionWorld, facts: Partial<SessionRequest>): Promise<ReadonlyMap<string, number>> {
  const { record } = await withRecord(world, runSession(world, sessionRequest(facts), listener(), new AbortController().signal));
  const counts = new Map<string, number>();
  for (const { events } of record.trials)
    for (const { payload } of events)
      if (payload.type === "ModelCallEnvelope" && payload.provider !== "embedded") {
        const name = `${payload.provider} ${payload.model}`;
        counts.set(name, (counts.get(name) ?? 0) + 1);
      }
  return counts;
}

describe("a forecast", () => {
  it.each([
    ["all goes well", goodScript, {}],
    ["no patch passes", hopeless, {}],
    ["each task is repeated", hopeless, { epochs: 2 }],
    ["the slot is tried on high-risk tasks, too", hopeless, { capability: true }],
    ["the policy's own route runs", hopeless, { candidates: ["policy", "nop"] }],
  ] as const)("holds what a run calls where %s", async (_, script, facts) => {
    const sketch = { script, serving: SERVED };
    const asked = { candidates: ["gpt-oss-20b", "nop"], ...facts };
    const { calls } = await forecastIn(sessionWorld(sketch), asked);
    const recorded = await recordedIn(sessionWorld(sketch), asked);
    expect([...recorded.keys()].toSorted()).toEqual(calls.map(({ provider, model }) => `${provider} ${model}`).toSorted());
    for (const { provider, model, least, most } of calls) {
      const count = recorded.get(`${provider} ${model}`) ?? 0;
      expect([model, least <= count && count <= most]).toEqual([model, true]);
    }
  });

  it("says what leaves the machine, with a price where the policy has one", async () => {
    const { calls, standIns } = await forecastIn(sessionWorld({ serving: SERVED }), { candidates: ["gpt-oss-20b"] });
    expect(standIns).toEqual([]);
    expect(calls.filter(({ cloud }) => cloud).map(({ mostUsd }) => mostUsd !== null && mostUsd > 0)).not.toContain(false);
    expect(calls.find(({ cloud }) => !cloud)).toMatchObject({ model: "gpt-oss-20b", mostUsd: 0 });
  });

  it("names nobody where only programs of this machine play, and is refused where the run would be", async () => {
    const world = sessionWorld();
    expect(await forecastIn(world, {})).toMatchObject({ calls: [], trials: 6, minutes: null });
    expect(world.opened).toEqual([]);
    await expect(forecastIn(world, { candidates: ["nobody"] })).rejects.toMatchObject({ code: "usage" });
    await expect(forecastIn(world, { candidates: ["gpt-oss-20b"] })).rejects.toMatchObject({ code: "environment" });
  });
});
