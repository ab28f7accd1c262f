// The compiled policy: a hash over content alone.
import { describe, expect, it } from "vitest";
import { BakeoffError } from "../../../../src/core/base/errors.ts";
import { compileSnapshot, readSnapshot, snapshotText, snapshotVerifies } from "../../../../src/core/policy/snapshot.ts";
import { policyWith } from "../../run/fakes.ts";

const { policy, candidates } = policyWith();
const files = [{ path: "policy/model_policy.toml", sha256: "0".repeat(64) }];
const compiled = (createdAt = "2026-01-01T00:00:00.000Z", from = policy) => compileSnapshot(from, { format: 1, candidate: candidates }, { createdAt, files });

function reversed<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(reversed) as T;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, member]) => [key, reversed(member as unknown)]),
  ) as T;
}

describe("a snapshot", () => {
  it("has the same hash whenever it is made", () => expect(compiled("2027-05-05T05:05:05.555Z").hash).toBe(compiled().hash));
  it("has the same hash in any order of keys", () => expect(compiled(undefined, reversed(policy)).hash).toBe(compiled().hash));

  it("has another hash for any change of content", () => {
    const hashes = [
      compiled(),
      policyWith((each) => void (each.reflex.max_attempts = 3)),
      policyWith((each) => void (each.capture.mode = "none")),
      policyWith((each) => void (each.meta.version = "2.0.1")),
    ].map(({ hash }) => hash);
    expect(new Set(hashes).size).toBe(4);
    const moved = compileSnapshot(policy, { format: 1, candidate: candidates.toReversed() }, { createdAt: "", files });
    expect(moved.hash).not.toBe(compiled().hash);
    expect(compileSnapshot(policy, { format: 1, candidate: candidates }, { createdAt: "", files: [] }).hash).not.toBe(compiled().hash);
  });

  it("verifies as it is, and not with anything changed", () => {
    expect(snapshotVerifies(compiled())).toBe(true);
    expect(snapshotVerifies(JSON.parse(JSON.stringify(compiled())) as ReturnType<typeof compiled>)).toBe(true);
    expect(snapshotVerifies({ ...compiled(), created_at: "later" })).toBe(true);
    expect(snapshotVerifies({ ...compiled(), policy: { ...policy, format: 2, escalation: { on_attempts_exhausted: false, on_model_failure: true } } })).toBe(
      false,
    );
    expect(snapshotVerifies({ ...compiled(), hash: "0".repeat(64) })).toBe(false);
  });

  it("is read back from its bytes, and from no others", () => {
    const whole = compileSnapshot(
      policy,
      { format: 1, candidate: candidates },
      { createdAt: "2026-01-01T00:00:00.000Z", files, layers: { format: "workspace" } },
    );
    const text = snapshotText(whole);
    expect(readSnapshot(text, "it")).toEqual(whole);
    const refused = (change: string): unknown => {
      try {
        return readSnapshot(change, "it");
      } catch (error) {
        return error instanceof BakeoffError ? error.code : error;
      }
    };
    expect(refused(text.replace('"run_tokens":50000000', '"run_tokens":50000001'))).toBe("integrity");
    expect(refused(text.replace('"schema_version":"2"', '"schema_version":"3"'))).toBe("integrity");
    expect(refused(text.replace('"policy_id"', '"policy_ib"'))).toBe("integrity");
    expect(refused(text.replace('"notebook":"bakeoff"', '"notebook":"\\ud800"'))).toBe("integrity");
    for (const other of ["", "null", "[]", "{}", text.slice(1)]) expect(refused(other)).toBe("integrity");
  });

  it("keeps every layer's name, and refuses others", () => {
    const layers = { a: "defaults", b: "workspace", c: "spec", d: "override" } as const;
    const whole = compileSnapshot(policy, { format: 1, candidate: candidates }, { createdAt: "x", files, layers });
    expect(readSnapshot(snapshotText(whole), "it").layers).toEqual(layers);
    expect(() => readSnapshot(snapshotText(whole).replace('"d":"override"', '"d":"nobody"'), "it")).toThrow(BakeoffError);
  });

  it("says what is wrong with what is none", () => {
    const said = (text: string): string => {
      try {
        readSnapshot(text, "it");
        return "nothing";
      } catch (error) {
        return (error as Error).message;
      }
    };
    const text = snapshotText(compiled());
    expect(said("[]")).toBe('it has schema_version null, not "2"');
    expect(said("null")).toBe('it has schema_version null, not "2"');
    expect(said("7")).toBe('it has schema_version null, not "2"');
    expect(said(text.replace('"schema_version":"2"', '"schema_version":"3"'))).toBe('it has schema_version "3", not "2"');
    expect(said(text.replace('"reflex":{', '"reflex":{"x":1,'))).toMatch(/^it is not a policy snapshot: policy\.reflex: /);
    expect(said(text.replace("50000000", "50000001"))).toBe("the hash of it is not that of its content");
    expect(said("{")).toMatch(/^it is not JSON: /);
  });

  it("is named by the policy's id and version", () => expect(compiled().policy_id).toBe(`${policy.meta.id}@${policy.meta.version}`));
});
