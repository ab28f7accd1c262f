// Each named check, on capsules that are whole in every other way; and the gaps that capture leaves.
import { describe, expect, it } from "vitest";
import { sha256 } from "../../../../src/core/base/canonical.ts";
import { captureGaps } from "../../../../src/core/capsule/gaps.ts";
import { type EventLine, eventLine, eventUri, policyUri } from "../../../../src/core/capsule/line.ts";
import { parseLine } from "../../../../src/core/capsule/parse.ts";
import { foldRun } from "../../../../src/core/capsule/record.ts";
import { capsuleFaults, type SealedCapsule } from "../../../../src/core/capsule/verify.ts";
import { policyWith, snapshotBlob } from "../../run/fakes.ts";
import { checksOf, sealedAgain, sealedRun } from "./sealed.ts";

const whole = await sealedRun();
const without = (type: EventLine["payload"]["type"], nth = 0): SealedCapsule => {
  const gone = whole.events.filter(({ payload }) => payload.type === type)[nth];
  return sealedAgain(
    whole,
    whole.events.filter((line) => line !== gone),
  );
};
/** The same without the gap in the numbers: as someone would who knows the format well. */
function renumbered(capsule: SealedCapsule): SealedCapsule {
  const next = new Map<string | null, { seq: number; step: number }>();
  const events = capsule.events.map((line) => {
    const at = next.get(line.trial) ?? { seq: 0, step: 0 };
    const { seq, step } = at;
    next.set(line.trial, { seq: seq + 1, step: line.more ? step : step + 1 });
    return { ...line, seq, step, uri: line.uri.replace(/\d+$/, String(seq)) };
  });
  return sealedAgain(capsule, events);
}

describe("verdicts", () => {
  const results = whole.events.filter(({ payload }) => payload.type === "ToolResult");
  const claiming = (change: (payload: Extract<EventLine["payload"], { type: "ToolResult" }>) => EventLine["payload"]): SealedCapsule =>
    sealedAgain(
      whole,
      whole.events.map((line) => (line === results[0] && line.payload.type === "ToolResult" ? { ...line, payload: change(line.payload) } : line)),
    );
  const faults = (capsule: SealedCapsule): readonly string[] => capsuleFaults(capsule).map(({ check, fault }) => `${check}: ${fault}`);

  it("can't be told otherwise than they are stored, though every hash is made to fit", () => {
    const status = (to: "passed" | "failed" | "infrastructure") => claiming((payload) => ({ ...payload, verdict: { ...payload.verdict, status: to } }));
    const [result] = results;
    const recorded = result?.payload.type === "ToolResult" ? result.payload.verdict.status : "";
    const others = (["passed", "failed", "infrastructure"] as const).filter((to) => to !== recorded);
    for (const to of others)
      expect(faults(status(to))).toEqual([`verdicts-fit: event ${result?.uri ?? ""} says ${to}, and the verdict stored in full says ${recorded}`]);
    expect(faults(claiming((payload) => ({ ...payload, success: !payload.success })))).toEqual([
      `verdicts-fit: event ${result?.uri ?? ""} says ${recorded}, and the verdict stored in full says ${recorded}, with other facts`,
    ]);
    expect(checksOf(claiming((payload) => ({ ...payload, verdict: { ...payload.verdict, held_out_failed: 7 } })))).toEqual(["verdicts-fit"]);
  });

  it("are no other text of the capsule", () => {
    expect(checksOf(claiming((payload) => ({ ...payload, output_hash: whole.header.policy.snapshot_hash })))).toEqual(["verdicts-fit"]);
  });
});

describe("mandatory events", () => {
  it("are all there in a run as it was sealed, in each capture mode", async () => {
    for (const capture of ["full_io", "prompts_only", "none"] as const) expect(checksOf(await sealedRun(capture))).toEqual([]);
  });

  for (const type of ["PolicySnapshotRef", "StageTransition", "RoutingDecision", "ToolCall", "GateDecision"] as const) {
    it(`are missed where a ${type} is left out, however well the rest is made to fit`, () => {
      expect(checksOf(without(type))).not.toEqual([]);
      expect(checksOf(renumbered(without(type)))).toContain("mandatory-events");
    });
  }

  it("are missed where a call names another model than was decided", () => {
    const events = whole.events.map((line) => (line.payload.type === "ModelCallEnvelope" ? { ...line, payload: { ...line.payload, model: "other" } } : line));
    expect(checksOf(sealedAgain(whole, events))).toEqual(["mandatory-events"]);
  });

  it("are missed where a trial has no unlock decision", () => {
    const events = whole.events.filter(({ payload }) => payload.type !== "GateDecision" || payload.gate_name !== "unlock");
    expect(checksOf(sealedAgain(whole, events))).toContain("trials-finished");
  });
});

