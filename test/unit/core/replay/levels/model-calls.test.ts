// Level 5 on single calls: what an answer leads to, what a failed call leads to, and what can't be read again.
import { describe, expect, it } from "vitest";
import { sha256 } from "../../../../../src/core/base/canonical.ts";
import type { EventLine } from "../../../../../src/core/capsule/line.ts";
import { type Claim, diffKey, isSame, type TrialView } from "../../../../../src/core/replay/check.ts";
import { modelCalls } from "../../../../../src/core/replay/levels/model-calls.ts";
import { scenesOf } from "../../../../../src/core/replay/scene.ts";
import { stepsOf } from "../../../../../src/core/replay/step.ts";
import { contentHash } from "../../../../../src/core/suite/suite.ts";
import type { AppliedDiff } from "../../../../../src/core/trial/answer-outcome.ts";
import { critic, editFor, policyWith, suiteOf, taskNamed, unlock } from "../../../run/fakes.ts";

type Payload = Readonly<Record<string, unknown>>;
const snapshot = policyWith();
const task = taskNamed("a", { editable: ["src/a.rs", "src/b.rs"] });

interface Around {
  /** The texts that the record holds. */
  readonly texts?: readonly string[];
  readonly scene?: string;
  readonly diffs?: ReadonlyMap<string, AppliedDiff>;
  readonly verdict?: object;
  readonly scrub?: (text: string) => string;
}

/** The claims of a trial whose events stand in these steps. */
function claimsOf(
  steps: readonly (readonly Payload[])[],
  { texts = [], scene, diffs = new Map(), verdict, scrub = (text) => text }: Around = {},
): readonly Claim[] {
  const payloads = steps.flat();
  const events = steps.flatMap((own, step) => own.map((payload) => ({ seq: payloads.indexOf(payload), step, trial: "t", payload }))) as unknown as EventLine[];
  const held = new Map(texts.map((text) => [sha256(text), text]));
  const view = {
    header: {},
    snapshot,
    trial: { id: "t", task: { id: "fix-a" }, events },
    steps: stepsOf(events),
    evidence: { text: (hash: string) => held.get(hash) ?? null, holds: (hash: string) => held.has(hash), verdict: () => verdict ?? null },
    scene: scene ?? scenesOf(suiteOf([task]), snapshot.policy.prompt)("fix-a"),
    diffs,
    scrub,
    seqOf: (event: object) => payloads.indexOf(event as Payload),
  } as unknown as TrialView;
  return modelCalls.checks({} as never).trials.flatMap((check) => [...check.claims(view)]);
}

const call = (role: string, text: string | null, more: Payload = {}): Payload => ({
  type: "ModelCallEnvelope",
  role,
  provider: "local",
  model: "small",
  response_hash: text === null ? null : sha256(text),
  success: text !== null,
  json_compliant: text === null ? null : true,
  error: text === null ? "timeout-total: after 60 s" : null,
  ...more,
});
const NOT_HERE = "the answer is not in the record";
/** Does every claim come out as recorded? */
const agrees = (claims: readonly Claim[]): readonly boolean[] => claims.map((claim) => "recorded" in claim && isSame(claim.recorded, claim.redone));

describe("an answer", () => {
  it("that is not in the record can't be read again, whoever gave it", () => {
    for (const role of ["Architect", "Implementer", "SidecarCritic", "Judge"])
      expect(claimsOf([[call(role, "text")]])).toEqual([{ seq: 0, what: `${role} answers`, missing: NOT_HERE }]);
  });

  it("that was asked for again led to nothing by itself: the last try's is read", () => {
    const tries = [
      call("Judge", "no JSON"),
      call("Judge", unlock("UNLOCK")),
      { type: "GateDecision", outcome: "Pass", reason: "it is UNLOCK\u2028by my word 😀" },
    ];
    const claims = claimsOf([tries], { texts: ["no JSON", unlock("UNLOCK")] });
    expect(claims).toMatchObject([
      { seq: 0, what: "Judge answers", recorded: sha256("no JSON"), redone: sha256("no JSON") },
      { seq: 1, what: "Judge answers", recorded: { compliant: true, outcome: "Pass" } },
    ]);
    expect(agrees(claims)).toEqual([true, true]);
    expect(agrees(claimsOf([tries, [call("Judge", "no JSON")]], { texts: ["no JSON", unlock("UNLOCK")] }))).toEqual([true, true, false]);
  });

  it("of the Architect is there where its call says that it succeeded", () => {
    expect(agrees(claimsOf([[call("Architect", "Plan.")], [call("Architect", null)]], { texts: ["Plan."] }))).toEqual([true, true]);
    expect(claimsOf([[call("Architect", "Plan.", { success: false })], [call("Architect", null, { success: true })]], { texts: ["Plan."] })).toMatchObject([
      { recorded: false, redone: true },
      { recorded: true, redone: false },
    ]);
  });
});

