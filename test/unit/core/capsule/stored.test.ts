// Stored texts: which is a policy, which stay in a safe export, and what the export says of those that went.
import { describe, expect, it } from "vitest";
import { sha256 } from "../../../../src/core/base/canonical.ts";
import { beyondProofCount, beyondProofText } from "../../../../src/core/capsule/proof/beyond-proof.ts";
import { exportManifest, Withholding } from "../../../../src/core/capsule/export-rule.ts";
import { captureGaps } from "../../../../src/core/capsule/gaps.ts";
import { isKept, KEEP_RULES } from "../../../../src/core/capsule/keep-rule.ts";
import { observedPolicies, POLICY_UNREADABLE } from "../../../../src/core/capsule/observed-policy.ts";
import { foldRun } from "../../../../src/core/capsule/record.ts";
import { storedPolicy } from "../../../../src/core/capsule/stored-policy.ts";
import type { EventOf, TrialEvent } from "../../../../src/core/trial/event.ts";
import { headerOf, policyWith, snapshotBlob, taskNamed } from "../../run/fakes.ts";
import { plainLine, sealedRun } from "./sealed.ts";

const snapshot = policyWith();
const blob = snapshotBlob(snapshot);
const header = headerOf({ tasks: [taskNamed("a")], candidates: ["small"], snapshot });
const text = (content: string) => ({ sha256: sha256(content), text: content });

describe("a stored policy", () => {
  it("is a snapshot whose hash is that of its content", () => {
    expect(storedPolicy(blob)).toEqual({ id: snapshot.policy_id, hash: snapshot.hash });
    expect(storedPolicy(text(blob.text.replace(snapshot.hash, "0".repeat(64))))).toBeNull();
    expect(storedPolicy(text(blob.text.replace('"enabled":true', '"enabled":false')))).toBeNull();
  });

  it("names itself and its hash as texts", () => {
    const parsed = JSON.parse(blob.text) as object;
    for (const change of [{ policy_id: 7 }, { hash: null }]) expect(storedPolicy(text(JSON.stringify({ ...parsed, ...change })))).toBeNull();
  });

  it.each(['{"candidates":[', '{"candidates":[]}', "null", "", '{"candidates":7}'])("is no other text: %s", (content) =>
    expect(storedPolicy(text(content))).toBeNull(),
  );

  it("is told by its beginning alone, so that no other text is inflated", () => {
    const dear = {
      start: "fn main() {}",
      get text(): string {
        throw new Error("inflated");
      },
    };
    expect(storedPolicy(dear)).toBeNull();
    expect(storedPolicy({ start: blob.text.slice(0, 20), text: blob.text })).not.toBeNull();
  });
});

describe("a safe export keeps", () => {
  it("the run's own policy, whatever is in it, and every other that is one", () => {
    expect(isKept(blob, header)).toBe(true);
    expect(isKept({ sha256: header.policy.snapshot_hash, text: "spoiled" }, header)).toBe(true);
    const other = snapshotBlob(policyWith((policy) => void (policy.meta.version = "8.0.0")));
    expect(isKept(other, header)).toBe(true);
  });

  it("the decision register, and nothing else", () => {
    const register = text("# Decisions");
    expect(isKept(register, { ...header, decision_register_hash: register.sha256 })).toBe(true);
    expect(isKept(register, header)).toBe(false);
    expect(isKept(text("fn main() {}"), header)).toBe(false);
  });

  it("by rules with names and sentences", () => {
    expect(KEEP_RULES.map(({ name }) => name)).toEqual(["policy-snapshot", "decision-register"]);
    expect(KEEP_RULES.every(({ sentence }) => sentence.endsWith("."))).toBe(true);
  });
});

const whole = await sealedRun();
const call = whole.events.find(({ payload }) => payload.type === "ModelCallEnvelope");
const result = whole.events.find(({ payload }) => payload.type === "ToolResult");
if (call?.payload.type !== "ModelCallEnvelope" || result?.payload.type !== "ToolResult") throw new Error("no call or no result");
const { prompt_hash: prompt, response_hash: response } = call.payload;
const { output_hash: verdict } = result.payload;

