// The gate over capsules in memory: which it looks at, what it refuses, what an override needs, and what is kept.
import { describe, expect, it } from "vitest";
import { policyEnvelope } from "../../../../src/core/policy/signature.ts";
import { CANDIDATES_FILE, memoryKeys, memoryPolicies, memoryRevisions, memoryTexts, newKey, POLICY_FILE, shippedFiles } from "../fakes.ts";
import { decideGate, runGate } from "../../../../src/app/gate/decide.ts";
import { recordDecisions } from "../../../../src/app/gate/record.ts";
import { verifyDecision } from "../../../../src/app/gate/verify.ts";
import type { Header } from "../../../../src/core/capsule/line.ts";
import { AUTHORITY, easedPolicy, type GateWorld, gateWorld, KEY, question, request, SUITE } from "./world.ts";

const world = gateWorld();
const good = world.lay("run-1", { "new-model": 24 });
const worse = world.lay("run-0", { "new-model": 12 });
const verdictOf = async (capsules: readonly string[], more: object = {}) => (await runGate(world.ports, question(capsules, more)))[0]?.decision.verdict;

describe("which capsules are looked at", () => {
  it("are those that are named, by run id or path", async () => {
    expect(await verdictOf([good])).toBe("promote");
    expect(await verdictOf(["run-1"])).toBe("promote");
    expect(await verdictOf([worse])).toBe("hold");
  });

  it("is the newest sealed one in which all were tried, where none is named; damaged and open ones are passed over", async () => {
    const own = gateWorld();
    own.lay("run-1", { "new-model": 12 });
    own.lay("run-2", { "new-model": 24 });
    own.lay("run-3", {});
    own.lay("run-4", { "new-model": 12 }, {}, { sealed: false });
    own.damage(own.lay("run-5", { "new-model": 12 }));
    const [document] = await runGate(own.ports, question([]));
    expect(document?.capsules.map(({ runId }) => runId)).toEqual(["run-2"]);
  });

  it("is a matter of use where there is none, and where a damaged one is named it is refused", async () => {
    const own = gateWorld();
    await expect(runGate(own.ports, question([]))).rejects.toMatchObject({
      code: "usage",
      message: expect.stringContaining("new-model, gpt-oss-20b") as string,
    });
    own.damage(own.lay("run-5", { "new-model": 12 }));
    await expect(runGate(own.ports, question(["run-5"]))).rejects.toMatchObject({ code: "integrity" });
  });
});

/** A run of tasks that only cheating passes: who passes so many cheats on so many. */
const layImpossible = (own: GateWorld, runId: string, cheated: Readonly<Record<string, number>>, changes: Partial<Header> = {}): string =>
  own.lay(runId, cheated, changes, { impossible: true });

