// What is recorded of servers that say what they are, change, go and come back.
import { describe, expect, it } from "vitest";
import type { TrialEvent } from "../../../src/core/trial/event.ts";
import { openServerWatch } from "../../../src/trial/server-watch.ts";
import type { ServerFacts, ServerInspector } from "../../../src/ports/servers.ts";

type Said = ServerFacts | string;

function watchOf(says: readonly Said[], events: readonly TrialEvent[] = []) {
  const recorded: TrialEvent[] = [];
  let asked = 0;
  let now = 0;
  const inspector: ServerInspector = {
    headline: [],
    inspect: async () => {
      const said = says[Math.min(asked++, says.length - 1)] ?? "gone";
      return typeof said === "string" ? { ok: false, detail: said } : { ok: true, facts: said };
    },
  };
  const run = { servers: new Map([["sglang", inspector]]), clock: { now: () => now, wall: () => "" }, signal: new AbortController().signal };
  const watch = openServerWatch(run, { run: async (fresh) => void recorded.push(...fresh) }, events);
  return { watch, recorded, asked: () => asked, pass: (ms: number) => (now += ms) };
}

describe("a server's identity", () => {
  it("is recorded once while it stays the same", async () => {
    const { watch, recorded } = watchOf([{ model_path: "a", tp_size: 1 }]);
    await watch.look();
    await watch.look();
    expect(recorded).toEqual([{ type: "ServerIdentity", provider: "sglang", facts: { model_path: "a", tp_size: 1 }, changed: [], error: null }]);
  });
  it("is recorded again when facts change, come or go, and says which", async () => {
    const { watch, recorded } = watchOf([
      { model_path: "a", dtype: "half" },
      { model_path: "b", version: "2" },
    ]);
    await watch.look();
    await watch.look();
    expect(recorded.at(-1)).toMatchObject({ changed: ["dtype", "model_path", "version"] });
  });
  it("is compared with what was said before the server went away", async () => {
    const { watch, recorded } = watchOf([{ model_path: "a" }, "refused", "refused", { model_path: "b" }]);
    for (let look = 0; look < 4; look += 1) await watch.look();
    expect(recorded.map((event) => event.type === "ServerIdentity" && [event.error, event.changed])).toEqual([
      [null, []],
      ["refused", []],
      [null, ["model_path"]],
    ]);
  });
  it("is compared across an interruption", async () => {
    const before: TrialEvent = { type: "ServerIdentity", provider: "sglang", facts: { model_path: "a" }, changed: [], error: null };
    const { watch, recorded } = watchOf([{ model_path: "b" }], [before]);
    await watch.look();
    expect(recorded).toMatchObject([{ changed: ["model_path"] }]);
  });
  it("is asked for at most every half minute between trials", async () => {
    const { watch, asked, pass } = watchOf([{ model_path: "a" }]);
    await watch.look();
    await watch.glance();
    expect(asked()).toBe(1);
    pass(30_000);
    await watch.glance();
    expect(asked()).toBe(2);
  });
});
