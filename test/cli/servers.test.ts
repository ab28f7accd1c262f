// Whole runs of the built program over rehearsal servers: routing by the policy, a server that dies, and nothing secret kept.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { EventOf, TrialEvent } from "../../src/core/trial/event.ts";
import { answers, overloads, says } from "../servers/rehearsal-scenes.ts";
import { sharedCache } from "../setup/scratch.ts";
import { bakeoff, type Ended, type Start } from "./bakeoff.ts";
import { changesNothing, cloudPlays, KEY, openServedWorld, readStored, repairs, type ServedWorld } from "./served-world.ts";

const cache = await sharedCache();
let world: ServedWorld;

afterEach(() => world.close());

const run = (args: readonly string[], start: Partial<Start> = {}): Promise<Ended> =>
  bakeoff(args, { cwd: world.cwd, ...start, env: { BAKEOFF_CACHE: cache, OPENAI_API_KEY: KEY, ...start.env } });
const begin = (more: readonly string[], start: Partial<Start> = {}): Promise<Ended> =>
  run(["run", "--suite", world.suite, "--policy", world.policy, "--candidates", "small", "--concurrency", "1", ...more], start);

async function capsule() {
  const [name = ""] = (await readdir(join(world.cwd, "capsules"))).filter((file) => file.endsWith(".capsule.jsonl"));
  return readStored(join(world.cwd, "capsules", name));
}

const ofType = <T extends TrialEvent["type"]>(events: readonly TrialEvent[], type: T) => events.filter((event): event is EventOf<T> => event.type === type);
const callText = (call: EventOf<"ModelCallEnvelope">): string =>
  `${call.role}/${call.mode} ${call.provider} ${call.attempt}.${call.try} ${call.selection_reason}: ${call.failure ?? "answered"}`;

describe("a reflex model that fails, a server that is overloaded, a cloud that answers", () => {
  it("is routed, retried, escalated, audited and unlocked exactly as the policy says", async () => {
    world = await openServedWorld();
    world.reflex.rehearse(changesNothing, overloads(), answers(503, { object: "error", message: "The request queue is full.", type: "503", code: 503 }));
    const end = await begin(["--task", "fix-area"]);
    expect(end.code, end.stderr).toBe(0);
    const { events } = await capsule();
    const trial = events.filter((line) => line.trial === "small/fix-area/1").map((line) => line.payload);
    expect(ofType(trial, "ModelCallEnvelope").map(callText)).toEqual([
      "Implementer/Reflex sglang 1.1 reflex-first: answered",
      "Implementer/Reflex sglang 2.1 reflex-retry-with-feedback: overload",
      "Implementer/Reflex sglang 2.2 reflex-retry-with-feedback: overload",
      "Implementer/Cloud openai 3.1 escalated-after-model-failure: answered",
      "SidecarCritic/Cloud openai 3.1 critic-always-on: answered",
      "Judge/Cloud openai 3.1 judge-unlocks: answered",
    ]);
    expect(ofType(trial, "RoutingDecision").map(({ role, mode, selection_reason: reason }) => `${role}/${mode} ${reason}`)).toEqual([
      "Implementer/Reflex reflex-first",
      "Implementer/Reflex reflex-retry-with-feedback",
      "Implementer/Cloud escalated-after-model-failure",
      "SidecarCritic/Cloud critic-always-on",
      "Judge/Cloud judge-unlocks",
    ]);
    expect(ofType(trial, "ToolResult").map(({ verdict }) => verdict.status)).toEqual(["failed", "patch-rejected", "passed"]);
    expect(ofType(trial, "GateDecision").map(({ gate_name: gate, outcome }) => `${gate} ${outcome}`)).toEqual(["validate Pass", "judge Pass", "unlock Pass"]);
  });

  it("sends the cloud its aliases resolved, with effort and schema, and never a temperature", async () => {
    world = await openServedWorld();
    world.reflex.rehearse(changesNothing, changesNothing);
    await begin(["--task", "fix-area"]);
    expect(
      world.cloud.seen.filter(({ method }) => method === "POST").map(({ body }) => [body["model"], body["reasoning_effort"], body["temperature"]]),
    ).toEqual([
      ["gpt-5.2", "high", undefined],
      ["gpt-5.4-mini", "low", undefined],
      ["gpt-5.2", "xhigh", undefined],
    ]);
    expect(world.reflex.seen.find(({ method }) => method === "POST")?.body).toMatchObject({
      model: "small-1",
      temperature: 0,
      reasoning_effort: "low",
      stream: true,
    });
  });
});

