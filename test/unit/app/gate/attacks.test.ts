// What a dishonest or hurried operator may try, each with every hash made to fit again: nothing of it promotes, nothing is proven, and each is named.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decideGate, runGate } from "../../../../src/app/gate/decide.ts";
import { promoteCandidate } from "../../../../src/app/gate/promotion.ts";
import { registerGate } from "../../../../src/app/gate/registration.ts";
import { verifyDecision } from "../../../../src/app/gate/verify.ts";
import { sha256 } from "../../../../src/core/base/canonical.ts";
import type { EventLine, Header } from "../../../../src/core/capsule/line.ts";
import { isCalibrationId } from "../../../../src/core/capsule/record.ts";
import { capsuleFaults } from "../../../../src/core/capsule/verify.ts";
import type { TrialEvent } from "../../../../src/core/trial/event.ts";
import { LOG } from "../fakes.ts";
import { type MadeRun, resealed } from "./made-run.ts";
import type { MemoryCapsule } from "./memory-capsule.ts";
import { AUTHORITY, gateWorld, KEY, LATER, question, registering, request } from "./world.ts";

const world = gateWorld();

/** Three tasks, twice: enough for whatever is named by its cause. What is only not promoted is tried on a run that would be big enough to promote. */
const SMALL = { size: { epochs: 2, limit: 3 } };

type Change = (run: MadeRun) => MadeRun;

/** An edit of the header, with all hashes redone. */
const header =
  (change: (header: Header) => Partial<Header>): Change =>
  (run) => ({ ...run, header: { ...run.header, ...change(run.header) } });

const lacking =
  (name: keyof Header): Change =>
  (run) => ({ ...run, header: Object.fromEntries(Object.entries(run.header).filter(([key]) => key !== name)) as unknown as Header });

/** An edit of every event that is meant, with all hashes redone. */
const events =
  (change: (line: EventLine) => EventLine | null): Change =>
  (run) => ({ ...run, events: run.events.flatMap((line) => change(line) ?? []) });

type Edit = (event: TrialEvent & Record<string, unknown>) => object;

/** An edit of what events of a type say, of the alternative's trials only. */
const payloads = (type: TrialEvent["type"], edit: Edit, of: (line: EventLine) => boolean = ({ trial }) => trial?.startsWith("new-model/") ?? false): Change =>
  events((line) =>
    line.payload.type === type && of(line)
      ? { ...line, payload: { ...line.payload, ...edit(line.payload as TrialEvent & Record<string, unknown>) } as TrialEvent }
      : line,
  );

const without = (of: (line: EventLine) => boolean): Change => events((line) => (of(line) ? null : line));
const withoutTexts =
  (of: (text: string) => boolean): Change =>
  (run) => ({ ...run, blobs: run.blobs.filter(({ text }) => !of(text)) });
const plants = ({ trial }: EventLine): boolean => isCalibrationId(trial);
const firstTask = ({ tasks }: Pick<Header, "tasks">): string => tasks[0]?.id ?? "";
const isVerdict = (text: string): boolean => text.startsWith('{"status":"failed"') || text.startsWith('{"status":"passed"');
const passedVerdict = { status: "passed", visible_passed: true, tests_passed: 2, tests_failed: 0, held_out_failed: 0, error_codes: [], detail: "passed" };

