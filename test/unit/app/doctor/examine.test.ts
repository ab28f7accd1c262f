// The doctor's findings: what is there, what is missing, what that means and the line that gets it.
import { describe, expect, it } from "vitest";
import { BakeoffError } from "../../../../src/core/base/errors.ts";
import { type Diagnosis, type DoctorPorts, examine, isFit } from "../../../../src/app/doctor/examine.ts";
import type { Serving } from "../../../../src/ports/serving.ts";
import { policyWith } from "../../run/fakes.ts";
import { servingWith } from "../run/session-world.ts";

const snapshot = policyWith();
const { signal } = new AbortController();

function worldWith(ports: Partial<DoctorPorts> = {}, serving: Partial<Serving> = {}): DoctorPorts {
  return {
    nodeVersion: "20.19.0",
    cores: 4,
    calledAs: "bakeoff",
    environment: {},
    findToolchain: async () => ({ rustc: "rustc 1.95.0", cargo: "cargo 1.95.0", host: "h", clippy: true }),
    findProgram: async (name) => `/usr/bin/${name}`,
    detectTier: async () => ({ tier: "bubblewrap", layer: "overlay", notes: [] }),
    loadPolicy: async () => snapshot,
    serving: () => ({ ...servingWith(snapshot), ...serving }),
    after: () => signal,
    cache: { root: "/cache", list: async () => [{ bytes: 2_000_000 }, { bytes: 1_000_000 }], prune: async () => [] },
    ...ports,
  };
}

const examined = (ports: Partial<DoctorPorts> = {}, serving: Partial<Serving> = {}, pruneDays: number | null = null): Promise<Diagnosis> =>
  examine(worldWith(ports, serving), { policyFile: "p", pruneDays }, signal);
const finding = ({ findings }: Diagnosis, what: string) => findings.find((one) => one.what === what);