describe("the critic's answer", () => {
  const signal = (severity: string, more: Payload = {}): Payload => ({
    type: "CounterSignal",
    severity,
    signal_kind: "other",
    message: `said ${severity}`,
    ...more,
  });
  const texts = [critic("block"), "nothing"];

  it("leads to the recorded signal, in every part of it", () => {
    const answer = call("SidecarCritic", critic("block"));
    expect(claimsOf([[answer, signal("block")]], { texts })).toEqual([
      {
        seq: 0,
        what: "SidecarCritic answers",
        recorded: { compliant: true, signal: { severity: "block", kind: "other", message: "said block" } },
        redone: { compliant: true, signal: { severity: "block", kind: "other", message: "said block" } },
      },
    ]);
    for (const otherwise of [{ severity: "advisory" }, { signal_kind: "style" }, { message: "all is well" }])
      expect([otherwise, ...agrees(claimsOf([[answer, signal("block", otherwise)]], { texts }))]).toEqual([otherwise, false]);
    expect(agrees(claimsOf([[answer]], { texts }))).toEqual([false]);
    expect(agrees(claimsOf([[{ ...answer, json_compliant: false }, signal("block")]], { texts }))).toEqual([false]);
  });

  it("leads to none where nobody answered, or not as was asked", () => {
    expect(agrees(claimsOf([[call("SidecarCritic", null)]]))).toEqual([true]);
    expect(agrees(claimsOf([[call("SidecarCritic", null), signal("block")]]))).toEqual([false]);
    expect(agrees(claimsOf([[call("SidecarCritic", "nothing", { json_compliant: false })]], { texts }))).toEqual([true]);
  });

  it("is compared as it was kept: without what was taken out of it", () => {
    const scrub = (text: string) => text.replace("block", "[redacted]");
    expect(agrees(claimsOf([[call("SidecarCritic", critic("block")), signal("block", { message: "said [redacted]" })]], { texts, scrub }))).toEqual([true]);
  });
});

describe("the Judge's answer", () => {
  const gate = (outcome: string, reason: string): Payload => ({ type: "GateDecision", outcome, reason });
  const why = "it is BLOCK\u2028by my word 😀";
  const texts = [unlock("BLOCK")];

  it("leads to the recorded gate: its outcome, its reason, and whether it was JSON", () => {
    const answer = call("Judge", unlock("BLOCK"));
    expect(agrees(claimsOf([[answer, gate("Fail", why)]], { texts }))).toEqual([true]);
    expect(claimsOf([[answer]], { texts })).toMatchObject([
      { recorded: { compliant: true, outcome: null, reason: null }, redone: { compliant: true, outcome: "Fail", reason: why } },
    ]);
    expect(agrees(claimsOf([[answer, gate("Pass", why)]], { texts }))).toEqual([false]);
    expect(agrees(claimsOf([[answer, gate("Fail", "other")]], { texts }))).toEqual([false]);
    expect(agrees(claimsOf([[{ ...answer, json_compliant: false }, gate("Fail", why)]], { texts }))).toEqual([false]);
    const scrub = (text: string) => text.replace("my word", "[redacted]");
    expect(agrees(claimsOf([[answer, gate("Fail", why.replace("my word", "[redacted]"))]], { texts, scrub }))).toEqual([true]);
  });

  it("that did not come unlocks nothing, for the reason that the call gives by name", () => {
    const failed = call("Judge", null);
    expect(agrees(claimsOf([[failed, gate("Fail", "no judgement: timeout-total")]]))).toEqual([true]);
    expect(agrees(claimsOf([[failed, gate("Pass", "no judgement: timeout-total")]]))).toEqual([false]);
    expect(claimsOf([[{ ...failed, error: null }, gate("Fail", "r")]])).toMatchObject([{ redone: { compliant: null, reason: "no judgement: " } }]);
  });
});

