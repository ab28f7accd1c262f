// A whole run of the built program over a rehearsal server, whose calls' times are held against the clock.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { overloads, says } from "../servers/rehearsal-scenes.ts";
import { sharedCache } from "../setup/scratch.ts";
import { bakeoff } from "./bakeoff.ts";
import { KEY, openServedWorld, readStored, type ServedWorld } from "./served-world.ts";

const cache = await sharedCache();
let world: ServedWorld;

afterEach(() => world.close());

it("keeps each try's own time, and what was waited between them", async () => {
  world = await openServedWorld();
  world.reflex.rehearse(overloads(), says({ content: ['{"edits":[]}'], firstMs: 40 }));
  const end = await bakeoff(["run", "--suite", world.suite, "--policy", world.policy, "--candidates", "small", "--concurrency", "1", "--task", "fix-area"], {
    cwd: world.cwd,
    env: { BAKEOFF_CACHE: cache, OPENAI_API_KEY: KEY },
  });
  expect(end.code, end.stderr).toBe(0);
  const [name = ""] = (await readdir(join(world.cwd, "capsules"))).filter((file) => file.endsWith(".capsule.jsonl"));
  const { events } = await readStored(join(world.cwd, "capsules", name));
  const [first, second] = events.flatMap(({ payload }) => (payload.type === "ModelCallEnvelope" ? [payload] : []));
  expect(first).toMatchObject({ try: 1, failure: "overload", success: false, ttft_ms: null, backoff_ms: 0, constraint: "schema" });
  expect(second).toMatchObject({ try: 2, failure: null, success: true, resolved_model: "small-1", served_model: "small-1", effort: "low" });
  expect(second?.backoff_ms).toBeGreaterThanOrEqual(495);
  expect(second?.latency_ms).toBeLessThan(400);
  expect(second?.ttft_ms).toBeGreaterThanOrEqual(39);
});
