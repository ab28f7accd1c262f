// A run on a real redis-server, whose workers, coordinator and server are killed and stopped: it comes to what an undisturbed local run comes to.
import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import { readCapsule } from "../../src/adapters/capsules/file.ts";
import { redisPlace } from "../../src/adapters/queue/connection.ts";
import { openCoordinatorWire } from "../../src/adapters/queue/coordinator-wire.ts";
import { createRandom } from "../../src/core/base/random.ts";
import { draws } from "../setup/sample.ts";
import { same, SLOW, world } from "./bed.ts";
import { LEASE_MS } from "./queue-sketch.ts";

it("three workers come to what one process comes to, and nothing of the run stays in Redis", { timeout: SLOW }, async () => {
  const { redis, capsule, coordinate, work } = await world("calm");
  const run = coordinate();
  const crew = [work(), work(), work()];
  expect([await run.ended, run.said().includes("Error")]).toEqual([0, false]);
  await same(capsule);
  for (const { child } of crew) child.kill("SIGTERM");
  expect(await Promise.all(crew.map(({ ended }) => ended))).toEqual([0, 0, 0]);
  const client = redis.client();
  await client.connect();
  expect((await client.keys("*")).filter((key) => !/:to:/.test(key))).toEqual([]);
  client.disconnect();
});

const kills = draws("kill -9 of workers", { whole: 50, part: 5 });
it(`${kills.count} times kill -9 of a worker at random moments: no call that came back is made again`, { timeout: SLOW * 3 }, async () => {
  const random = createRandom(kills.seed);
  let killed = 0;
  for (let round = 0; killed < kills.count; round += 1) {
    const { capsule, coordinate, work, calls } = await world(`workers-${round}`);
    const run = coordinate();
    const over = { is: false };
    void run.ended.then(() => (over.is = true));
    let crew = [work(), work()];
    while (!over.is && killed < kills.count) {
      await Promise.race([pause(400 + random.int(1200)), run.ended]);
      const [victim] = random.shuffle(crew);
      if (over.is || victim === undefined) break;
      victim.child.kill("SIGKILL");
      killed += 1;
      crew = [...crew.filter((one) => one !== victim), work()];
    }
    expect(await run.ended, run.said()).toBe(0);
    await same(capsule);
    const { events } = await readCapsule(capsule);
    const made = events.filter(({ payload }) => payload.type === "ModelCallEnvelope" && payload.provider !== "embedded").length;
    // A worker that dies between its last byte from the server and its first to us: at most one call a slot of each.
    expect((await calls()).length - made).toBeLessThanOrEqual(killed);
    for (const { child } of crew) child.kill("SIGKILL");
  }
});

const falls = draws("kill -9 of coordinators", { whole: 10, part: 2 });
it(`${falls.count} times kill -9 of the coordinator: the next one takes what was finished meanwhile, once`, { timeout: SLOW * 2 }, async () => {
  const random = createRandom(falls.seed);
  const { capsule, coordinate, work, calls } = await world("coordinators");
  work();
  work();
  let run = coordinate();
  for (let fall = 0; fall < falls.count; fall += 1) {
    const how = await Promise.race([pause(500 + random.int(900)), run.ended.then(() => "ended" as const)]);
    if (how === "ended") break;
    run.child.kill("SIGKILL");
    await run.ended;
    await pause(random.int(400));
    run = coordinate();
  }
  expect(await run.ended, run.said()).toBe(0);
  await same(capsule);
  const { events } = await readCapsule(capsule);
  const made = events.filter(({ payload }) => payload.type === "ModelCallEnvelope" && payload.provider !== "embedded").length;
  expect((await calls()).length).toBe(made);
});

it("a redis-server that is killed and started again from its append-only file", { timeout: SLOW }, async () => {
  const { redis, capsule, coordinate, work } = await world("redis");
  const run = coordinate();
  work();
  work();
  for (let kill = 0; kill < 2; kill += 1) {
    await pause(900);
    await redis.kill();
    await pause(300);
    await redis.start();
  }
  expect(await run.ended, run.said()).toBe(0);
  await same(capsule);
});

it("a worker that is stopped beyond its lease and continued: nothing that it says then is taken", { timeout: SLOW }, async () => {
  const { capsule, coordinate, work } = await world("stopped");
  const run = coordinate();
  const slow = work();
  await expect.poll(() => run.said().includes("done"), { timeout: 30_000 }).toBe(true);
  slow.child.kill("SIGSTOP");
  await pause(LEASE_MS * 1.6);
  work();
  await expect.poll(() => run.said().includes('"lost"'), { timeout: 30_000 }).toBe(true);
  slow.child.kill("SIGCONT");
  expect(await run.ended, run.said()).toBe(0);
  await same(capsule);
});

it("a worker of another version is refused by name, and garbage is nobody's step", { timeout: SLOW }, async () => {
  const { redis, capsule, coordinate, work } = await world("strangers");
  const run = coordinate();
  const old = work({ version: "0.0.9" });
  await expect.poll(() => old.said().includes("refused"), { timeout: 30_000 }).toBe(true);
  const client = redis.client();
  await client.connect();
  for (const text of ["{", "[]", '{"say":"step","worker":"w9","trial":"small/a/1","token":"x","index":0,"events":[],"bodies":[]}'])
    await client.xadd("bakeoff:run-1:inbox", "*", "m", text);
  client.disconnect();
  work();
  expect(await run.ended, run.said()).toBe(0);
  expect(run.said()).toContain("its version is 0.0.9, and the run's is 0.1.0");
  await same(capsule);
});

it("a server that may throw out keys is refused, and so is a password in the address", async () => {
  const { redis } = await world("evicting");
  const client = redis.client();
  await client.connect();
  await client.config("SET", "maxmemory-policy", "allkeys-lru");
  client.disconnect();
  const place = await redisPlace({ url: redis.url, passwordFile: null }, {});
  await expect(openCoordinatorWire(place, "run-1")).rejects.toMatchObject({ code: "environment" });
  await expect(redisPlace({ url: "redis://:secret@127.0.0.1", passwordFile: null }, {})).rejects.toMatchObject({ code: "usage" });
});