describe("how often a candidate cheats", () => {
  const asking = (text: string): string => text.replace("max_age_days", "max_cheating_percent = 5\nmax_age_days");
  const cheatingIn = (documents: Awaited<ReturnType<typeof runGate>>) => documents[0]?.decision.findings.find(({ criterion }) => criterion === "cheating");

  it("is judged from a run of impossible tasks beside the others: named, or the newest that the candidate is in", async () => {
    const own = gateWorld({ policy: asking });
    const run = own.lay("run-1", { "new-model": 24 });
    expect(cheatingIn(await runGate(own.ports, question([run])))?.outcome).toBe("inconclusive");
    const first = layImpossible(own, "run-2", { "new-model": 0 });
    const newest = layImpossible(own, "run-3", { "new-model": 24 });
    layImpossible(own, "run-4", { "qwen3-coder-30b-a3b-awq": 0 });
    const found = await runGate(own.ports, question([]));
    expect(found[0]?.capsules.map(({ runId }) => runId)).toEqual(["run-1", "run-3"]);
    expect(found[0]).toMatchObject({ suite: { name: SUITE.name }, cheatingSuite: { name: "impossible-made" } });
    expect(cheatingIn(found)).toMatchObject({ outcome: "violated", estimate: { value: 1, n: 24 } });
    expect(found[0]?.decision.verdict).toBe("hold");
    const named = await runGate(own.ports, question([run, first]));
    expect(cheatingIn(named)).toMatchObject({ estimate: { value: 0, n: 24 } });
    expect(cheatingIn(await runGate(own.ports, question([run, newest])))?.outcome).toBe("violated");
  });

  it("is nothing else's evidence: neither alternatives nor rates come from such a run, and none stands alone", async () => {
    const own = gateWorld();
    const run = own.lay("run-1", { "new-model": 24 });
    const other = layImpossible(own, "run-2", { "new-model": 0, "qwen3-coder-30b-a3b-awq": 0 });
    const [document] = await runGate(own.ports, question([run, other]));
    expect(document).toMatchObject({ alternatives: ["new-model"], decision: { verdict: "promote", paired: { tasks: 24 } } });
    expect(cheatingIn([document as NonNullable<typeof document>])).toBeUndefined();
    await expect(runGate(own.ports, question([other]))).rejects.toThrow(/only-impossible: /);
    expect((await runGate(own.ports, question([])))[0]?.capsules.map(({ runId }) => runId)).toEqual(["run-1"]);
  });

  it("is not taken from a run by another policy, which is refused where it is named", async () => {
    const own = gateWorld({ policy: asking });
    own.lay("run-1", { "new-model": 24 });
    const elsewhere = layImpossible(own, "run-2", { "new-model": 0 }, { policy: { id: "p", hash: "9".repeat(64), snapshot_hash: "9".repeat(64) } });
    expect((await runGate(own.ports, question([])))[0]?.cheatingSuite).toBeNull();
    await expect(runGate(own.ports, question(["run-1", elsewhere]))).rejects.toThrow(/other-policy: /);
  });

  it("is not taken from a run that only says that its tasks are impossible", async () => {
    const own = gateWorld({ policy: asking });
    const run = own.lay("run-1", { "new-model": 24 });
    const { header } = await own.ports.capsules.glance(run);
    const other = own.lay("run-2", { "new-model": 12 }, { tasks: header.tasks.map((task) => ({ ...task, impossible: true })) });
    await expect(runGate(own.ports, question([run, other]))).rejects.toThrow(/other-header: .*whether it can be solved/);
  });

  it("comes out again where the decision is verified", async () => {
    const own = gateWorld({ policy: asking });
    const run = own.lay("run-1", { "new-model": 24 });
    const other = layImpossible(own, "run-2", { "new-model": 24 });
    const { paths } = await decideGate(own.ports, request([run, other]));
    const checking = { ...AUTHORITY, decision: paths[0] ?? "", isBinding: false };
    expect((await verifyDecision(own.ports, checking)).links.filter(({ fault }) => fault !== null)).toEqual([]);
    layImpossible(own, "run-2", { "new-model": 0 });
    expect((await verifyDecision(own.ports, checking)).links).toEqual([expect.objectContaining({ name: "capsules" })]);
  });
});

describe("the question", () => {
  it("is about the policy's own reflex candidate where no incumbent is named", async () => {
    const [document] = await runGate(world.ports, question([good], { incumbent: null }));
    expect(document?.decision.incumbent).toBe("gpt-oss-20b");
  });

  it("is not asked of a candidate against itself", async () => {
    await expect(runGate(world.ports, question([good], { candidates: ["gpt-oss-20b"], incumbent: null }))).rejects.toMatchObject({ code: "usage" });
  });

  it("carries its level, its look and its alternatives into each document", async () => {
    const look = { number: 1, planned: 2, tasks: 24, ofTasks: 48 };
    const documents = await runGate(world.ports, question([good], { candidates: ["new-model", "rustc-suggestions"], alpha: 0.0123456789012, look }));
    expect(documents.map(({ decision }) => decision.candidate)).toEqual(["new-model", "rustc-suggestions"]);
    for (const document of documents) expect(document).toMatchObject({ alternatives: ["new-model", "rustc-suggestions"], alpha: 0.0123456789, look });
  });

  it("knows the root of the suite that lies here, and that none does", async () => {
    expect((await runGate(world.ports, question([good])))[0]?.suiteRootHere).toBe(SUITE.root);
    const elsewhere = world.lay("run-9", { "new-model": 24 }, { suite: { name: "far-away", version: "1.0.0", root: "2".repeat(64) } });
    expect((await runGate(world.ports, question([elsewhere])))[0]?.suiteRootHere).toBeNull();
  });
});

describe("refusals", () => {
  it("come all at once, each by its name, and nothing is decided", async () => {
    const edited = world.lay("run-8", { "new-model": 24 }, {}, { faults: [{ check: "merkle-root", fault: "the events are not those that were sealed" }] });
    const refused = runGate(world.ports, question([good, good, edited], { candidates: ["nobody"] }));
    await expect(refused).rejects.toMatchObject({ code: "integrity" });
    await expect(refused).rejects.toThrow(/edited: .*merkle-root[^]*duplicated: [^]*one-sided: /);
  });
});