describe("answers that are not what was asked for", () => {
  it.each([
    ["harmony-residue", says({ content: ["<|channel|>analysis<|message|>We need to"] })],
    ["empty-answer", says({ reasoning: ["hm"], content: [] })],
  ])("are asked for once more without the schema, and both tries are there to see: %s", async (failure, scene) => {
    world = await openServedWorld();
    world.reflex.rehearse(scene, repairs);
    const end = await begin(["--task", "fix-area"]);
    expect(end.code, end.stderr).toBe(0);
    const { events } = await capsule();
    const calls = ofType(
      events.map((line) => line.payload),
      "ModelCallEnvelope",
    ).filter(({ mode }) => mode === "Reflex");
    expect(calls.map((call) => [call.try, call.constraint, call.failure, call.json_compliant])).toEqual([
      [1, "schema", failure, false],
      [2, "dropped", null, true],
    ]);
    const [constrained, free] = world.reflex.seen.filter(({ method }) => method === "POST");
    expect(constrained?.body).toHaveProperty("response_format");
    expect(free?.body).not.toHaveProperty("response_format");
  });

  it("of the critic are no signal, and of the Judge unlock nothing", async () => {
    world = await openServedWorld();
    const play: typeof cloudPlays = (stage) => {
      const asked = JSON.stringify(stage.request.body["response_format"] ?? null);
      if (asked.includes("counter_signal")) return says({ content: ['{"severity":"fatal"}'] })(stage);
      if (asked.includes("unlock_decision")) return says({ content: ["I would unlock it."] })(stage);
      return cloudPlays(stage);
    };
    world.cloud.rehearse(...Array.from({ length: 10 }, () => play));
    const end = await begin(["--task", "fix-area"]);
    expect(end.code, end.stderr).toBe(0);
    const trial = (await capsule()).events.map((line) => line.payload);
    expect(ofType(trial, "CounterSignal")).toEqual([]);
    expect(ofType(trial, "ModelCallEnvelope").map(({ role, failure, json_compliant: compliant }) => [role, failure, compliant])).toEqual([
      ["Implementer", null, true],
      ["SidecarCritic", "malformed-answer", false],
      ["Judge", "malformed-answer", false],
    ]);
    expect(ofType(trial, "GateDecision").map(({ gate_name: gate, outcome }) => `${gate} ${outcome}`)).toEqual(["validate Pass", "judge Fail", "unlock Fail"]);
  });
});

describe("a server that is killed in the middle of a run", () => {
  it("costs no trial: the cloud takes over, the run ends, and the report says what happened", async () => {
    world = await openServedWorld();
    let asked = 0;
    const dies: typeof repairs = (stage) => {
      asked += 1;
      if (asked === 2) void world.reflex.close();
      return asked < 2 ? repairs(stage) : undefined;
    };
    world.reflex.rehearse(...Array.from({ length: 20 }, () => dies));
    const end = await begin(["--epochs", "2", "--json"]);
    expect(end.code, end.stderr).toBe(0);
    const { events } = await capsule();
    const unlocks = ofType(
      events.map((line) => line.payload),
      "GateDecision",
    ).filter(({ gate_name: gate }) => gate === "unlock");
    expect(unlocks.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 6 }, () => "Pass"));
    const { warnings } = JSON.parse(end.stdout) as { readonly warnings: readonly string[] };
    const states = ofType(
      events.map((line) => line.payload),
      "BreakerStateChanged",
    ).map(({ breaker_id: id, current_state: state }) => `${id} ${state}`);
    expect(states[0]).toMatch(/^sglang\/small Open$/);
    for (const said of [
      expect.stringMatching(/^server sglang could not say what it has loaded: .*(ECONNREFUSED|other side closed)/) as string,
      expect.stringMatching(/^the breaker of sglang\/small opened/) as string,
      expect.stringMatching(/^small: \d+ of \d+ model calls failed: .*refused-connection \d+/) as string,
    ])
      expect(warnings).toContainEqual(said);
    const [name = ""] = await readdir(join(world.cwd, "reports"));
    expect(await readFile(join(world.cwd, "reports", name, "report.md"), "utf8")).toContain("refused-connection");
    expect((await run(["capsule", "verify", join("capsules", `${name}.capsule.jsonl`)])).code).toBe(0);
  });

  it("and comes back as another one is told of as changed", async () => {
    world = await openServedWorld();
    let asked = 0;
    world.reflex.rehearsePage("/model_info", (stage) => answers(200, { model_path: (asked += 1) > 1 ? "rehearsal/other" : "rehearsal/small-1" })(stage));
    const end = await begin(["--task", "fix-area", "--json"]);
    expect(end.code, end.stderr).toBe(0);
    const identities = ofType(
      (await capsule()).events.filter((line) => line.trial === null).map((line) => line.payload),
      "ServerIdentity",
    );
    expect(identities.map(({ facts, changed }) => [facts?.["model_path"], changed])).toEqual([
      ["rehearsal/small-1", []],
      ["rehearsal/other", ["model_path"]],
    ]);
    expect((JSON.parse(end.stdout) as { warnings: string[] }).warnings).toContain("server sglang changed during the run: model_path");
  });
});