describe("order", () => {
  it("has a gap where an event is left out, and a double where one comes twice", () => {
    expect(checksOf(without("RetrievalRequest"))).not.toContain("merkle-root");
    const gone = whole.events[5];
    expect(
      checksOf(
        sealedAgain(
          whole,
          whole.events.filter((line) => line !== gone),
        ),
      ),
    ).toContain("sequence");
    expect(
      checksOf(
        sealedAgain(
          whole,
          whole.events.flatMap((line) => (line === gone ? [line, line] : [line])),
        ),
      ),
    ).toContain("sequence");
  });

  it("is broken where two events change places, or a trial comes before another", () => {
    const [a, b] = [whole.events[4], whole.events[5]];
    if (!a || !b) throw new Error("too few");
    expect(checksOf(sealedAgain(whole, whole.events.with(4, b).with(5, a)))).toContain("plan-order");
    const [first] = whole.events;
    const trials = [...new Set(whole.events.map(({ trial }) => trial))].toReversed();
    const turned = trials.flatMap((trial) => whole.events.filter((line) => line.trial === trial && line !== first));
    expect(checksOf(sealedAgain(whole, first ? [first, ...turned] : turned))).toContain("plan-order");
  });

  it("is broken where a sealed trial ends within a step", () => {
    const last = whole.events.at(-1);
    const events = last ? whole.events.with(whole.events.length - 1, { ...last, more: true }) : [];
    expect(checksOf(sealedAgain(whole, events))).toEqual(["sequence"]);
  });
});

describe("envelopes", () => {
  const CHANGES: readonly [string, Partial<EventLine>][] = [
    ["another run", { run_id: "run-2" }],
    ["a trial that was not planned", { trial: "who/knows/1" }],
    ["another task", { spec_id: "fix-z" }],
    ["another type", { event_type: "DebugTrace" }],
    ["another stage", { stage: "Audit" }],
    ["another address", { uri: "mv2://elsewhere" }],
  ];
  for (const [name, change] of CHANGES) {
    it(`are refused with ${name}`, () => {
      const at = whole.events.findIndex(({ payload }) => payload.type === "ModelCallEnvelope");
      const line = whole.events[at];
      if (!line) throw new Error("no call");
      expect(checksOf(sealedAgain(whole, whole.events.with(at, { ...line, ...change })))).toContain("envelopes");
    });
  }
});

describe("texts", () => {
  it("that the capture mode leaves out make a capsule over-captured", async () => {
    const none = await sealedRun("none");
    const call = none.events.find(({ payload }) => payload.type === "ModelCallEnvelope")?.payload;
    if (call?.type !== "ModelCallEnvelope") throw new Error("no call");
    const full = whole.blobs.find(({ sha256: hash }) => hash === call.prompt_hash);
    if (!full) throw new Error("no prompt");
    expect(checksOf(sealedAgain(none, none.events, [...none.blobs, full]))).toEqual(["capture-kept"]);
  });

  it("that nothing refers to do not belong", () => {
    const stray = { sha256: sha256("stray"), text: "stray" };
    expect(checksOf(sealedAgain(whole, whole.events, [...whole.blobs, stray]))).toEqual(["texts-belong"]);
  });

  it("must hold the policy that every event refers to", () => {
    const blobs = whole.blobs.filter(({ sha256: hash }) => hash !== whole.header.policy.snapshot_hash);
    expect(checksOf(sealedAgain(whole, whole.events, blobs))).toEqual(["policy-resolves"]);
    const events = whole.events.map((line) =>
      line.payload.type === "PolicySnapshotRef" ? { ...line, payload: { ...line.payload, policy_uri: "mv2://x" } } : line,
    );
    expect(checksOf(sealedAgain(whole, events))).toEqual(["policy-resolves"]);
  });

  it("may be other policies that were seen in its files, if what refers to them is whole", () => {
    const other = policyWith((policy) => void (policy.meta.version = "8.0.0"));
    const stored = snapshotBlob(other);
    const seq = whole.events.filter(({ trial }) => trial === null).length;
    const lineWith = (payload: object): EventLine => {
      const [opening] = whole.events;
      const last = whole.events[seq - 1];
      if (!opening || !last) throw new Error("no events");
      const first = { ...opening, timestamp: last.timestamp };
      const uri = eventUri(whole.header.run_id, { trial: null, task: null, seq });
      const seen = { type: "PolicySnapshotRef", policy_uri: policyUri(whole.header, stored.sha256), policy_id: other.policy_id, policy_hash: other.hash };
      return eventLine.parse({ ...first, uri, seq, step: seq, payload: { ...seen, observed_hash: stored.sha256, ...payload } });
    };
    const checksWith = (payload: object, blobs: SealedCapsule["blobs"] = [...whole.blobs, stored]) =>
      checksOf(sealedAgain(whole, [...whole.events.slice(0, seq), lineWith(payload), ...whole.events.slice(seq)], blobs));
    expect(checksWith({})).toEqual([]);
    expect(checksWith({ policy_id: "another@1.0.0" })).toEqual(["policy-resolves"]);
    expect(checksWith({ policy_hash: "0".repeat(64) })).toEqual(["policy-resolves"]);
    expect(checksWith({ policy_uri: policyUri(whole.header) })).toEqual(["policy-resolves"]);
    expect(checksWith({}, whole.blobs)).toEqual(["policy-resolves"]);
    const forged = stored.text.replace('"version":"8.0.0"', '"version":"9.0.0"');
    const blob = { sha256: sha256(forged), text: forged };
    const named = { policy_uri: policyUri(whole.header, blob.sha256), observed_hash: blob.sha256 };
    expect(checksWith(named, [...whole.blobs, blob])).toEqual(["policy-resolves"]);
  });

  it("do not stand in for the run's own policy", () => {
    const [first, ...others] = whole.events;
    if (first?.payload.type !== "PolicySnapshotRef") throw new Error("no reference");
    const seen = { ...first, payload: { ...first.payload, observed_hash: whole.header.policy.snapshot_hash } };
    expect(checksOf(sealedAgain(whole, [seen, ...others]))).toEqual(["policy-resolves", "mandatory-events"]);
  });
});