describe("the doctor", () => {
  it("finds a machine fit where all that the embedded candidates need is there, with nothing else", async () => {
    const diagnosis = await examined();
    expect(isFit(diagnosis)).toBe(true);
    expect(diagnosis.findings.filter(({ needed }) => needed).map(({ what, ok }) => [what, ok])).toEqual([
      ["node", true],
      ["rustc", true],
      ["git", true],
      ["cc", true],
    ]);
    expect(diagnosis.findings.filter(({ ok }) => !ok).every(({ fix }) => fix !== "")).toBe(true);
  });

  it.each([
    ["an old node", { nodeVersion: "20.18.9" }, "node"],
    ["a node between two that do", { nodeVersion: "21.7.0" }, "node"],
    ["an early node 22", { nodeVersion: "22.11.0" }, "node"],
    ["no toolchain", { findToolchain: () => Promise.reject(new BakeoffError("environment", "rustc is not installed", "")) }, "rustc and cargo"],
    ["no git", { findProgram: async (name: string) => (name === "git" ? null : name) }, "git"],
    ["no linker", { findProgram: async (name: string) => (name === "cc" ? null : name) }, "cc"],
  ] as const)("finds a machine unfit with %s, and says what gets it", async (_, ports, what) => {
    const diagnosis = await examined(ports);
    expect(isFit(diagnosis)).toBe(false);
    expect(diagnosis.findings.filter(({ ok, needed }) => needed && !ok)).toMatchObject([{ what, fix: expect.stringMatching(/install/) as string }]);
  });

  it.each(["20.19.0", "20.20.2", "22.12.0", "24.0.0"])("takes node %s", async (nodeVersion) => {
    expect(finding(await examined({ nodeVersion }), "node")).toMatchObject({ ok: true, found: `v${nodeVersion}` });
  });

  it("finds a machine fit without a sandbox and without clippy, and says what that costs", async () => {
    const diagnosis = await examined({
      detectTier: async () => ({ tier: "none", layer: "copy", notes: ["bubblewrap: not installed"] }),
      findToolchain: async () => ({ rustc: "rustc 1.95.0", cargo: "c", host: "h", clippy: false }),
    });
    expect(isFit(diagnosis)).toBe(true);
    expect(finding(diagnosis, "sandbox")).toMatchObject({ ok: false, found: expect.stringContaining("bubblewrap: not installed") as string });
    expect(finding(diagnosis, "clippy")).toMatchObject({ ok: false, fix: "rustup component add clippy" });
  });

  it("says of each candidate whether its server answers, what it has loaded, and how to start it", async () => {
    const inspector = {
      headline: ["model_path", "version"],
      inspect: async () => ({ ok: true as const, facts: { version: "0.5.2", model_path: "openai/gpt-oss-20b", tokens: 3 } }),
    };
    const diagnosis = await examined(
      {},
      {
        readiness: async ({ name }) =>
          name === "gpt-oss-20b" ? { ready: true, latencyMs: 1, contextTokens: null } : { ready: false, reason: "refused", taken: name.endsWith("gptq") },
        inspectors: () => new Map([["sglang", inspector]]),
      },
    );
    expect(finding(diagnosis, "candidate gpt-oss-20b")).toMatchObject({
      ok: true,
      found: "its server answers (model_path openai/gpt-oss-20b, version 0.5.2)",
    });
    const [awq, gptq] = ["candidate qwen3-coder-30b-a3b-awq", "candidate qwen3-coder-30b-a3b-gptq"].map((what) => finding(diagnosis, what));
    expect(awq).toMatchObject({ ok: false, needed: false, found: "refused" });
    expect(awq?.fix).toMatch(/^python -m sglang[^\n]*\n {6}GPU memory: [^\n]*\n {6}or: bakeoff serve qwen3-coder-30b-a3b-awq$/);
    expect(gptq?.fix).toMatch(/^stop that one first/);
  });

  it("says nothing of what is loaded where the server does not tell", async () => {
    const inspector = { headline: ["version"], inspect: async () => ({ ok: false as const, detail: "HTTP 404" }) };
    const ready = { readiness: async () => ({ ready: true, latencyMs: 1, contextTokens: null }) as const, inspectors: () => new Map([["sglang", inspector]]) };
    expect(finding(await examined({}, ready), "candidate gpt-oss-20b")).toMatchObject({ ok: true, found: "its server answers" });
  });

  it("asks for the keys of those providers only that need one", async () => {
    const withKey = Object.entries(snapshot.policy.providers).flatMap(([name, { key_env: key }]) => (key === undefined ? [] : [`key of ${name}`]));
    const { findings } = await examined();
    expect(findings.flatMap(({ what }) => (what.startsWith("key of ") ? [what] : []))).toEqual(withKey);
    expect(withKey.length).toBeLessThan(Object.keys(snapshot.policy.providers).length);
  });

  it("says which keys are set, never what they are", async () => {
    const unset = await examined();
    const set = await examined({ environment: { OPENAI_API_KEY: "sk-hidden" } });
    expect(finding(unset, "key of openai")).toMatchObject({ ok: false, fix: "export OPENAI_API_KEY=…" });
    expect(finding(set, "key of openai")).toMatchObject({ ok: true });
    expect(finding(await examined({ environment: { OPENAI_API_KEY: "" } }), "key of openai")?.ok).toBe(false);
    expect(JSON.stringify(set)).not.toContain("sk-hidden");
  });

  it("says who plays each role: a stand-in without a key, and whether the provider serves the model with one", async () => {
    expect(finding(await examined(), "role judge")).toMatchObject({ ok: false, found: expect.stringContaining("an embedded stand-in plays") as string });
    const served = await examined({}, { reachable: () => true, modelReadiness: async () => ({ ready: true, latencyMs: 1, contextTokens: null }) });
    expect(finding(served, "role judge")).toMatchObject({ ok: true, found: expect.stringContaining("openai serves") as string });
    const refused = await examined({}, { reachable: () => true, modelReadiness: async () => ({ ready: false, reason: "the key was refused", taken: false }) });
    expect(finding(refused, "role judge")).toMatchObject({ ok: false, found: expect.stringContaining("the key was refused") as string });
  });

  it("says why the notebook is not asked", async () => {
    expect(finding(await examined(), "notebook (Tier 2)")).toMatchObject({ ok: false, found: "switched off" });
    const port = { ask: async () => ({ outcome: "failed" as const, detail: "", totalMs: 0 }) };
    expect(finding(await examined({}, { notebook: async () => ({ port }) }), "notebook (Tier 2)")).toMatchObject({ ok: true, found: "answers" });
  });

  it("counts the cache after it is pruned, and prunes only where that is asked for", async () => {
    const asked: number[] = [];
    let left = [{ bytes: 5 }, { bytes: 7 }];
    const cache = { root: "/cache", list: async () => left, prune: async (days: number) => (asked.push(days), (left = left.slice(1)), [1]) };
    expect((await examined({ cache })).cache).toEqual({ root: "/cache", entries: 2, bytes: 12, pruned: 0 });
    expect((await examined({ cache }, {}, 0)).cache).toEqual({ root: "/cache", entries: 1, bytes: 7, pruned: 1 });
    expect(asked).toEqual([0]);
  });

  it("throws what loading the policy throws", async () => {
    const loadPolicy = () => Promise.reject(new BakeoffError("usage", "no policy", ""));
    await expect(examined({ loadPolicy })).rejects.toMatchObject({ code: "usage" });
  });
});
