// Steps that were finished while no coordinator listened: taken where the router decides them so, by the last lease, once.
import { describe, expect, it } from "vitest";
import { LeftOvers } from "../../../../src/app/queue/left-overs.ts";
import { madeHere, rememberingProviders } from "../../../../src/app/worker/remembering-providers.ts";
import { runBakeoff } from "../../../../src/app/run/bakeoff.ts";
import { foldRun, plannedTrials } from "../../../../src/core/capsule/record.ts";
import { openRedactor } from "../../../../src/core/capsule/redaction.ts";
import { isModelCall } from "../../../../src/core/trial/command.ts";
import { next } from "../../../../src/core/router/next.ts";
import { CALM } from "../../../../src/core/trial/conditions.ts";
import { trialPlan } from "../../../../src/core/trial/plan.ts";
import { answered, fakeProvider, headerOf, memoryJournal, optionsFor, policyWith } from "../../run/fakes.ts";

const snapshot = policyWith();
const header = headerOf({ snapshot });
const [planned] = plannedTrials(header);
if (planned === undefined) throw new Error("no trial");
const plan = trialPlan(header, planned);

/** The first step of a trial that calls a model, as a run recorded it, and what came before it. */
async function firstStep() {
  const journal = memoryJournal(header);
  await runBakeoff(optionsFor({ snapshot }, journal));
  const lines = foldRun(header, journal.events).trials.find(({ id }) => id === plan.id)?.events ?? [];
  const events = lines.map(({ payload }) => payload);
  const from = events.findIndex((_, index) => isModelCall(next(snapshot, plan, events.slice(0, index), CALM)));
  const step = lines.filter(({ step: number }) => number === lines[from]?.step).map(({ payload }) => payload);
  return { history: events.slice(0, from), step, text: (hash: string) => journal.blobs.get(hash) ?? null };
}

async function offered(
  token: string,
  change: (step: Awaited<ReturnType<typeof firstStep>>["step"]) => Awaited<ReturnType<typeof firstStep>>["step"] = (step) => step,
) {
  const { history, step, text } = await firstStep();
  const leftOvers = new LeftOvers(snapshot, () => plan);
  leftOvers.expect(new Map([[plan.id, "t-1"]]));
  const kept = leftOvers.offer({
    trial: plan.id,
    token,
    index: history.length,
    worker: "w1",
    taken: { entry: "1-0", step: { events: change(step), bodies: [] } },
  });
  return { kept, take: () => leftOvers.take({ id: plan.id, text }, history) };
}

describe("what is left over of an earlier coordinator", () => {
  it("is taken once, with who made it", async () => {
    const { kept, take } = await offered("t-1");
    expect(kept).toBe(true);
    expect(take()?.step.events.flatMap((event) => (event.type === "ToolResult" ? [event.worker] : []))).toEqual(["w1"]);
    expect(take()).toBeNull();
  });
  it("is nothing under another token than the last lease's", async () => {
    expect((await offered("t-0")).kept).toBe(false);
  });
  it("is nothing where the router decides otherwise than it says", async () => {
    const { take } = await offered("t-1", (step) => step.map((event) => (event.type === "RoutingDecision" ? { ...event, model: "another" } : event)));
    expect(take()).toBeNull();
  });
});

describe("the providers of a step that somebody else began", () => {
  it("give the replies that were paid for again, and tell of each further one before it is used", async () => {
    const asked: string[] = [];
    const told: number[] = [];
    const provider = fakeProvider("cloud", () => (asked.push("asked"), answered("new")));
    const step = { calls: [answered("paid for")], called: async (call: number) => void told.push(call) };
    const remembering = rememberingProviders(new Map([["cloud", provider]]), step, madeHere(openRedactor([], []), step)).get("cloud");
    const texts: unknown[] = [];
    for (let call = 0; call < 2; call += 1) {
      const reply = await remembering?.call({} as never, new AbortController().signal);
      texts.push(reply?.outcome === "answered" ? reply.text : null);
    }
    expect([texts, asked.length, told]).toEqual([["paid for", "new"], 1, [1]]);
  });
});
