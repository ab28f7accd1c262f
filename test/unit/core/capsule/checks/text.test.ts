// Checks of the stored texts: how each was sealed, which the capture mode allows, which policy every event names.
import { describe, expect, it } from "vitest";
import { canonicalJson, sha256 } from "../../../../../src/core/base/canonical.ts";
import type { StoredText } from "../../../../../src/core/capsule/checks/check.ts";
import { storedPolicyValue } from "../../../../../src/core/capsule/checks/text.ts";
import { type EventLine, policyUri } from "../../../../../src/core/capsule/line.ts";
import { dataHash, openTextRoot } from "../../../../../src/core/capsule/proof/text-root.ts";
import type { EventOf, TrialEvent } from "../../../../../src/core/trial/event.ts";
import { headerOf, policyWith, snapshotBlob, taskNamed } from "../../../run/fakes.ts";
import { attemptEvents } from "../../router/history.ts";
import { faultOf, plainLine, sealOf, watchOf } from "../sealed.ts";

const snapshot = policyWith();
const own = snapshotBlob(snapshot);
const header = headerOf({ tasks: [taskNamed("a")], candidates: ["small"], snapshot });
const text = (content: string): StoredText => ({ sha256: sha256(content), text: content });
const short = (hash: string): string => hash.slice(0, 12);
const inForce = { policy_id: header.policy.id, policy_hash: header.policy.hash };

describe("how texts are stored", () => {
  const stored = (content: string, data = `data of ${content}`) => ({ ...text(content), stored: { bytes: content.length, data } });
  const left = ({ sha256: hash, stored: { bytes, data } }: ReturnType<typeof stored>) => ({ sha256: hash, bytes, data_sha256: dataHash(data) });
  const texts = [stored("one"), stored("two"), stored("three")];
  const root = openTextRoot();
  for (const { sha256: hash, stored: form } of texts) root.add(hash, form.bytes, dataHash(form.data));
  const seal = sealOf(header, { texts_root: root.root() });
  const not = "the texts are not stored as they were sealed, or a size is not true";

  it("is what was sealed, of texts that are there and of those that were left out", () => {
    expect(faultOf("texts-sealed", header, { texts, seal })).toBeNull();
    expect(faultOf("texts-sealed", header, { texts: texts.slice(0, 2), withheld: texts.slice(2).map(left), seal })).toBeNull();
    expect(watchOf("texts-sealed", header, { texts, seal }).unchecked?.()).toBeNull();
  });

  it("can't be another form, another size, another order, or fewer", () => {
    for (const other of [[stored("one", "data of two"), ...texts.slice(1)], texts.toReversed(), texts.slice(1)])
      expect(faultOf("texts-sealed", header, { texts: other, seal })).toBe(not);
    const [, , third] = texts.map(left);
    if (!third) throw new Error("no text");
    expect(faultOf("texts-sealed", header, { texts: texts.slice(0, 2), withheld: [{ ...third, bytes: 99 }], seal })).toBe(not);
  });

  it("is not known of a text without its size or its form, and then nothing is said of any", () => {
    const [first] = texts;
    if (!first) throw new Error("no text");
    const without = watchOf("texts-sealed", header, { texts: [text("one"), text("two")], seal });
    expect([without.end(), without.unchecked?.()]).toEqual([null, `the text ${short(sha256("one"))} was never written`]);
    const { sha256: hash, bytes, data_sha256: data } = left(first);
    for (const partly of [
      { sha256: hash, bytes },
      { sha256: hash, data_sha256: data },
    ]) {
      const gone = watchOf("texts-sealed", header, { withheld: [partly], seal });
      expect([gone.end(), gone.unchecked?.()]).toEqual([null, `the text ${short(first.sha256)} was left out without what the seal knows of it`]);
    }
  });

  it("was not known to older seals", () => {
    const older = watchOf("texts-sealed", header, { texts: texts.slice(1), seal: sealOf(header) });
    expect([older.end(), older.unchecked?.()]).toEqual([null, "it was sealed before the seal knew how texts are stored"]);
    expect(faultOf("texts-sealed", header, { texts })).toBeNull();
  });
});

