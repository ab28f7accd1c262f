// Sessions: a fresh run, one that goes on, what is refused before anything runs, and what stops a run on its way.
import { describe, expect, it } from "vitest";
import { sha256 } from "../../../../src/core/base/canonical.ts";
import { BakeoffError, WrittenFileError } from "../../../../src/core/base/errors.ts";
import { capsuleFaults } from "../../../../src/core/capsule/verify.ts";
import type { LoadedPolicy } from "../../../../src/ports/policies.ts";
import { BudgetSpentError } from "../../../../src/app/run/bakeoff.ts";
import { runSession, type SessionRequest } from "../../../../src/app/run/session.ts";
import { answered, fakeBench, goodScript, policyWith, type Script, suiteOf, TASKS, taskNamed } from "../../run/fakes.ts";
import { listener, loaded, memoryCapsules, sessionRequest, type SessionWorld, sessionWorld, someKey, type WorldSketch, withRecord } from "./session-world.ts";

const CAPSULE = "capsules/run-1.capsule.jsonl";

function sessionIn(world: SessionWorld, facts: Partial<SessionRequest> = {}, signal = new AbortController().signal) {
  const watcher = listener();
  return { watcher, result: withRecord(world, runSession(world, sessionRequest(facts), watcher, signal)) };
}

/** A run that is stopped once so many of its trials are done. */
async function stopped(after: number, sketch: WorldSketch = {}): Promise<SessionWorld> {
  const world = sessionWorld(sketch);
  const stop = new AbortController();
  const watcher = listener();
  const trialDone: typeof watcher.trialDone = (trial, state, done, total) => {
    watcher.trialDone(trial, state, done, total);
    if (done === after) stop.abort(new BakeoffError("interrupted", "interrupted"));
  };
  await expect(runSession(world, sessionRequest(), { ...watcher, trialDone }, stop.signal)).rejects.toMatchObject({ code: "interrupted" });
  return world;
}