describe("capture gaps", () => {
  it("are none where everything was captured", () => {
    const held = new Set(whole.blobs.map(({ sha256: hash }) => hash));
    expect(captureGaps(foldRun(whole.header, whole.events), (hash) => held.has(hash))).toEqual([]);
  });

  it("name each step and what it lacks, by capture mode", async () => {
    for (const [capture, lacking] of [
      ["prompts_only", ["response"]],
      ["none", ["prompt", "response"]],
    ] as const) {
      const capsule = await sealedRun(capture);
      const held = new Set(capsule.blobs.map(({ sha256: hash }) => hash));
      const gaps = captureGaps(foldRun(capsule.header, capsule.events), (hash) => held.has(hash));
      expect([...new Set(gaps.map(({ missing }) => missing))].toSorted()).toEqual(lacking);
      const calls = capsule.events.filter(({ payload }) => payload.type === "ModelCallEnvelope");
      expect(new Set(gaps.map(({ uri }) => uri)).size).toBe(calls.length);
    }
  });
});

describe("lines that can't be read", () => {
  const [event] = whole.events;
  const header = whole.header;
  const NAMED: readonly [string, string][] = [
    ["not-json", "{"],
    ["unknown-kind", '{"kind":"note"}'],
    ["unknown-kind", "7"],
    ["unknown-event", JSON.stringify({ ...event, payload: { type: "Surprise" } })],
    ["unknown-format", JSON.stringify({ ...header, format: 7 })],
    ["unknown-format", JSON.stringify({ ...header, format: 0 })],
    ["malformed-line", JSON.stringify({ ...event, colour: 1 })],
    ["malformed-line", JSON.stringify({ ...header, epochs: 10 ** 9 })],
    ["not-canonical", JSON.stringify({ ...event, payload: { ...event?.payload } })],
  ];
  for (const [fault, text] of NAMED) it(`are told apart: ${fault} (${text.slice(0, 30)})`, () => expect(parseLine(text)).toMatchObject({ ok: false, fault }));

  it("say which format they are and what to do", () => {
    expect(parseLine(JSON.stringify({ ...header, format: 7 }))).toMatchObject({
      detail: "capsule format 7 is newer than 1",
      hint: expect.stringContaining("upgrade") as string,
    });
  });

  it("are refused where a header plans more trials than any run has", () => {
    const candidates = Array.from({ length: 1000 }, (_, index) => ({ name: `c${index}`, provider: "p", model: "m" }));
    const tasks = Array.from({ length: 100 }, (_, index) => ({ ...header.tasks[0], id: `t${index}` }));
    expect(parseLine(JSON.stringify({ ...header, candidates, tasks, epochs: 1000 }))).toMatchObject({ ok: false, fault: "malformed-line" });
  });
});