/** Each with what is said of it. The run solves half of the tasks: whatever makes it promote is a forgery. */
const EDITS: readonly (readonly [string, Change, RegExp])[] = [
  [
    "verdicts that say passed where their texts say failed",
    payloads("ToolResult", () => ({ success: true, verdict: passedVerdict })),
    /edited: .*verdicts-fit/,
  ],
  [
    "failures that are told to be ours",
    payloads("ToolResult", ({ verdict }) => ({ verdict: { ...(verdict as object), status: "infrastructure" } })),
    /verdicts-fit/,
  ],
  ["the texts of verdicts taken away", withoutTexts(isVerdict), /unproven: .*captured-texts-are-stored/],
  [
    "the texts of verdicts taken away, as an export would",
    (run) => ({
      ...run,
      blobs: run.blobs.filter(({ text }) => !isVerdict(text)),
      withheld: run.blobs.filter(({ text }) => isVerdict(text)).map(({ sha256: hash, text }) => ({ sha256: hash, bytes: text.length })),
    }),
    /withheld-by-rule: .*removed after sealing/,
  ],
  [
    "verdicts and events that are gone together",
    without(({ payload, trial }) => payload.type === "ToolResult" && (trial?.startsWith("new-model/") ?? false)),
    /edited: .*(sequence|mandatory-events)/,
  ],
  [
    "a verdict's text put in another's place",
    payloads("ToolResult", () => ({ output_hash: sha256("nothing") })),
    /unproven: .*captured-texts-are-stored|verdicts-fit/,
  ],
  [
    "gates that tell another outcome than they came to",
    payloads("GateDecision", ({ outcome }) => ({ outcome: outcome === "Fail" ? "Pass" : "Fail" })),
    /unproven: .*decision-is-made-again|edited: /,
  ],
  ["an escalation that is told to be a reflex attempt", payloads("RoutingDecision", () => ({ mode: "Reflex" })), /unproven|edited: .*mandatory-events/],
  [
    "attempts of the cloud that are told to be the candidate's",
    events((line) =>
      line.trial?.startsWith("new-model/") && "mode" in line.payload
        ? { ...line, payload: { ...line.payload, mode: "Reflex", provider: "sglang", model: "new-model" } as TrialEvent }
        : line,
    ),
    /unproven: /,
  ],
  ["a trial of the incumbent cut out", (run) => without(({ trial }) => trial === `gpt-oss-20b/${firstTask(run.header)}/1`)(run), /edited: .*trials-finished/],
  ["the end of every trial cut off", without(({ payload }) => payload.type === "GateDecision" && payload.gate_name === "unlock"), /edited: .*trials-finished/],
  [
    "the failures' task taken out of the header and the events",
    (run) =>
      without(({ spec_id: task }) => task !== null && Number(task.slice(-2)) >= 12)(
        header(({ tasks }) => ({ tasks: tasks.filter(({ id }) => Number(id.slice(-2)) < 12) }))(run),
      ),
    /edited: .*plants-complete|other-header: .*not those that its seed draws/,
  ],
  [
    "the second epoch taken away",
    (run) => without(({ trial }) => trial?.endsWith("/2") || trial?.endsWith("-2") || false)(header(() => ({ epochs: 1 }))(run)),
    /unproven: .*plant-is-drawn-again/,
  ],
  [
    "a candidate taken out of the run",
    (run) =>
      without(({ trial }) => trial?.startsWith("rustc-suggestions/") ?? false)(
        header(({ candidates }) => ({ candidates: candidates.filter(({ name }) => name !== "rustc-suggestions") }))(run),
      ),
    /edited: .*texts-belong/,
  ],
  [
    "a candidate renamed",
    (run) =>
      events((line) => ({ ...line, trial: line.trial?.replace(/^new-model\//, "other/") ?? null }))(
        header(({ candidates }) => ({ candidates: candidates.map((one) => (one.name === "new-model" ? { ...one, name: "other" } : one)) }))(run),
      ),
    /edited: .*envelopes/,
  ],
  [
    "a task that is told to be high-risk",
    header(({ tasks }) => ({ tasks: tasks.map((task, index) => (index >= 1 ? { ...task, risk: "high" as const } : task)) })),
    /unproven: .*decision-is-made-again/,
  ],
  [
    "a task that is told to be of another kind",
    header(({ tasks }) => ({ tasks: tasks.map((task) => ({ ...task, kind: "compile" as const })) })),
    /other-header: .*another kind of task/,
  ],
  [
    "a task that is told to be of another family",
    header(({ tasks }) => ({ tasks: tasks.map((task) => ({ ...task, family: "one" })) })),
    /other-header: .*another family of task/,
  ],
  [
    "a task's digest changed",
    header(({ tasks }) => ({ tasks: tasks.map((task) => ({ ...task, digest: "7".repeat(64) })) })),
    /other-header: .*another digest of task/,
  ],
  [
    "a task that the suite does not have",
    header(({ tasks }) => ({ tasks: tasks.map((task) => (task.id === firstTask({ tasks }) ? { ...task, id: "task-xx" } : task)) })),
    /edited: |other-header: /,
  ],
  [
    "families and files taken out of the tasks, so that each stands for itself",
    header(({ tasks }) => ({ tasks: tasks.map(({ family: _family, editable: _editable, ...task }) => task) })),
    /silent-header: .*does not say family/,
  ],
  [
    "a run that is told to be older than the record of left-out plants, with none of them",
    (run) => without(plants)(lacking("calibration")(run)),
    /silent-header: .*does not say calibration/,
  ],
  ["a draw that is not told", lacking("draw"), /silent-header: .*does not say draw/],
  ["how answers were read, not told", lacking("answers"), /silent-header: .*does not say answers/],
  ["plants that are told to be drawn in another way", header(() => ({ calibration: "complete" as const })), /edited: |unproven: /],
  ["the same task twice", header(({ tasks }) => ({ tasks: [...tasks, ...tasks.slice(0, 1)] })), /edited: |other-header: /],
  ["another version of the suite", header(({ suite }) => ({ suite: { ...suite, version: "9.9.9" } })), /other-header: .*calls the suite/],
  [
    "another draw of the tasks",
    header(({ draw }) => ({ draw: { tasks: null, refused_high_risk: false, ...draw, limit: 2 } })),
    /other-header: .*not those that its seed draws/,
  ],
  ["another seed", header(() => ({ seed: 8 })), /other-header: .*not those that its seed draws/],
  ["more reflex attempts than the policy grants", header(() => ({ reflex_max_attempts: 5 })), /other-header: .*reflex attempts/],
  [
    "another Judge than the policy's",
    header(({ bindings }) => ({ bindings: { ...bindings, judge: { ...bindings.judge, model: "gpt-5.2-mini" } } })),
    /unproven|other-header/,
  ],
  [
    "a stand-in that is not said to be one",
    header(({ bindings }) => ({ bindings: { ...bindings, judge: { provider: "embedded", model: "gpt-5.2-xhigh", standIn: null } } })),
    /edited: .*stand-ins-named/,
  ],
  ["a decision register that nobody stored", header(() => ({ decision_register_hash: "8".repeat(64) })), /edited: .*register-resolves/],
  ["a run that begins after its events", header(() => ({ created_at: "2026-11-22T11:59:59.000Z" })), /edited: .*times-run-forward/],
  ["a run that begins at no time", header(() => ({ created_at: "yesterday" })), /edited: .*times-run-forward/],
  [
    "events in another order of times",
    events((line) => (line.seq === 3 ? { ...line, timestamp: "2026-11-21T12:00:00.001Z" } : line)),
    /edited: .*times-run-forward/,
  ],
  ["planted patches taken away, the Judge's errors with them", without(plants), /edited: .*plants-complete/],
  [
    "one planted patch taken away",
    without(({ trial }) => trial === world.snapshot.policy_id || (trial?.startsWith("calibration/") === true && trial.endsWith("/broken-1"))),
    /edited: .*plants-complete/,
  ],
  [
    "the Judge's word on a planted patch turned round",
    payloads("GateDecision", ({ outcome }) => ({ outcome: outcome === "Pass" ? "Fail" : "Pass" }), plants),
    /NOT PROMOTED/,
  ],
  [
    "a planted patch that is told to be left out",
    payloads("CalibrationPlant", () => ({ left_out: "other-worth" }), plants),
    /unproven: .*(omission-is-earned|plant-goes-its-way)/,
  ],
  [
    "what a right Judge does about a plant turned round",
    payloads("CalibrationPlant", ({ right }) => ({ right: right === "unlock" ? "block" : "unlock" }), plants),
    /unproven: .*plant-is-drawn-again/,
  ],
  ["a plant of another kind than was drawn", payloads("CalibrationPlant", () => ({ plant: "reference" }), plants), /unproven: .*plant-is-drawn-again/],
  ["costs that do not fit the tokens", payloads("ModelCallEnvelope", () => ({ cost_usd: 0.5 })), /unproven: .*cost-fits-tokens/],
  ["failed calls that are told to be answered", payloads("ModelCallEnvelope", () => ({ success: false })), /unproven: .*failure-fits-call/],
  [
    "calls of another attempt than was decided",
    payloads("ModelCallEnvelope", ({ attempt }) => ({ attempt: Number(attempt) + 1 })),
    /edited: .*mandatory-events/,
  ],
  ["a reused verdict of another tree", payloads("ToolResult", () => ({ reused: true, duration_ms: 0 })), /unproven: |NOT PROMOTED/],
  ["patches of other files than their id", payloads("PatchApply", () => ({ file_path: "src/other.rs" })), /unproven: .*patch-id-fits-files/],
  ["events of another run", events((line) => ({ ...line, run_id: "another" })), /edited: .*envelopes/],
  ["events of another policy", events((line) => ({ ...line, policy_hash: "9".repeat(64) })), /edited: .*policy-resolves/],
  ["another policy in the header", header(({ policy }) => ({ policy: { ...policy, hash: "9".repeat(64) } })), /edited: .*policy-resolves/],
  [
    "an eased policy stored in the policy's place",
    (run) => ({
      ...run,
      blobs: run.blobs.map((blob) =>
        blob.sha256 === run.header.policy.snapshot_hash ? { ...blob, text: blob.text.replace('"min_tasks":24', '"min_tasks":1') } : blob,
      ),
    }),
    /edited: .*policy-resolves/,
  ],
  ["a text that nothing refers to", (run) => ({ ...run, blobs: [...run.blobs, { sha256: sha256("a secret"), text: "a secret" }] }), /edited: .*texts-belong/],
  [
    "a candidate that another model played",
    (run) =>
      payloads("ModelCallEnvelope", ({ role, mode }) => (role === "Implementer" && mode === "Reflex" ? { model: "gpt-5.2", resolved_model: "gpt-5.2" } : {}))(
        header(({ candidates }) => ({ candidates: candidates.map((one) => (one.name === "new-model" ? { ...one, model: "gpt-5.2" } : one)) }))(run),
      ),
    /edited|unproven|other-header/,
  ],
  [
    "two candidates that changed names",
    (run) => {
      const other = (name: string): string => ({ "new-model": "gpt-oss-20b", "gpt-oss-20b": "new-model" })[name] ?? name;
      return events((line) => ({ ...line, trial: line.trial?.replace(/^[^/]+/, other) ?? null }))(
        header(({ candidates }) => ({ candidates: candidates.map((one) => ({ ...one, name: other(one.name) })) }))(run),
      );
    },
    /edited|unproven|other-header/,
  ],
  [
    "a trial that was run twice, of which the better is kept under the other's name",
    (run) => {
      const [good, bad] = run.header.tasks.map(({ id }) => `new-model/${id}/1`);
      return events((line) => (line.trial === bad ? null : line))({
        ...run,
        events: run.events.flatMap((line) => (line.trial === good ? [line, { ...line, trial: bad ?? null }] : [line])),
      });
    },
    /edited|unproven/,
  ],
  ["an answer taken from another task's trial", payloads("ModelCallEnvelope", () => ({ response_hash: sha256("nothing of the kind") })), /edited|unproven/],
  [
    "a Judge's answer that says the contrary of its gate",
    payloads(
      "GateDecision",
      ({ reason }) => ({ reason: `${String(reason)}.` }),
      ({ payload }) => payload.type === "GateDecision" && payload.gate_name === "judge",
    ),
    /edited|unproven/,
  ],
  ["a run that is told to be a diagnosis of nothing", header(() => ({ diagnosis_of: "" }) as Partial<Header>), /edited|diagnosis/],
  ["a seal of another run", (run) => ({ ...run, seal: { ...run.seal, run_id: "another" } }), /edited: .*seal-whole/],
  ["a seal before the last event", (run) => ({ ...run, seal: { ...run.seal, sealed_at: "2026-11-21T12:00:00.001Z" } }), /edited: .*times-run-forward/],
];

/** The gate's answer to a capsule: its refusal, or its verdict. */
async function told(change: (run: MadeRun) => MemoryCapsule, size: typeof SMALL | object = SMALL): Promise<string> {
  const path = world.lay("run-x", { "new-model": 12 }, {}, { change, ...size });
  try {
    const [document] = await runGate(world.ports, question([path]));
    return document?.decision.verdict === "promote" ? "PROMOTED" : `NOT PROMOTED: ${document?.decision.verdict ?? ""}`;
  } catch (error) {
    return String(error);
  }
}

describe("a capsule that somebody edited, all hashes redone", () => {
  it.each(EDITS)(
    "is refused: %s",
    async (_, change, says) => {
      const answer = await told((run) => resealed(change(run)), says.source.includes("NOT PROMOTED") ? {} : SMALL);
      expect(answer).not.toBe("PROMOTED");
      expect(answer).toMatch(says);
    },
    60_000,
  );

  it("is refused where only the hashes were not redone", async () => {
    const answer = await told(payloads("ToolResult", () => ({ success: true, verdict: passedVerdict })));
    expect(answer).toMatch(/edited: .*merkle-root/);
  });

  it("is told from one that nobody edited", async () => {
    const path = world.lay("run-honest", { "new-model": 24 });
    const [document] = await runGate(world.ports, question([path]));
    expect(document?.decision.verdict, JSON.stringify(document?.decision.findings.filter(({ outcome }) => outcome !== "met"))).toBe("promote");
  });
});

describe("a decision that somebody edited", () => {
  const decided = async () => {
    const own = gateWorld();
    const capsule = own.lay("run-1", { "new-model": 12 });
    const { paths } = await decideGate(own.ports, request([capsule]));
    return { own, decision: paths[0] ?? "" };
  };
  const forged: readonly (readonly [string, (text: string) => string])[] = [
    ["its verdict", (text) => text.replaceAll('"verdict":"hold"', '"verdict":"promote"')],
    [
      "its verdict and its result",
      (text) => text.replaceAll('"verdict":"hold"', '"verdict":"promote"').replaceAll('"verificationResult":"FAILED"', '"verificationResult":"PASSED"'),
    ],
    ["its findings", (text) => text.replaceAll('"outcome":"violated"', '"outcome":"met"').replaceAll('"verdict":"hold"', '"verdict":"promote"')],
    ["its level", (text) => text.replaceAll('"alpha":0.4', '"alpha":0.45')],
    ["its incumbent", (text) => text.replaceAll('"incumbent":"gpt-oss-20b"', '"incumbent":"rustc-suggestions"')],
    ["its candidate", (text) => text.replaceAll('"candidate":"new-model"', '"candidate":"cloud-high"')],
    ["its policy", (text) => text.replaceAll(world.snapshot.hash, "9".repeat(64))],
    ["its time", (text) => text.replaceAll(/"decidedAt":"[^"]+"/g, '"decidedAt":"2027-05-01T00:00:00.000Z"')],
    ["its suite", (text) => text.replaceAll(/"suiteRootHere":"[^"]+"/g, `"suiteRootHere":"${"9".repeat(64)}"`)],
    ["its format", (text) => text.replaceAll('"format":2', '"format":1')],
    ["an override that nobody signed", (text) => text.replaceAll('"override":null', '"override":{"by":"Eve","reason":"because"}')],
    ["a capsule that is not there", (text) => text.replaceAll("run-1.capsule", "run-9.capsule")],
  ];

  it.each(forged)("changes no policy: %s", async (_, forge) => {
    const { own, decision } = await decided();
    const before = new Map(own.texts.files);
    own.texts.files.set(decision, forge(own.texts.files.get(decision) ?? ""));
    const asked = { candidate: "new-model", decision, by: "Eve", dryRun: false, ...AUTHORITY };
    await expect(promoteCandidate(own.ports, asked)).rejects.toMatchObject({ code: "integrity" });
    for (const [path, text] of before) if (path !== decision) expect(own.texts.files.get(path)).toBe(text);
  });

  it("does not verify, where what it says comes out otherwise", async () => {
    for (const [what, forge] of forged.slice(0, 7)) {
      const { own, decision } = await decided();
      own.texts.files.set(decision, forge(own.texts.files.get(decision) ?? ""));
      const checked = await verifyDecision(own.ports, { decision, ...AUTHORITY, isBinding: false }).catch(() => null);
      expect(checked?.links.some(({ fault }) => fault !== null) ?? true, what).toBe(true);
    }
  });
});

describe("a registration that somebody bends", () => {
  it("does not cover the best of several runs, a run made before it, nor a gate of fewer than competed", async () => {
    const own = gateWorld();
    await registerGate(own.ports, registering());
    await own.layRegistered("run-1", { "new-model": 12 });
    const best = await own.layRegistered("run-2", { "new-model": 24 });
    const at = { ...own.ports, clock: LATER };
    const [document] = await runGate(at, question([best], { registration: "registration.json", trusted: [KEY.publicKey] }));
    expect(document?.registration.state).toBe("invalid");
    expect(document?.decision.verdict).toBe("hold");
    own.texts.files.set(LOG, (own.texts.files.get(LOG) ?? "").replace(/^.*"run-1".*\n/m, ""));
    const [again] = await runGate(at, question([best], { registration: "registration.json", trusted: [KEY.publicKey] }));
    expect(again?.registration).toMatchObject({ state: "invalid", fault: expect.stringContaining("does not follow the one before it") as string });
  });
});

describe("what can't be noticed without a signature", () => {
  const edited = (change: Change) => async () => capsuleFaults(resealed(change(honest)));
  /** Word for word as docs/EVIDENCE.md has it, and what is found wrong with it. */
  const UNNOTICED: readonly (readonly [string, () => Promise<readonly unknown[]>])[] = [
    ["An unsigned capsule in which everything was rewritten to fit: answers, patches, verdicts, decisions, and all hashes.", rewrittenToFit],
    ["Times that were shifted together, the run's own with them.", edited(shifted)],
    [
      "Token counts, latencies and the names that servers give themselves.",
      edited(
        payloads("ModelCallEnvelope", ({ prompt_tokens: tokens }) => ({ queue_ms: 7, served_model: "another", reasoning_tokens: null, prompt_tokens: tokens })),
      ),
    ],
    [
      "The toolchain, the sandbox and the version that a header names.",
      edited(header(() => ({ toolchain: { rustc: "rustc 9.9.9", cargo: "cargo 9.9.9", host: "elsewhere" }, bakeoff_version: "9.9.9" }))),
    ],
    ["What a header says of candidates that were left out, and of its warnings.", edited(header(() => ({ left_out: [], warnings: [] })))],
    ["The last lines of a log of registrations that no later decision has seen.", lastLinesCut],
    ["Whose keys an unsigned decision says were trusted when it was made.", otherTrustTold],
  ];

  it.each(UNNOTICED)("is just that: %s", async (_, faults) => {
    expect(await faults()).toEqual([]);
  });

  it("stands in the docs, word for word", () => {
    const page = readFileSync(new URL("../../../../docs/EVIDENCE.md", import.meta.url), "utf8");
    const [, list = ""] = /<!-- unnoticed -->\n([\s\S]*?)\n<!-- \/unnoticed -->/.exec(page) ?? [];
    expect(list.split("\n").map((line) => line.replace(/^- /, ""))).toEqual(UNNOTICED.map(([sentence]) => sentence));
  });
});

/** A run that fails half of the tasks, told as one that fails none: what is laid in its place is whole and fits together. */
const rewrittenToFit = async (): Promise<readonly unknown[]> => capsuleFaults(await plainRun(24));

/** Of two runs under a registration of one, the worse and its line are gone. */
async function lastLinesCut(): Promise<readonly unknown[]> {
  const own = gateWorld();
  await registerGate(own.ports, registering());
  const better = await own.layRegistered("run-1", { "new-model": 24 });
  const log = own.texts.files.get(LOG) ?? "";
  own.damage(await own.layRegistered("run-2", { "new-model": 12 }));
  own.texts.files.set(LOG, log);
  const asked = question([better], { registration: "registration.json", trusted: [KEY.publicKey] });
  const [document] = await runGate({ ...own.ports, clock: LATER }, asked);
  return document?.registration.state === "valid" ? [] : [document?.registration];
}

async function otherTrustTold(): Promise<readonly unknown[]> {
  const own = gateWorld();
  const { paths } = await decideGate(own.ports, request([own.lay("run-1", { "new-model": 12 })]));
  const decision = paths[0] ?? "";
  own.texts.files.set(decision, (own.texts.files.get(decision) ?? "").replace('"keys":[]', `"keys":[{"by":"policy","key":"${KEY.publicKey}"}]`));
  const { links } = await verifyDecision(own.ports, { decision, ...AUTHORITY, isBinding: false });
  return links.filter(({ fault }) => fault !== null);
}

function shifted(run: MadeRun): MadeRun {
  const later = (at: string): string => new Date(Date.parse(at) + 60_000).toISOString();
  return {
    ...run,
    header: { ...run.header, created_at: later(run.header.created_at) },
    events: run.events.map((line) => ({ ...line, timestamp: later(line.timestamp) })),
    seal: { ...run.seal, sealed_at: later(run.seal.sealed_at) },
  };
}

const honest = await plainRun(12);

async function plainRun(passes: number): Promise<MadeRun> {
  let found: MadeRun | null = null;
  const path = world.lay("run-plain", { "new-model": passes }, {}, { change: (run) => (found = run), ...SMALL });
  await world.ports.capsules.open(path, []);
  if (found === null) throw new Error("no run was made");
  return found;
}