describe("a fresh run", () => {
  it("says before its first trial what no candidate could meet on it", async () => {
    const world = sessionWorld();
    const said: string[] = [];
    const { heard, ...watcher } = listener();
    const telling = { ...watcher, unreachable: (missing: string) => void said.push(`${heard.length} ${missing}`) };
    await runSession(world, sessionRequest({ tasks: ["fix-a"] }), telling, new AbortController().signal);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/^1 .*1 family, \d+ needed/);
  });

  it("is planned, prepared, run, sealed and reported, in that order", async () => {
    const world = sessionWorld();
    const { watcher, result } = sessionIn(world, { tasks: ["fix-a"] });
    expect(await result).toMatchObject({ capsule: CAPSULE, signature: null, report: "reports/run-1" });
    expect(watcher.heard).toEqual([
      `planned run-1 ${CAPSULE}`,
      "preparing main",
      "prepared main",
      "1/2 rustc-suggestions/fix-a/1",
      "2/2 nop/fix-a/1",
      `sealed ${CAPSULE}`,
    ]);
    expect(world.opened).toEqual(["bench 2", "closed"]);
  });

  it("has its heap kept small before anything is held", async () => {
    const kept: number[] = [];
    const world = sessionWorld({ ports: { keepHeapSmall: () => void kept.push(world.opened.length) } });
    await sessionIn(world, { tasks: ["fix-a"] }).result;
    expect(kept).toEqual([0]);
  });

  it("leaves a capsule that verifies, with the policy and the decision register in it", async () => {
    const world = sessionWorld();
    const { record } = await sessionIn(world).result;
    const stored = await world.capsules.read(CAPSULE);
    expect(capsuleFaults(stored)).toEqual([]);
    expect(stored.blob(record.header.policy.snapshot_hash)).not.toBeNull();
    expect(stored.blob(sha256("# Decisions"))).toBe("# Decisions");
    expect(record.header).toMatchObject({ concurrency: { cargo: 2, model: 2 }, bakeoff_version: "0.1.0", sandbox: "util-linux" });
  });

  it("is signed where there is a key, after it is sealed", async () => {
    const world = sessionWorld({ key: someKey() });
    expect((await sessionIn(world).result).signature).toBe(`${CAPSULE}.sig`);
    expect(world.capsules.signed).toEqual([CAPSULE]);
  });

  it("tells a collector of it once it is sealed, and is whole where the collector takes nothing", async () => {
    const told = sessionWorld();
    await sessionIn(told, { otlp: "http://collector:4318" }).result;
    expect(told.opened).toEqual(["bench 2", "closed", "telemetry http://collector:4318 1"]);
    const refusing = sessionWorld({ ports: { sendTelemetry: () => Promise.reject(new BakeoffError("environment", "no collector", "")) } });
    const { watcher, result } = sessionIn(refusing, { otlp: "http://collector:4318" });
    expect((await result).report).toBe("reports/run-1");
    expect(watcher.heard.at(-1)).toBe("telemetry lost: no collector");
  });

  it("finds a key that can't be read before anything runs", async () => {
    const world = sessionWorld({ ports: { keys: { load: () => Promise.reject(new BakeoffError("usage", "no key", "")) } } });
    await expect(sessionIn(world, { keyFile: "gone.pem" }).result).rejects.toMatchObject({ code: "usage" });
    expect(world.opened).toEqual([]);
  });

  it("keeps its capsule where the report can't be written", async () => {
    const world = sessionWorld({ ports: { writeReport: () => Promise.reject(new BakeoffError("environment", "disk full", "")) } });
    const { watcher, result } = sessionIn(world);
    await expect(result).rejects.toMatchObject({ code: "environment" });
    expect(watcher.heard.at(-1)).toBe(`sealed ${CAPSULE}`);
    expect(capsuleFaults(await world.capsules.read(CAPSULE))).toEqual([]);
  });

  it("runs as many cargo jobs as it is asked for, but never more than there are cores", async () => {
    for (const [asked, cargo] of [
      [1, 1],
      [8, 2],
    ] as const) {
      const world = sessionWorld();
      const { record } = await sessionIn(world, { concurrency: asked, tasks: ["fix-a"] }).result;
      expect(record.header.concurrency).toEqual({ cargo, model: asked });
    }
  });

  it("says in its header, and first of all that it warns of, that it is a diagnosis", async () => {
    const world = sessionWorld();
    const { record } = await sessionIn(world, { diagnosisOf: "run-0" }).result;
    expect(record.header.diagnosis_of).toBe("run-0");
    expect(record.header.warnings[0]).toMatch(/^a diagnosis: it repeats what failed or was lost in run-0/);
    expect(capsuleFaults(await world.capsules.read(CAPSULE))).toEqual([]);
    expect((await sessionIn(sessionWorld()).result).record.header).not.toHaveProperty("diagnosis_of");
  });

  it("takes the default suite where none is named", async () => {
    const asked: string[] = [];
    const loadSuite = async (name: string) => (asked.push(name), suiteOf(TASKS));
    await sessionIn(sessionWorld({ ports: { loadSuite } }), { suite: null }).result;
    expect(asked).toEqual(["reflex-patchloop-v1"]);
  });

  it("bounds model calls by what is asked for, and trials by that and the cargo jobs", async () => {
    const counts: number[] = [];
    const slots: SessionWorld["slots"] = (count) => {
      counts.push(count);
      return (work) => work();
    };
    const calls = { now: 0, most: 0 };
    const script: Script = async (request, provider) => {
      calls.now += 1;
      calls.most = Math.max(calls.most, calls.now);
      await new Promise((resolve) => setTimeout(resolve, 2));
      calls.now -= 1;
      return goodScript(request, provider);
    };
    await sessionIn(sessionWorld({ ports: { slots }, script }), { concurrency: 5, epochs: 2 }).result;
    expect([counts, calls.most]).toEqual([[5], 7]);
  });

  it("looks at the servers of every provider that it may call", async () => {
    const asked: (readonly string[])[] = [];
    const inspectors = (names: readonly string[]) => (asked.push(names.toSorted()), new Map());
    const serving = { inspectors, readiness: async () => ({ ready: true, latencyMs: 1, contextTokens: null }) as const };
    await sessionIn(sessionWorld({ serving }), { candidates: ["nop", "gpt-oss-20b"] }).result;
    expect(asked).toEqual([["embedded", "notebooklm", "sglang"]]);
  });

  it("warns of a server whose context is shorter than the largest prompts, before any call", async () => {
    const readiness = async () => ({ ready: true, latencyMs: 1, contextTokens: 4096 }) as const;
    const { record } = await sessionIn(sessionWorld({ serving: { readiness } }), { candidates: ["nop", "gpt-oss-20b"] }).result;
    expect(record.header.warnings).toContainEqual(expect.stringMatching(/^the server of gpt-oss-20b takes 4096 tokens of prompt and answer/));
  });

  it("refuses a name that it does not know before the workbench is used, and closes the workbench", async () => {
    const bench = fakeBench();
    const world = sessionWorld({ bench });
    await expect(sessionIn(world, { candidates: ["nobody"] }).result).rejects.toMatchObject({ code: "usage" });
    expect(bench.prepared).toEqual([]);
    expect(world.opened).toEqual(["bench 2", "closed"]);
    expect(world.capsules.files.size).toBe(0);
  });
});

