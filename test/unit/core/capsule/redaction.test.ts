// Secrets are taken out by value and by form, code stays as it is, and what still leaks is told.
import { describe, expect, it } from "vitest";
import { readFileSync } from "node:fs";
import { openRedactor, SECRET_PATTERNS } from "../../../../src/core/capsule/redaction.ts";
import { runBakeoff } from "../../../../src/app/run/bakeoff.ts";
import { checkTexts, guardJournal } from "../../../../src/trial/capture-guard.ts";
import { answered, editFor, failedCall, goodScript, headerOf, memoryJournal, optionsFor, policyWith, taskNamed } from "../../run/fakes.ts";

const x = (count: number): string => "aB3dE6gH9j".repeat(Math.ceil(count / 10)).slice(0, count);

/** Made here, so that no file of this repository holds anything that looks like a secret. */
const SAMPLES: Readonly<Record<string, string>> = {
  "private-key": ["-----BEGIN ", "PRIVATE KEY-----\n", x(64), "\n-----END ", "PRIVATE KEY-----"].join(""),
  "openai-key": `sk-${x(48)}`,
  "github-token": `ghp_${x(36)}`,
  "gitlab-token": `glpat-${x(20)}`,
  "aws-key": `AKIA${x(16).toUpperCase()}`,
  "google-key": `AIza${x(35)}`,
  "slack-token": `xoxb-${x(24)}`,
  "npm-token": `npm_${x(36)}`,
  "hugging-face-token": `hf_${x(34)}`,
  "json-web-token": `eyJ${x(20)}.eyJ${x(40)}.${x(43)}`,
  "bearer-token": `Bearer ${x(30)}`,
  "address-password": `https://user:${x(12)}@example.org/x`,
};