describe("an Implementer's answer", () => {
  const [path = ""] = task.broken.keys();
  const text = editFor(task, "passed");
  const content = (task.broken.get(path) ?? "").replace("    2\n", "    1 //  verdict: passed\n");
  const patched = (file_path: string, after: string | null, success = true): Payload => ({
    type: "PatchApply",
    file_path,
    after_hash: after === null ? null : contentHash(after),
    success,
  });
  const result: Payload = { type: "ToolResult", output_hash: "v" };

  it("leads to the recorded files", () => {
    const answer = call("Implementer", text);
    expect(agrees(claimsOf([[answer, patched(path, content), result]], { texts: [text] }))).toEqual([true]);
    expect(claimsOf([[answer, patched(path, "other"), result]], { texts: [text] })).toMatchObject([
      { recorded: { files: [[path, contentHash("other")]] }, redone: { compliant: true, rejected: null, files: [[path, contentHash(content)]] } },
    ]);
    // What was not applied changed no file.
    expect(agrees(claimsOf([[answer, patched(path, content, false), result]], { texts: [text] }))).toEqual([false]);
    expect(agrees(claimsOf([[{ ...answer, json_compliant: false }, patched(path, content), result]], { texts: [text] }))).toEqual([false]);
    const scrub = (whole: string) => whole.replace("passed", "[redacted]");
    expect(agrees(claimsOf([[answer, patched(path, scrub(content)), result]], { texts: [text], scrub }))).toEqual([true]);
  });

  it("that is no patch leads to the recorded rejection: its name and its words", () => {
    const claims = (verdict: object, more: Payload = { json_compliant: false }) =>
      claimsOf([[call("Implementer", "no JSON at all", more), result]], { texts: ["no JSON at all"], verdict });
    const [first] = claims({ status: "failed" });
    const redone = first !== undefined && "redone" in first ? (first.redone as { rejected: { why: string; detail: string } }) : null;
    expect(first).toMatchObject({ recorded: { compliant: false, rejected: null, files: [] }, redone: { compliant: false, files: [] } });
    const verdict = { status: "patch-rejected", ...redone?.rejected };
    expect(agrees(claims(verdict))).toEqual([true]);
    expect(agrees(claims({ ...verdict, detail: "other" }))).toEqual([false]);
    expect(agrees(claims({ ...verdict, why: "other" }))).toEqual([false]);
    expect(agrees(claims(verdict, { json_compliant: true }))).toEqual([false]);
    // Without a result nothing was rejected.
    expect(agrees(claimsOf([[call("Implementer", "no JSON at all", { json_compliant: false })]], { texts: ["no JSON at all"], verdict }))).toEqual([false]);
  });

  it("that did not come is a rejection in the call's own words", () => {
    const verdict = { status: "patch-rejected", why: "model-error", detail: "timeout-total: after 60 s" };
    expect(agrees(claimsOf([[call("Implementer", null), result]], { verdict }))).toEqual([true]);
    expect(agrees(claimsOf([[call("Implementer", null, { error: "other" }), result]], { verdict }))).toEqual([false]);
    expect(agrees(claimsOf([[call("Implementer", null, { error: null }), result]], { verdict: { ...verdict, detail: "" } }))).toEqual([true]);
    expect(agrees(claimsOf([[call("Implementer", null, { json_compliant: true }), result]], { verdict }))).toEqual([false]);
  });

  it("can't be read again where the suite is not here; that it is no patch needs none", () => {
    const scene = "the suite is not here";
    expect(claimsOf([[call("Implementer", text), result]], { texts: [text], scene })).toEqual([{ seq: 0, what: "Implementer answers", missing: scene }]);
    expect(claimsOf([[call("Implementer", "no JSON"), result]], { texts: ["no JSON"], scene })).toMatchObject([{ redone: { files: [] } }]);
  });

  it("that is a diff is read as it was applied here, for this task and answer, its files in any order", () => {
    const diff = JSON.stringify({ diff: `--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n-x\n+y\n` });
    const answer = call("Implementer", diff, { provider: "external" });
    const [first] = claimsOf([[answer, result]], { texts: [diff] });
    expect(first).toEqual({ seq: 0, what: "Implementer answers", missing: "the diff could not be applied here: git is missing" });
    const applied = (changes: readonly (readonly [string, string | null])[], of = "fix-a") =>
      new Map([[diffKey(of, sha256(diff)), { ok: true, changes: new Map(changes) } as AppliedDiff]]);
    const read = (files: readonly Payload[], diffs: ReadonlyMap<string, AppliedDiff>) => claimsOf([[answer, ...files, result]], { texts: [diff], diffs })[0];
    expect(read([], applied([[path, content]], "fix-b"))).toEqual(first);
    const files = [
      [path, content],
      ["src/b.rs", "// b\n"],
    ] as const;
    const told = files.map(([name, after]) => [name, contentHash(after)]);
    for (const [recordedFiles, changes] of [
      [files, files.toReversed()],
      [files.toReversed(), files],
    ])
      expect(
        read(
          (recordedFiles ?? []).map(([name, after]) => patched(name, after)),
          applied(changes ?? []),
        ),
      ).toMatchObject({
        recorded: { rejected: null, files: told },
        redone: { compliant: true, rejected: null, files: told },
      });
  });
});