describe("texts", () => {
  const line = (hash: string): EventLine =>
    plainLine(null, 0, { payload: { type: "RetrievalResponse", request_id: "r", response_hash: hash, latency_ms: 1, error: null } });

  it("belong where the header or an event names them, stored or left out", () => {
    const [a, b] = [text("a"), text("b")];
    expect(faultOf("texts-belong", header, { texts: [own, a], withheld: [b], events: [line(a.sha256), line(b.sha256)] })).toBeNull();
    expect(faultOf("texts-belong", header, { texts: [a, b], events: [line(a.sha256)] })).toBe(`nothing refers to the text ${short(b.sha256)}`);
    expect(faultOf("texts-belong", header, { withheld: [b] })).toBe(`nothing refers to the text ${short(b.sha256)}`);
  });

  it("are left out by rule: with none left out nothing is asked, and none that stays is one that could go", () => {
    const [a, b] = [text("a"), text("b")];
    expect(faultOf("withheld-by-rule", header, { texts: [own, a, b] })).toBeNull();
    expect(faultOf("withheld-by-rule", header, { texts: [own], withheld: [a, b] })).toBeNull();
    expect(faultOf("withheld-by-rule", header, { texts: [own, a], withheld: [b] })).toBe(
      "1 text was removed after sealing: a safe export leaves out all that its rules do not keep, and 1 are still there",
    );
    expect(faultOf("withheld-by-rule", header, { withheld: [a, own] })).toBe(`the text ${short(own.sha256)} was removed, which no export leaves out`);
  });
});

describe("the policy of every event", () => {
  const event = (facts: Partial<EventLine> = {}): EventLine => plainLine(null, 0, { ...inForce, uri: "e", ...facts });
  const reference = (change: Partial<EventOf<"PolicySnapshotRef">> = {}): EventLine =>
    event({ payload: { type: "PolicySnapshotRef", policy_uri: policyUri(header), ...inForce, ...change } });
  const fault = (events: readonly EventLine[], texts: readonly StoredText[] = [own]) => faultOf("policy-resolves", header, { texts, events });

  it("is the stored one", () => expect(fault([event(), reference()])).toBeNull());

  it("is not missing", () => expect(fault([event()], [text("other")])).toBe("the PolicySnapshot is missing"));

  it("is whole: its hash is that of its content, and the header's", () => {
    const spoiled = { ...own, text: own.text.replace('"enabled":true', '"enabled":false') };
    expect(fault([], [spoiled])).toBe("the PolicySnapshot's hash is not that of its content");
    const other = snapshotBlob(policyWith((policy) => void (policy.meta.version = "8.0.0")));
    expect(fault([], [{ ...other, sha256: own.sha256 }])).toBe("the PolicySnapshot's hash is not that of its content");
    // A text beside it that is no policy is none of this check's business.
    expect(fault([], [text(own.text.replace('"enabled":true', '"enabled":false')), own])).toBeNull();
  });

  it("is named by hash and by id", () => {
    expect(fault([event({ policy_id: "p" })])).toBe("event e names another policy");
    expect(fault([event({ policy_hash: "0".repeat(64) })])).toBe("event e names another policy");
  });

  it("is referred to as it is in force", () => {
    const not = "the PolicySnapshotRef e does not resolve";
    for (const wrong of [{ policy_uri: "mv2://x" }, { policy_id: "p" }, { policy_hash: "0".repeat(64) }]) expect(fault([reference(wrong)])).toBe(not);
    expect(fault([reference({ observed_hash: own.sha256 })])).toBe(not);
    expect(fault([reference({ observed_hash: sha256("gone"), policy_uri: policyUri(header, sha256("gone")) })])).toBe(not);
  });
});

