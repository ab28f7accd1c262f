// Workers that make model calls and workers that verify, on a real redis-server: either kind is killed, and the run comes to what an undisturbed local one comes to.
import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import { readCapsule } from "../../src/adapters/capsules/file.ts";
import { createRandom } from "../../src/core/base/random.ts";
import { draws } from "../setup/sample.ts";
import { type Running, same, SLOW, world } from "./bed.ts";
import { LEASE_MS } from "./queue-sketch.ts";

async function networkCalls(capsule: string) {
  const { events } = await readCapsule(capsule);
  return events.flatMap(({ payload }) => (payload.type === "ModelCallEnvelope" && payload.provider !== "embedded" ? [payload] : []));
}

it("come to what one process comes to, each with what it does", { timeout: SLOW }, async () => {
  const { redis, capsule, coordinate, work, calls } = await world("kinds-calm");
  const run = coordinate();
  const crew = [work({ steps: "model" }), work({ steps: "verify" }), work({ steps: "verify" })];
  expect([await run.ended, run.said().includes("Error")]).toEqual([0, false]);
  await same(capsule);
  const made = await networkCalls(capsule);
  expect([...new Set(made.map(({ worker }) => worker))]).toEqual(["w1"]);
  expect(await calls()).toHaveLength(made.length);
  for (const { child } of crew) child.kill("SIGTERM");
  expect(await Promise.all(crew.map(({ ended }) => ended))).toEqual([0, 0, 0]);
  const client = redis.client();
  await client.connect();
  expect((await client.keys("*")).filter((key) => !/:to:/.test(key))).toEqual([]);
  client.disconnect();
});

for (const steps of ["model", "verify"] as const) {
  const kills = draws(`kill -9 of workers with --steps ${steps}`, { whole: 20, part: 3 });
  it(`${kills.count} times kill -9 of a worker with --steps ${steps}: no call that came back is made again`, { timeout: SLOW * 3 }, async () => {
    const random = createRandom(kills.seed);
    let killed = 0;
    for (let round = 0; killed < kills.count; round += 1) {
      const { capsule, coordinate, work, calls } = await world(`kinds-${steps}-${round}`);
      const run = coordinate();
      const over = { is: false };
      void run.ended.then(() => (over.is = true));
      const others = [work({ steps: steps === "model" ? "verify" : "model" }), work({ steps: steps === "model" ? "verify" : "model" })];
      let crew: readonly Running[] = [work({ steps }), work({ steps })];
      while (!over.is && killed < kills.count) {
        await Promise.race([pause(400 + random.int(1200)), run.ended]);
        const [victim] = random.shuffle([...crew]);
        if (over.is || victim === undefined) break;
        victim.child.kill("SIGKILL");
        killed += 1;
        crew = [...crew.filter((one) => one !== victim), work({ steps })];
      }
      expect(await run.ended, run.said()).toBe(0);
      await same(capsule);
      const made = (await networkCalls(capsule)).length;
      const again = (await calls()).length - made;
      // A worker that dies between its last byte from the server and its first to us: at most one call a slot of each. Who verifies makes none.
      expect(again).toBeLessThanOrEqual(steps === "model" ? killed * SLOTS : 0);
      for (const { child } of [...others, ...crew]) child.kill("SIGKILL");
    }
  });
}

/** Model calls at a time, as the run of these tests says. */
const SLOTS = 2;

it("a coordinator that is killed: the next one takes the calls that came back meanwhile, once", { timeout: SLOW }, async () => {
  const { capsule, coordinate, work, calls } = await world("kinds-coordinator");
  work({ steps: "model" });
  work({ steps: "verify" });
  work({ steps: "verify" });
  let run = coordinate();
  for (let fall = 0; fall < 2; fall += 1) {
    const how = await Promise.race([pause(900), run.ended.then(() => "ended" as const)]);
    if (how === "ended") break;
    run.child.kill("SIGKILL");
    await run.ended;
    run = coordinate();
  }
  expect(await run.ended, run.said()).toBe(0);
  await same(capsule);
  expect((await calls()).length - (await networkCalls(capsule)).length).toBeLessThanOrEqual(2 * SLOTS);
});

it("a worker that makes calls and is stopped beyond its lease: another makes them, and it joins again", { timeout: SLOW }, async () => {
  const { capsule, coordinate, work } = await world("kinds-stopped");
  const run = coordinate();
  work({ steps: "verify" });
  const slow = work({ steps: "model" });
  await expect.poll(() => run.said().includes("done"), { timeout: 30_000 }).toBe(true);
  slow.child.kill("SIGSTOP");
  await pause(LEASE_MS * 1.6);
  await expect.poll(() => run.said().includes("no worker makes model calls"), { timeout: 30_000 }).toBe(true);
  slow.child.kill("SIGCONT");
  expect(await run.ended, run.said()).toBe(0);
  await same(capsule);
});
