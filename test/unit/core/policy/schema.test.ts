// The form of the written files: what their schemas refuse.
import { describe, expect, it } from "vitest";
import { candidatesSchema, policySchema, type WrittenPolicy } from "../../../../src/core/policy/schema.ts";
import { policyWith } from "../../run/fakes.ts";

const snapshot = policyWith();

describe("the policy's form", () => {
  const refuses = (change: (policy: WrittenPolicy) => void): string[] => {
    const policy = structuredClone(snapshot.policy);
    change(policy);
    const parsed = policySchema.safeParse(policy);
    return parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join("."));
  };
  const LIMITS: readonly [string, (policy: WrittenPolicy) => void, string][] = [
    ["another format", (policy) => void ((policy as { format: number }).format = 3), "format"],
    ["a version that is none", (policy) => void (policy.meta.version = "2.0"), "meta.version"],
    ["a day that is in no calendar", (policy) => void (policy.meta.updated = "2026-02-30"), "meta.updated"],
    ["a day that is no day", (policy) => void (policy.prices.dated = "yesterday"), "prices.dated"],
    ["no attempts", (policy) => void (policy.reflex.max_attempts = 0), "reflex.max_attempts"],
    ["too many attempts", (policy) => void (policy.roles.implementer.max_attempts = 11), "roles.implementer.max_attempts"],
    ["half an attempt", (policy) => void (policy.reflex.max_attempts = 1.5), "reflex.max_attempts"],
    ["an address that is none", (policy) => void (policy.tier2.endpoint = "localhost:3456"), "tier2.endpoint"],
    ["an address of another protocol", (policy) => void (policy.tier2.endpoint = "file:///etc/passwd"), "tier2.endpoint"],
    ["a risk there is none of", (policy) => void ((policy.high_risk.risks as string[])[0] = "medium"), "high_risk.risks.0"],
    ["a capture mode there is none of", (policy) => void ((policy.capture as { mode: string }).mode = "all"), "capture.mode"],
    ["a key's name in lower case", (policy) => void Object.assign(policy.providers["openai"] ?? {}, { key_env: "key" }), "providers.openai.key_env"],
    ["a negative price", (policy) => void (policy.prices.models["m"] = { input: -1, output: 1 }), "prices.models.m.input"],
    ["a deadline of nothing", (policy) => void (policy.tier2.deadline_ms = 0), "tier2.deadline_ms"],
    ["an answer limit of nothing", (policy) => void (policy.limits.max_answer_chars = 1), "limits.max_answer_chars"],
  ];
  for (const [name, change, path] of LIMITS) it(`refuses ${name}`, () => expect(refuses(change)).toEqual([path]));
  const FORMATS: readonly [unknown, string][] = [
    [3, "3"],
    ["2", "2"],
    ["x".repeat(50), "x".repeat(40)],
    [undefined, "undefined"],
    [[2], "of this kind"],
    [null, "of this kind"],
  ];
  it.each(FORMATS)("says which format it does not know: %j", (format, said) => {
    const [issue] = policySchema.safeParse({ ...snapshot.policy, format }).error?.issues ?? [];
    expect(issue?.message).toBe(`format ${said} is not known: this version reads format 2`);
  });
  it("takes the policy of this repository", () => expect(refuses(() => undefined)).toEqual([]));
});

describe("the candidates' form", () => {
  const refuses = (change: Record<string, unknown>): string[] => {
    const parsed = candidatesSchema.safeParse({ format: 1, candidate: [{ ...snapshot.candidates[0], ...change }] });
    return parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join("."));
  };
  const LIMITS: readonly [string, Record<string, unknown>, string][] = [
    ["a name with capitals", { name: "GPT" }, "candidate.0.name"],
    ["a name with a slash", { name: "a/b" }, "candidate.0.name"],
    ["a comma in a name", { name: "a,b" }, "candidate.0.name"],
    ["an empty name", { name: "" }, "candidate.0.name"],
    ["an extra member that has a setting of its own", { extra_body: { stream: false } }, "candidate.0.extra_body.stream"],
    ["a variable that is none", { start_env: { "A=B": "c" } }, "candidate.0.start_env.A=B"],
    ["a form of output there is none of", { structured_output: "xml" }, "candidate.0.structured_output"],
    ["a temperature too high", { temperature: 3 }, "candidate.0.temperature"],
    ["an answer format there is none of", { answer_format: "prose" }, "candidate.0.answer_format"],
    ["no way to start it", { start: "" }, "candidate.0.start"],
    ["an endpoint that is none", { endpoint: "here" }, "candidate.0.endpoint"],
    ["an unknown key", { colour: 1 }, "candidate.0"],
    ["too few output tokens", { max_output_tokens: 1 }, "candidate.0.max_output_tokens"],
  ];
  for (const [name, change, path] of LIMITS) it(`refuses ${name}`, () => expect(refuses(change)).toEqual([path]));
  it("answers in edits where nothing else is said", () =>
    expect(candidatesSchema.parse({ format: 1, candidate: [{ ...snapshot.candidates[0], answer_format: undefined }] }).candidate[0]?.answer_format).toBe(
      "edits",
    ));
  it("may be none", () => expect(candidatesSchema.parse({ format: 1 })).toEqual({ format: 1, candidate: [] }));
});