describe("the notebook beside the trials", () => {
  it("is given the outline once and asked for each trial, and the answers are recorded", async () => {
    world = await openServedWorld();
    const end = await begin([]);
    expect(end.code, end.stderr).toBe(0);
    expect(world.notebook.sources.map(({ name }) => name)).toEqual(["tiny/main"]);
    expect(world.notebook.questions).toHaveLength(3);
    const said = ofType(
      (await capsule()).events.map((line) => line.payload),
      "RetrievalResponse",
    );
    expect(said.map(({ error }) => error)).toEqual([null, null, null]);
  });

  it("is not asked beyond the day's questions, in this run or the next", async () => {
    world = await openServedWorld((policy) =>
      policy.replace('notebook = "bakeoff"', 'notebook = "small-allowance"').replace(/daily_questions = \d+/, "daily_questions = 2"),
    );
    await begin([]);
    const errors = ofType(
      (await capsule()).events.map((line) => line.payload),
      "RetrievalResponse",
    ).map(({ error }) => error);
    expect(errors.filter((error) => error === null)).toHaveLength(2);
    expect(errors.filter((error) => error === "skipped: the day's questions are used up")).toHaveLength(1);
    expect(world.notebook.questions).toHaveLength(2);
  });
});

describe("what is secret", () => {
  it("is in no capsule, report or output, wherever servers repeat it", async () => {
    world = await openServedWorld();
    const planted = [KEY, "a-key-of-the-server", "planted-in-the-environment"];
    world.cloud.rehearse(
      answers(401, { error: { message: `Incorrect API key provided: ${KEY}`, code: "invalid_api_key" } }, { "x-request-id": KEY }),
      answers(500, { error: { message: `Authorization: Bearer ${KEY}` } }),
    );
    world.reflex.rehearse(
      answers(500, { object: "error", message: "at http://me:planted-in-the-environment@host/", code: 500 }),
      changesNothing,
      changesNothing,
    );
    const end = await begin([], { env: { SOME_TOKEN: "planted-in-the-environment" } });
    expect(end.code, end.stderr).toBe(0);
    const { text, events } = await capsule();
    expect(events.some(({ payload }) => payload.type === "ModelCallEnvelope" && payload.failure === "unauthorized")).toBe(true);
    const [name = ""] = await readdir(join(world.cwd, "reports"));
    const files = await readdir(join(world.cwd, "reports", name));
    const reports = await Promise.all(files.map((file) => readFile(join(world.cwd, "reports", name, file), "utf8")));
    for (const secret of planted) for (const kept of [text, ...reports, end.stdout, end.stderr]) expect(kept).not.toContain(secret);
    const doctor = await run(["doctor", "--policy", world.policy]);
    expect(doctor.stdout).toContain("OPENAI_API_KEY is set");
    expect(doctor.stdout + doctor.stderr).not.toContain(KEY);
  });
});
