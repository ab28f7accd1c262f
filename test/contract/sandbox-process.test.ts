// A process of the sandbox that has ended holds nobody up.
import { expect, it } from "vitest";
import { startProcess } from "../../src/adapters/sandbox/process.ts";

const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;

const started = (...command: [string, ...string[]]) =>
  startProcess({ command, env: { PATH: process.env["PATH"] ?? "" }, cwd: "/", signal: new AbortController().signal }, false);

it("a limit that comes after the end starts no clock: nobody would stop it, and it would kill whoever has the number then", async () => {
  const running = started("true");
  await running.ended;
  const before = timers();
  running.limit(60_000);
  expect(timers()).toBe(before);
});

it("a second limit takes the place of the first", async () => {
  const running = started("sleep", "0.3");
  running.limit(1);
  running.limit(60_000);
  expect(await running.ended).toMatchObject({ code: 0, timedOut: false });
});