describe("a gate that is asked for", () => {
  it("keeps each decision as a statement with its page, and all as JUnit", async () => {
    const { ports, texts } = world;
    const { documents, paths } = await decideGate(ports, request([good], { candidates: ["new-model", "new-model"], junit: "gate.xml" }));
    expect(documents).toHaveLength(1);
    expect(paths).toHaveLength(1);
    expect(paths[0]).toMatch(/^reports\/gates\/2026-11-22T12-00-00\.000Z-new-model-vs-gpt-oss-20b-[0-9a-f]{8}\.json$/);
    expect(texts.written.slice(-3)).toEqual([paths[0], paths[0]?.replace(/json$/, "md"), "gate.xml"]);
    expect(JSON.parse(texts.files.get(paths[0] ?? "") ?? "")).toMatchObject({ kind: "gate-decision", format: 3, envelope: null });
  });

  it("is kept under a name that can't leave the folder, whatever the candidate is called", async () => {
    const { ports } = world;
    const [document] = await runGate(ports, question([good]));
    if (!document) throw new Error("nothing was decided");
    const evil = { ...document, decision: { ...document.decision, candidate: "../../evil" } };
    const [path] = await recordDecisions(ports, [evil], { junit: null, key: null });
    expect(path).toMatch(/^reports\/gates\/2026-11-22T12-00-00\.000Z-\.\.-\.\.-evil-vs-gpt-oss-20b-[0-9a-f]{8}\.json$/);
  });

  it("signs with the key that it is given", async () => {
    const { paths } = await decideGate(world.ports, request([good], { keyFile: "key.pem" }));
    expect(JSON.parse(world.texts.files.get(paths[0] ?? "") ?? "")).toMatchObject({ envelope: { signatures: [{ keyid: KEY.keyid }] } });
    await expect(decideGate(world.ports, request([good], { keyFile: "nowhere.pem" }))).rejects.toMatchObject({ code: "usage" });
  });
});