describe("a run that goes on", () => {
  it("does what was left, and ends in a capsule that verifies", async () => {
    const world = await stopped(2);
    const { watcher, result } = sessionIn(world, { resume: "run-1", suite: null, candidates: null });
    const { record } = await result;
    expect(record.trials).toHaveLength(6);
    expect(record.trials.every(({ state }) => state.unlocked !== null)).toBe(true);
    expect(watcher.heard[0]).toBe(`planned run-1 ${CAPSULE}`);
    expect(capsuleFaults(await world.capsules.read(CAPSULE))).toEqual([]);
  });

  it("makes only the report where the run is sealed already, and looks for neither suite nor policy", async () => {
    const first = sessionWorld();
    await sessionIn(first).result;
    const later = sessionWorld({ capsules: first.capsules, policy: new Error("gone"), suite: suiteOf([]) });
    const { watcher, result } = sessionIn(later, { resume: CAPSULE });
    expect((await result).record.trials).toHaveLength(6);
    expect(watcher.heard).toEqual(["finished run-1", `sealed ${CAPSULE}`]);
    expect(later.opened).toEqual([]);
  });

  it("is refused where the sealed run was changed afterwards", async () => {
    const world = sessionWorld();
    await sessionIn(world).result;
    world.capsules.files.get(CAPSULE)?.journal.blobs.set(sha256("anything"), "something else");
    await expect(sessionIn(world, { resume: "run-1" }).result).rejects.toMatchObject({ code: "integrity" });
  });

  it.each([
    ["a changed suite", { suite: suiteOf([...TASKS, taskNamed("d")]) }],
    ["a changed policy", { policy: policyWith((policy) => void (policy.reflex.max_attempts = 3)) }],
    ["another sandbox", { bench: { ...fakeBench(), tier: "bubblewrap" as const } }],
  ])("is refused under %s, and its journal is left as it was", async (_, sketch: WorldSketch) => {
    const { capsules } = await stopped(1);
    const before = capsules.files.get(CAPSULE)?.journal.events.length;
    const world = sessionWorld({ ...sketch, capsules });
    await expect(sessionIn(world, { resume: "run-1" }).result).rejects.toMatchObject({ code: "integrity" });
    expect(capsules.files.get(CAPSULE)?.journal.events).toHaveLength(before ?? -1);
    expect(world.opened).toEqual(["bench 2", "closed"]);
  });
});

describe("the policy of a run", () => {
  const broken = new WrittenFileError([{ path: "policy/model_policy.toml", line: 1, column: 1, message: "no policy" }]);

  it("is the last good one for low-risk tasks where its files can't be loaded, and a warning says so", async () => {
    const world = sessionWorld({ policy: broken, lastGood: policyWith() });
    const { record } = await sessionIn(world).result;
    expect(record.header.tasks.map(({ id }) => id)).toEqual(["fix-a", "fix-c"]);
    expect(record.header.policy.loaded).toBe("last-good");
    expect(record.header.warnings.join("\n")).toContain("fix-b");
  });

  it("is missed where there is no last good one, or a high-risk task is asked for", async () => {
    await expect(sessionIn(sessionWorld({ policy: broken })).result).rejects.toBe(broken);
    const world = sessionWorld({ policy: broken, lastGood: policyWith() });
    await expect(sessionIn(world, { tasks: ["fix-b"] }).result).rejects.toBe(broken);
  });

  it("counts a task as high-risk by the paths that it may edit, too", async () => {
    const lastGood = policyWith((policy) => void (policy.high_risk.paths = ["src/c.rs"]));
    const { record } = await sessionIn(sessionWorld({ policy: broken, lastGood })).result;
    expect(record.header.tasks.map(({ id }) => id)).toEqual(["fix-a"]);
    const onlyHigh = suiteOf([taskNamed("b", { risk: "high" }), taskNamed("c")]);
    await expect(sessionIn(sessionWorld({ policy: broken, lastGood, suite: onlyHigh })).result).rejects.toBe(broken);
  });

  it("is kept with its signature, which the header names by hash", async () => {
    const signed: LoadedPolicy = { ...loaded(policyWith()), signature: { status: "valid", publicKey: "k" }, signatureText: "the signature's file" };
    const world = sessionWorld();
    const { record } = await sessionIn({ ...world, policies: { ...world.policies, load: async () => signed } }).result;
    const { signature_hash: hash = "" } = record.header.policy;
    expect((await world.capsules.read(CAPSULE)).blob(hash)).toBe("the signature's file");
    const unsigned = await sessionIn(sessionWorld()).result;
    expect(unsigned.record.header.policy).not.toHaveProperty("signature_hash");
  });

  it("says whether its budget may be overridden", async () => {
    const strict = policyWith((policy) => void (policy.budgets.allow_override = false));
    await expect(sessionIn(sessionWorld({ policy: strict }), { overrideBudget: true }).result).rejects.toMatchObject({ code: "usage" });
    const open = policyWith((policy) => void (policy.budgets.allow_override = true));
    await expect(sessionIn(sessionWorld({ policy: open }), { overrideBudget: true }).result).resolves.toMatchObject({ capsule: CAPSULE });
  });
});