describe("redaction by form", () => {
  const redactor = openRedactor([], []);

  it("has a sample for every pattern", () => expect(Object.keys(SAMPLES).toSorted()).toEqual(SECRET_PATTERNS.map(({ name }) => name).toSorted()));

  for (const [name, sample] of Object.entries(SAMPLES)) {
    it(`takes out a ${name}, wherever it stands, once and for all`, () => {
      for (const text of [sample, `let key = "${sample}";`, `(${sample})`, `a\n${sample}\nb`]) {
        const clean = redactor.scrub(text);
        expect(clean).toContain(`[redacted:${name}]`);
        expect(clean).not.toContain(x(10));
        expect(redactor.scrub(clean)).toBe(clean);
      }
    });
  }

  it.each([
    ...["gho_", "ghu_", "ghs_", "ghr_", "github_pat_"].map((begin) => ["github-token", `${begin}${x(36)}`]),
    ["aws-key", `ASIA${x(16).toUpperCase()}`],
    ["npm-token", `cio${x(32)}`],
    ["bearer-token", `authorization: bearer ${x(30)}`],
    ["openai-key", `sk-ant-${x(40)}`],
    ["private-key", ["-----BEGIN RSA ", "PRIVATE KEY-----\n", x(64), "\n-----END RSA ", "PRIVATE KEY-----"].join("")],
  ])("takes out a %s in its other forms", (name, sample) => {
    const clean = redactor.scrub(`see ${sample}.`);
    expect(clean).toContain(`[redacted:${name}]`);
    expect(clean).not.toContain(x(10));
  });

  it("leaves this project's sources as they are", () => {
    for (const file of ["src/core/router/next.ts", "src/adapters/sandbox/walled-script.ts", "package-lock.json", "README.md", "policy/model_policy.toml"]) {
      const text = readFileSync(new URL(`../../../../${file}`, import.meta.url), "utf8");
      expect(redactor.scrub(text)).toBe(text);
    }
  });

  it("is done in no more than a moment on texts made to be slow", () => {
    const start = performance.now();
    for (const text of [
      "eyJ".repeat(20_000),
      "sk-".repeat(30_000),
      "-----BEGIN PRIVATE KEY-----".repeat(2000),
      "a://b:".repeat(20_000),
      "Bearer ".repeat(20_000),
    ])
      redactor.scrub(text);
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});

describe("redaction by value and by the policy's patterns", () => {
  const value = 'pa"ss\nword-1';
  const redactor = openRedactor(["hush-[0-9]+"], [{ name: "MY_TOKEN", value }]);

  it("takes out a value, plain and as JSON writes it, and what the policy names", () => {
    expect(redactor.scrub(`a ${value} b`)).toBe("a [redacted:MY_TOKEN] b");
    expect(redactor.scrub(JSON.stringify({ value }))).toBe('{"value":"[redacted:MY_TOKEN]"}');
    expect(redactor.scrub("hush-12 and hush-x")).toBe("[redacted:policy-1] and hush-x");
  });

  it("tells which secret leaks, and never its value", () => {
    expect(redactor.leak(`x${value}x`)).toBe("MY_TOKEN");
    expect(redactor.leak(JSON.stringify(value))).toBe("MY_TOKEN");
    expect(redactor.leak("nothing")).toBeNull();
    expect(() => checkTexts(["fine", value], redactor)).toThrow(
      expect.objectContaining({ code: "integrity", message: expect.not.stringContaining(value) as string }),
    );
  });

  it("takes out the longer of two values where one holds the other, whichever is named first", () => {
    const short = { name: "SHORT", value: "secret-1" };
    const long = { name: "LONG", value: "secret-1-and-more" };
    for (const secrets of [
      [short, long],
      [long, short],
    ])
      expect(openRedactor([], secrets).scrub("secret-1-and-more, secret-1")).toBe("[redacted:LONG], [redacted:SHORT]");
  });

  it("takes out whatever a policy's pattern fits, as often as it comes", () => {
    expect(redactor.scrub("hush-1 hush-2")).toBe("[redacted:policy-1] [redacted:policy-1]");
    expect(openRedactor(["^.$"], []).scrub("😀")).toBe("[redacted:policy-1]");
  });

  it("refuses a pattern that is none", () => expect(() => openRedactor(["("], [])).toThrow(expect.objectContaining({ code: "usage" })));
});

describe("a run that comes upon secrets", () => {
  const value = `tok-${x(30)}`;
  const redactor = openRedactor([], [{ name: "MY_TOKEN", value }]);
  const tasks = [taskNamed("a")];

  async function run(capture: "full_io" | "none", script = goodScript) {
    const snapshot = policyWith((policy) => void (policy.capture.mode = capture));
    const sketch = { tasks, candidates: ["small"], snapshot, script };
    const journal = memoryJournal(headerOf(sketch));
    await runBakeoff(optionsFor(sketch, journal, { redactor }));
    return journal;
  }

  it("stores neither a value that a model said nor one that a server put into its error", async () => {
    for (const capture of ["full_io", "none"] as const) {
      let calls = 0;
      const journal = await run(capture, (request, provider) => {
        if (request.purpose !== "patch") return goodScript(request, provider);
        calls += 1;
        return calls === 1 ? failedCall("unauthorized", `key ${value} is wrong`) : answered(editFor(request.material.task, "passed", value));
      });
      const all = JSON.stringify([journal.entries, [...journal.blobs]]);
      expect(all).not.toContain(value);
      expect(all).toContain("[redacted:MY_TOKEN]");
    }
  });

  it("keeps hashes that are those of the texts it stores", async () => {
    const journal = await run("full_io", (request, provider) =>
      request.purpose === "patch" ? answered(editFor(request.material.task, "passed", value)) : goodScript(request, provider),
    );
    for (const { payload } of journal.events) if (payload.type === "ModelCallEnvelope") expect(journal.blobs.has(payload.response_hash ?? "")).toBe(true);
  });
});

describe("the capture guard", () => {
  const redactor = openRedactor([], [{ name: "MY_TOKEN", value: "very-secret-1" }]);
  const FORBIDDEN = [
    ["none", "prompt"],
    ["none", "response"],
    ["prompts_only", "response"],
    ["full_io", undefined],
  ] as const;

  for (const [capture, kind] of FORBIDDEN) {
    it(`stops the run where a ${kind ?? "text of no kind"} would be stored in mode ${capture}, and writes nothing`, async () => {
      const journal = memoryJournal(headerOf({}));
      const guard = guardJournal(journal, { capture, redactor });
      const blob = { sha256: "0".repeat(64), text: "t", ...(kind === undefined ? {} : { kind }) };
      await expect(guard.append({ blobs: [blob], lines: [] })).rejects.toMatchObject({ code: "integrity" });
      expect(journal.entries).toEqual([]);
    });
  }

  it("stops the run where a secret's value stands in a line or a text", async () => {
    const journal = memoryJournal(headerOf({}));
    const guard = guardJournal(journal, { capture: "full_io", redactor });
    await expect(guard.append({ blobs: [], lines: ['{"a":"very-secret-1"}'] })).rejects.toMatchObject({ code: "integrity" });
    await expect(guard.append({ blobs: [{ sha256: "0".repeat(64), text: "very-secret-1", kind: "patch" }], lines: [] })).rejects.toMatchObject({
      code: "integrity",
    });
    expect(journal.entries).toEqual([]);
  });
});