describe("a value of a stored policy", () => {
  it("is found by its path, and undefined where there is none", () => {
    const stored = canonicalJson({ policy: { gates: { plants: 3, none: null } } });
    expect(storedPolicyValue(stored, ["gates", "plants"])).toBe(3);
    for (const path of [
      ["gates", "plants", "more"],
      ["gates", "none", "more"],
      ["x", "y"],
    ])
      expect(storedPolicyValue(stored, path)).toBeUndefined();
    expect(storedPolicyValue("null", ["gates"])).toBeUndefined();
    expect(() => storedPolicyValue("{", ["gates"])).toThrow(SyntaxError);
  });
});

describe("the capture mode", () => {
  const modes = { full_io: "FullIo", prompts_only: "PromptsOnly", none: "None" } as const;
  const [called] = attemptEvents(
    {
      role: "Judge",
      mode: "Cloud",
      stage: "Unlock",
      attempt: 1,
      provider: "p",
      model: "m",
      selection_reason: "judge-unlocks",
      stand_in: null,
      outside_policy: false,
    },
    "failed",
  );
  if (called?.type !== "ModelCallEnvelope") throw new Error("no call");
  const [prompt, response] = [text("prompt"), text("response")];
  const fault = (
    mode: keyof typeof modes,
    texts: readonly StoredText[],
    change: Partial<EventOf<"ModelCallEnvelope">> = {},
    more: readonly TrialEvent[] = [],
  ) => {
    const under = snapshotBlob(policyWith((policy) => void (policy.capture.mode = mode)));
    const of = { ...header, policy: { ...header.policy, snapshot_hash: under.sha256 } };
    const call: TrialEvent = { ...called, capture_mode: modes[mode], prompt_hash: prompt.sha256, response_hash: response.sha256, ...change };
    const events = [call, ...more].map((payload, seq) => ({ ...plainLine(null, seq), payload, uri: `e${seq}` }));
    return faultOf("capture-kept", of, { texts: [...texts, under], events });
  };
  const kept = ({ sha256: hash }: StoredText): string => `the text ${short(hash)} is one that the capture mode leaves out`;

  it("keeps everything, prompts alone, or neither", () => {
    expect(fault("full_io", [prompt, response])).toBeNull();
    expect(fault("prompts_only", [prompt])).toBeNull();
    expect(fault("prompts_only", [prompt, response])).toBe(kept(response));
    expect(fault("none", [])).toBeNull();
    expect(fault("none", [prompt])).toBe(kept(prompt));
    expect(fault("none", [response])).toBe(kept(response));
  });

  it("is the one that every call names", () => {
    for (const mode of ["full_io", "prompts_only", "none"] as const)
      expect(fault(mode, [], { capture_mode: mode === "none" ? "FullIo" : "None" })).toBe("event e0 names another capture mode");
  });

  it("does not ask for the text to go that something else needs", () => {
    const [, , result] = attemptEvents(called, "failed");
    const needs = { ...result, output_hash: response.sha256 } as TrialEvent;
    expect(fault("none", [response], {}, [needs])).toBeNull();
    expect(fault("none", [response, prompt], {}, [needs])).toBe(kept(prompt));
  });

  it("does not accuse a run whose server answers with the prompt itself", () => {
    expect(fault("prompts_only", [prompt], { response_hash: prompt.sha256 })).toBeNull();
    expect(fault("none", [prompt], { response_hash: prompt.sha256 })).toBe(kept(prompt));
  });

  it("that is not known forbids nothing", () => {
    const events = [{ ...plainLine(null, 0), payload: { ...called, prompt_hash: prompt.sha256 } }];
    expect(faultOf("capture-kept", header, { texts: [prompt], events })).toBeNull();
    const odd = { ...header, policy: { ...header.policy, snapshot_hash: sha256("{}") } };
    expect(faultOf("capture-kept", odd, { texts: [prompt, text("{}")], events })).toBeNull();
  });
});