describe("what stops a run", () => {
  /** Only calls over a network use tokens: those of a candidate of candidates.toml, whose server answers. */
  const served: WorldSketch["serving"] = { readiness: async () => ({ ready: true, latencyMs: 1, contextTokens: null }) };
  const oneToken = (allow: boolean) =>
    policyWith((policy) => {
      policy.budgets.run_tokens = 1;
      policy.budgets.allow_override = allow;
    });

  it.each([true, false])("is a spent budget, with the way on that the policy leaves (override allowed: %s)", async (allow) => {
    const world = sessionWorld({ policy: oneToken(allow), serving: served });
    const failed = await sessionIn(world, { candidates: ["gpt-oss-20b"] }).result.catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(BudgetSpentError);
    expect(failed).toMatchObject({ code: "interrupted", canGoOn: allow });
    expect(world.capsules.files.get(CAPSULE)?.journal.sealed).toEqual([]);
    expect(world.reports).toEqual([]);
    expect(world.opened.at(-1)).toBe("closed");
  });

  it("goes on past its budget where that is overridden", async () => {
    const world = sessionWorld({ policy: oneToken(true), serving: served });
    await expect(sessionIn(world, { candidates: ["gpt-oss-20b"] }).result).rejects.toBeInstanceOf(BudgetSpentError);
    const { record } = await sessionIn(world, { resume: "run-1", overrideBudget: true }).result;
    expect(record.trials.every(({ state }) => state.unlocked !== null)).toBe(true);
  });

  it("is a secret of this machine in the header, before a capsule is begun", async () => {
    const secrets = [{ name: "SOME_TOKEN", value: "tiny/hidden-0123456789" }];
    const suite = suiteOf([taskNamed("a", { tags: [secrets[0]?.value ?? ""] })]);
    const world = sessionWorld({ secrets, suite });
    const failed = await sessionIn(world).result.catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: "integrity" });
    expect(String(failed)).not.toContain("hidden-0123456789");
    expect(world.capsules.files.size).toBe(0);
  });

  it("is a secret of this machine in a text that the capsule keeps", async () => {
    const secrets = [{ name: "SOME_TOKEN", value: "hidden-0123456789" }];
    const world = sessionWorld({ secrets, ports: { decisionRegister: async () => "# Decisions: hidden-0123456789" } });
    await expect(sessionIn(world).result).rejects.toMatchObject({ code: "integrity" });
    expect(world.capsules.files.size).toBe(0);
  });

  it("takes a secret out of an answer before it is stored", async () => {
    const secret = "hidden-0123456789abcdef";
    const script: Script = (request, provider) => {
      const reply = goodScript(request, provider) as ReturnType<typeof answered>;
      return request.purpose === "judge" && reply.outcome === "answered" ? answered(reply.text.replace("by my word", secret)) : reply;
    };
    const world = sessionWorld({ script, secrets: [{ name: "SOME_TOKEN", value: secret }] });
    await sessionIn(world, { tasks: ["fix-a"] }).result;
    const stored = await world.capsules.read(CAPSULE);
    expect(JSON.stringify([stored.events, stored.blobs])).not.toContain(secret);
    expect(JSON.stringify(stored.events)).toContain("[redacted:SOME_TOKEN]");
  });

  it("is a capsule that can't be written: it is the evidence", async () => {
    let writes = 0;
    const capsules = memoryCapsules(() => ((writes += 1) > 3 ? new BakeoffError("environment", "no space left", "") : null));
    const world = sessionWorld({ capsules });
    await expect(sessionIn(world).result).rejects.toMatchObject({ code: "environment", message: "no space left" });
    expect(world.reports).toEqual([]);
    expect(world.opened.at(-1)).toBe("closed");
  });
});
