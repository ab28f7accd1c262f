// A run on a real redis-server when networks, memory, disks and clocks fail: nothing is lost, nothing is made twice.
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import { scratch } from "../setup/scratch.ts";
import { same, SLOW, world } from "./bed.ts";
import { LEASE_MS } from "./queue-sketch.ts";

/** What is to be undone after a test, whatever became of it. */
const undo: (() => void)[] = [];
afterEach(() => {
  for (const one of undo.splice(0)) one();
});

/** A line between a worker and its server that can be cut: what is under way is lost without a word, and nothing gets through. */
async function cuttable(port: number) {
  const open = new Set<Socket>();
  let isCut = false;
  const line = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      from.on("data", (bytes) => void (isCut || to.write(bytes)));
      from.on("close", () => (open.delete(from), to.destroy()));
      from.on("error", () => undefined);
    }
  });
  await new Promise<void>((resolve) => line.listen(0, "127.0.0.1", resolve));
  undo.push(() => {
    line.close();
    for (const socket of open) socket.destroy();
  });
  return {
    url: `redis://127.0.0.1:${(line.address() as AddressInfo).port}`,
    cut: () => void (isCut = true),
    /** Those that were open learn that they are gone; new ones get through. */
    mend: () => {
      isCut = false;
      for (const socket of open) socket.destroy();
    },
  };
}

it("a worker that is cut off beyond its lease, and comes back: its trials went elsewhere", { timeout: SLOW }, async () => {
  const { redis, capsule, coordinate, work } = await world("cut-off");
  const line = await cuttable(redis.port);
  const run = coordinate();
  work({ url: line.url });
  await expect.poll(() => run.said().includes("done"), { timeout: 30_000 }).toBe(true);
  line.cut();
  await expect.poll(() => run.said().includes('"lost"'), { timeout: 30_000 }).toBe(true);
  work();
  await pause(LEASE_MS / 2);
  line.mend();
  expect(await run.ended, run.said()).toBe(0);
  await same(capsule);
});

it("a server that has no memory left for a while: everybody waits, and nothing is lost", { timeout: SLOW }, async () => {
  const { redis, capsule, coordinate, work } = await world("memory");
  const run = coordinate();
  work();
  work();
  await expect.poll(() => run.said().includes("done"), { timeout: 30_000 }).toBe(true);
  const client = redis.client();
  await client.connect();
  await client.config("SET", "maxmemory", "1");
  await pause(LEASE_MS * 1.5);
  const before = run.said().split("done").length;
  await client.config("SET", "maxmemory", "0");
  client.disconnect();
  expect(await run.ended, run.said()).toBe(0);
  expect(run.said().split("done").length).toBeGreaterThan(before);
  await same(capsule);
});

it("a worker whose clock is an hour ahead: times are the coordinator's", { timeout: SLOW }, async () => {
  const { capsule, coordinate, work } = await world("clock");
  const run = coordinate();
  work({ env: { QUEUE_TEST_CLOCK_AHEAD_MS: "3600000" } });
  expect(await run.ended, run.said()).toBe(0);
  await same(capsule);
});

const mayMount = process.getuid?.() === 0 && execFileSync("uname", { encoding: "utf8" }).startsWith("Linux");
it.runIf(mayMount)(
  "a full disk at the coordinator: it ends and says so; with room again, the run goes on from what was written",
  { timeout: SLOW },
  async () => {
    const place = join(await scratch(), "small");
    mkdirSync(place);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", place]);
    undo.push(() => execFileSync("umount", [place]));
    const { capsule, coordinate, work } = await world("disk", { at: place });
    const run = coordinate();
    work();
    work();
    await expect.poll(() => run.said().includes("done"), { timeout: 30_000 }).toBe(true);
    try {
      writeFileSync(join(place, "filler"), Buffer.alloc(16 << 20));
    } catch {
      // It is full now, as it should be.
    }
    expect(await run.ended, run.said()).not.toBe(0);
    expect(run.said()).toContain("ENOSPC");
    rmSync(join(place, "filler"));
    const next = coordinate();
    expect(await next.ended, next.said()).toBe(0);
    await same(capsule);
  },
);