describe("the list of what an export left out", () => {
  it("names each text by its first use, and those that nothing uses `other`", () => {
    const withholding = new Withholding();
    for (const [index, hash] of [prompt, response ?? "", verdict, sha256("stray")].entries()) withholding.leaveOut(hash, index);
    for (const line of [call, result]) withholding.usedBy(line);
    // A second use under another name changes nothing.
    withholding.usedBy({ ...call, payload: { ...call.payload, prompt_hash: response ?? "" } as EventOf<"ModelCallEnvelope"> });
    const list = [
      { sha256: prompt, bytes: 0, kind: "prompt" },
      { sha256: response, bytes: 1, kind: "response" },
      { sha256: verdict, bytes: 2, kind: "verdict" },
      { sha256: sha256("stray"), bytes: 3, kind: "other" },
    ];
    expect(withholding.list()).toEqual(list);
    const manifest = { kind: "bakeoff-export", format: 1, run_id: "r", safe: true, files: [], withheld: list };
    expect(exportManifest.safeParse(manifest).success).toBe(true);
    expect(exportManifest.safeParse({ ...manifest, format: 2 }).error?.issues[0]?.message).toContain("upgrade bakeoff");
    expect(exportManifest.safeParse({ ...manifest, kind: "export" }).success).toBe(false);
    const file = { name: "f", sha256: prompt, bytes: 1 };
    expect(exportManifest.safeParse({ ...manifest, files: Array.from({ length: 10_001 }, () => file) }).success).toBe(false);
    expect(exportManifest.safeParse({ ...manifest, files: Array.from({ length: 10_000 }, () => file) }).success).toBe(true);
  });

  it("is the same of every kind of text that an event can name", () => {
    const named = (payload: TrialEvent, hash: string) => {
      const withholding = new Withholding();
      withholding.leaveOut(hash, 1);
      withholding.usedBy(plainLine(null, 0, { payload }));
      return withholding.list()[0]?.kind;
    };
    const hash = sha256("text");
    expect(named({ ...call.payload, reasoning_hash: hash } as TrialEvent, hash)).toBe("response");
    expect(named({ ...call.payload, start_hash: hash } as TrialEvent, hash)).toBe("verdict");
    expect(named({ type: "RetrievalResponse", request_id: "r", response_hash: hash, latency_ms: 1, error: null }, hash)).toBe("notebook answer");
    const apply = whole.events.find(({ payload }) => payload.type === "PatchApply")?.payload;
    if (apply?.type !== "PatchApply") throw new Error("no patch");
    expect(named(apply, apply.after_hash ?? "")).toBe("patched file");
    expect(named({ type: "PolicySnapshotRef", policy_uri: "u", policy_id: "p", policy_hash: hash, observed_hash: hash }, hash)).toBe("other");
  });

  it("has no gap for a text that no step is told again with", () => {
    const record = foldRun(whole.header, whole.events);
    expect(captureGaps(record, () => true)).toEqual([]);
    const thought = whole.events.map((line) => (line === call ? { ...line, payload: { ...call.payload, reasoning_hash: sha256("thought") } } : line));
    expect(captureGaps(foldRun(whole.header, thought), (hash) => hash !== sha256("thought"))).toEqual([]);
    const gaps = captureGaps(record, (hash) => hash !== prompt);
    expect(gaps).toContainEqual({ trial: call.trial, uri: call.uri, event: "ModelCallEnvelope", missing: "prompt", sha256: prompt });
    expect(gaps.every(({ sha256: hash }) => hash === prompt)).toBe(true);
  });
});

describe("policies that were seen in the files of a run", () => {
  const seen = (id: string, observed?: string) =>
    plainLine(null, 0, {
      payload: {
        type: "PolicySnapshotRef",
        policy_uri: "u",
        policy_id: id,
        policy_hash: "7".repeat(64),
        ...(observed === undefined ? {} : { observed_hash: observed }),
      },
    });
  const own = `${header.policy.id} (${header.policy.hash.slice(0, 12)})`;

  it("are told once each, beside the one in force", () => {
    const runEvents = [seen("own"), seen("other@2", "8".repeat(64)), seen("other@2", "8".repeat(64)), plainLine(null, 1)];
    expect(observedPolicies({ header, runEvents })).toEqual([
      `the policy's files changed during the run: other@2 (${"7".repeat(12)}) lay there and was not in force; every decision went by ${own}`,
    ]);
  });

  it("that can't be read are told by a code that capsules hold", () => expect(POLICY_UNREADABLE).toBe("policy-unreadable"));

  it("are none where its files stayed as they were", () => expect(observedPolicies({ header, runEvents: [seen("own")] })).toEqual([]));
});

describe("what nothing vouches for, in words", () => {
  const lists = { header: ["a", "b"], event: ["c"], payload: ["d", "e", "f"], planted: ["h", "i"], seal: ["g"] } as never;

  it("is counted for a terminal and listed by its place in reports", () => {
    expect(beyondProofCount(lists)).toContain("vouches for 9 members");
    expect(beyondProofText(lists)).toBe(
      "Nothing but a signature vouches for these members of the capsule. header: a, b; every event: c; d, e, f; planted patches: h, i; seal: g.",
    );
  });
});