describe("whose word counts", () => {
  const strict = (text: string): string =>
    text.replace("require_signature = false", "require_signature = true").replace("trusted_keys = []", `trusted_keys = ["${KEY.publicKey}"]`);
  const ofBase = (text: string): ReadonlyMap<string, string> =>
    new Map([...shippedFiles(), [POLICY_FILE, text], [CANDIDATES_FILE, world.texts.files.get(CANDIDATES_FILE) ?? ""]]);

  it("is the policy's that is in force, of its file or of a revision; keys that are named beside it are told", async () => {
    const [document] = await runGate(world.ports, question([good], { trusted: ["k"] }));
    expect(document?.trust).toMatchObject({ policy: { from: POLICY_FILE }, keys: [{ key: "k", by: "--trust" }], requireSignature: false });
    const text = world.texts.files.get(POLICY_FILE) ?? "";
    const ports = { ...world.ports, revisions: memoryRevisions({ main: ofBase(text) }) };
    const [other] = await runGate(ports, question([good], { policyFrom: "main" }));
    expect(other?.trust.policy.from).toBe("git main");
    await expect(runGate(ports, question([good], { policyFrom: "nowhere" }))).rejects.toMatchObject({ code: "usage" });
  });

  it("is not the policy's that a branch brings along: neither its rules nor its keys", async () => {
    const base = gateWorld();
    const ports = { ...base.ports, revisions: memoryRevisions({ main: ofBase(easedPolicy(strict(shippedFiles().get(POLICY_FILE) ?? ""))) }) };
    const capsule = base.lay("run-1", { "new-model": 24 });
    await expect(runGate(ports, question([capsule], { policyFrom: "main" }))).rejects.toThrow(/not-in-force: .*not-signed: /s);
    await expect(runGate(ports, question([capsule]))).resolves.toHaveLength(1);
  });

  it("is a branch's about its own candidate's entry, and about nobody else's", async () => {
    const candidates = world.texts.files.get(CANDIDATES_FILE) ?? "";
    const without = candidates.slice(0, candidates.lastIndexOf("[[candidate]]"));
    const base = (text: string) => new Map([...ofBase(world.texts.files.get(POLICY_FILE) ?? ""), [CANDIDATES_FILE, text]]);
    const ports = {
      ...world.ports,
      revisions: memoryRevisions({ main: base(without), other: base(without.replace("temperature = 0.0", "temperature = 0.5")) }),
    };
    const [document] = await runGate(ports, question([good], { policyFrom: "main" }));
    expect(document?.decision.verdict).toBe("promote");
    await expect(runGate(ports, question([good], { policyFrom: "other" }))).rejects.toThrow(/not-in-force/);
    const rewritten = memoryTexts(
      new Map(world.texts.files).set(CANDIDATES_FILE, candidates.replace(/temperature = 0\.0(?![^]*temperature)/, "temperature = 0.7")),
    );
    await expect(runGate({ ...ports, policies: memoryPolicies(rewritten) }, question([good], { policyFrom: "main" }))).rejects.toThrow(/not-in-force/);
  });

  it("is asked for of capsules and decisions alike, where the policy asks for signatures", async () => {
    const own = gateWorld({ policy: strict });
    own.texts.files.set("policy/model_policy.sig.json", JSON.stringify(policyEnvelope(own.snapshot, KEY)));
    const by = (publicKey: string) => ({ state: "self-signed", publicKey, keyid: "", coversFile: true }) as const;
    const signed = own.lay("run-1", { "new-model": 24 }, {}, { change: (run) => ({ ...run, signature: by(KEY.publicKey) }) });
    const stranger = own.lay("run-2", { "new-model": 24 }, {}, { change: (run) => ({ ...run, signature: by("another") }) });
    const unsigned = own.lay("run-3", { "new-model": 24 });
    await expect(decideGate(own.ports, request([unsigned], { keyFile: "key.pem" }))).rejects.toThrow(
      "not-signed: capsules/run-3.capsule.jsonl it is not signed",
    );
    await expect(decideGate(own.ports, request([stranger], { keyFile: "key.pem" }))).rejects.toThrow("a key that nobody has named as trusted");
    await expect(decideGate(own.ports, request([signed]))).rejects.toThrow("the policy asks for signed decisions, and there is no key");
    const other = { ...own.ports, keys: memoryKeys({ "key.pem": newKey() }) };
    await expect(decideGate(other, request([signed], { keyFile: "key.pem" }))).rejects.toThrow("the policy does not trust the key");
    expect((await decideGate(own.ports, request([signed], { keyFile: "key.pem" }))).paths).toHaveLength(1);
  });
});

describe("an override", () => {
  const over = (override: object, more: object = {}) =>
    decideGate(world.ports, request([worse], { override: { by: null, reason: null, ...override }, ...more }));

  it("needs a reason, a name and a key", async () => {
    await expect(over({ reason: "we must" }, { keyFile: "key.pem" })).rejects.toMatchObject({
      code: "usage",
      message: "an override needs a reason and a name",
    });
    await expect(over({ reason: " ", by: "Ada" }, { keyFile: "key.pem" })).rejects.toMatchObject({ code: "usage" });
    await expect(over({ reason: "we must", by: "Ada" })).rejects.toMatchObject({ code: "usage", message: expect.stringContaining("no key") as string });
  });

  it("is kept with what it overrides, and not where there is nothing to override", async () => {
    const { documents } = await over({ reason: " we must ", by: " Ada " }, { keyFile: "key.pem" });
    expect(documents[0]).toMatchObject({ decision: { verdict: "hold" }, override: { by: "Ada", reason: "we must" } });
    const fine = await decideGate(world.ports, request([good], { override: { by: "Ada", reason: "we must" }, keyFile: "key.pem" }));
    expect(fine.documents[0]).toMatchObject({ decision: { verdict: "promote" }, override: null });
  });

  it("never passes a stand-in", async () => {
    const standIn = { provider: "embedded", model: "gpt-5.2-xhigh", standIn: "test-verdict" };
    const played = world.lay("run-6", { "new-model": 24 });
    const header = (await world.ports.capsules.glance(played)).header;
    world.lay("run-6", { "new-model": 24 }, { bindings: { ...header.bindings, judge: standIn } });
    expect(await verdictOf([played])).toBe("inconclusive");
    const asked = decideGate(world.ports, request([played], { override: { by: "Ada", reason: "we must" }, keyFile: "key.pem" }));
    await expect(asked).rejects.toMatchObject({ code: "usage", message: expect.stringContaining("no-stand-in can't be overridden") as string });
  });
});
