// A hundred pairs of a recorded run and a later live run under the other policy, with models of known, noisy success: how often the
// prediction made from the first holds what the second comes to.
import { describe, expect, it } from "vitest";
import { createRandom } from "../../src/core/base/random.ts";
import { foldRun } from "../../src/core/capsule/record.ts";
import type { WrittenPolicy } from "../../src/core/policy/schema.ts";
import { counterfactual } from "../../src/core/replay/counterfactual/counterfactual.ts";
import { readerOf, recorded } from "../unit/core/replay/recorded.ts";
import { answered, editFor, goodScript, policyWith, type Script, taskNamed } from "../unit/run/fakes.ts";

const PAIRS = 100;
const TASKS = Array.from({ length: 24 }, (_, index) => ({
  ...taskNamed("a"),
  id: `task-${String(index).padStart(2, "0")}`,
  family: `family-${Math.floor(index / 3)}`,
}));

const policy = (change: (written: WrittenPolicy) => void = () => undefined) =>
  policyWith((written) => {
    const { architect, implementer, judge, sidecar_critic: critic } = written.roles;
    [architect.model, implementer.model, judge.model, critic.model] = ["big", "high", "big", "mini"];
    change(written);
  });

/** Each answer is right with the chance of its model on its task, which tasks of a family share in part; drawn anew in each run. */
function noisy(seed: string): Script {
  const random = createRandom(seed);
  const chances = createRandom("chances");
  const family = new Map(TASKS.map(({ family: name }) => [name, chances.next()]));
  const own = new Map(TASKS.map(({ id, family: name }) => [id, 0.6 * (family.get(name) ?? 0) + 0.4 * chances.next()]));
  return (request, provider) => {
    if (request.purpose !== "patch") return goodScript(request, provider);
    const chance = provider === "cloud" ? 0.5 : (own.get(request.material.task.id) ?? 0);
    return answered(editFor(request.material.task, random.next() < chance ? "passed" : "failed", `${seed} ${random.next()}`));
  };
}

const attempts = (most: number) => policy((written) => void (written.reflex.max_attempts = most));

async function runUnder(snapshot: ReturnType<typeof policy>, seed: string) {
  const run = await recorded({ tasks: TASKS, script: noisy(seed), snapshot, candidates: ["small"] });
  return foldRun(run.header, run.events);
}

/** Whether the prediction from a recorded run holds the later run's rate. */
async function isCovered(recordedAttempts: number, liveAttempts: number, pair: number): Promise<boolean> {
  const record = await runUnder(attempts(recordedAttempts), `recorded ${recordedAttempts} ${pair}`);
  const live = await runUnder(attempts(liveAttempts), `live ${liveAttempts} ${pair}`);
  const [candidate] = counterfactual(readerOf(record), attempts(liveAttempts)).candidates;
  const passed = live.trials.filter(({ state }) => state.attempts.at(-1)?.result.verdict.status === "passed").length / live.trials.length;
  if (candidate?.later.refusal !== null) return false;
  const { low, high } = candidate.later.pass;
  return (low ?? 0) <= passed && passed <= (high ?? 1);
}

describe("a prediction from the record", () => {
  it.each([
    ["fewer attempts", 3, 2],
    ["as many attempts", 2, 2],
    ["more attempts, which the record does not hold", 1, 2],
  ] as const)(
    "of a policy with %s holds at least 93 of 100 later runs",
    async (_, recordedAttempts, liveAttempts) => {
      let covered = 0;
      for (let pair = 0; pair < PAIRS; pair += 1) if (await isCovered(recordedAttempts, liveAttempts, pair)) covered += 1;
      process.stdout.write(`prediction: ${covered} of ${PAIRS} later runs covered (${recordedAttempts} attempts recorded, ${liveAttempts} live)\n`);
      expect(covered).toBeGreaterThanOrEqual(93);
    },
    900_000,
  );
});
