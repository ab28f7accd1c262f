// Candidates by what their servers say: what is written, what is refused, and what a branch has changed.
import { describe, expect, it } from "vitest";
import { type AddRequest, addCandidate, removeCandidate } from "../../../../src/app/candidate/edit.ts";
import { listCandidates } from "../../../../src/app/candidate/list.ts";
import type { CandidatePorts, Offer, OfferedModel } from "../../../../src/app/candidate/ports.ts";
import { POLICY_FILE } from "../fakes.ts";
import { policyWorld } from "../policy/world.ts";

const LOCAL = "http://127.0.0.1:8000/v1";
const offered = (...entries: readonly Partial<OfferedModel>[]): Offer => ({
  ok: true,
  entries: entries.map((entry) => ({ id: "org/qwen", contextTokens: 4096, ownedBy: "vllm", ...entry })),
});

function world(offer: Offer = offered({}), environment: Readonly<Record<string, string>> = {}) {
  const { ports, texts, edit } = policyWorld();
  const asked: unknown[] = [];
  const all: CandidatePorts = {
    ...ports,
    texts,
    environment,
    offer: async (...call) => (asked.push(call), offer),
    serving: () => ({ reachable: () => true, readiness: async () => ({ ready: true, latencyMs: 1, contextTokens: null }), networkProviders: () => new Map() }),
  };
  const candidates = () => [...texts.files].find(([path]) => path.endsWith("candidates.toml"))?.[1] ?? "";
  const add = (request: Partial<AddRequest> = {}) =>
    addCandidate(all, { policyFile: POLICY_FILE, name: "mine", endpoint: LOCAL, model: null, keyEnv: null, start: null, ...request });
  const changed = async () => (await listCandidates(all, { policyFile: POLICY_FILE, changedFrom: "HEAD" })).map(({ name }) => name);
  return { all, edit, asked, candidates, add, changed };
}

describe("a candidate that is added", () => {
  it("is what its server says it serves, and the rest of the file stays as it is", async () => {
    const { candidates, add } = world();
    const before = candidates();
    expect(await add()).toMatchObject({ model: "org/qwen", provider: "vllm", dialect: "vllm", maxOutputTokens: 1024 });
    expect(candidates().startsWith(before.trimEnd())).toBe(true);
    expect(candidates().slice(before.length)).toContain(`model = "org/qwen"\nendpoint = "${LOCAL}"\n`);
  });

  it("goes by the dialect of its server, and as vLLM where a local one is of another make", async () => {
    expect(await world(offered({ ownedBy: "sglang" })).add()).toMatchObject({ provider: "sglang", dialect: "sglang" });
    expect(await world(offered({ ownedBy: "llamacpp", contextTokens: null })).add()).toMatchObject({ provider: "vllm", maxOutputTokens: 2048 });
  });

  it("gets no provider whose key it does not ask for: a cloud's key is never sent to another server", async () => {
    const elsewhere = { endpoint: "https://models.example.com/v1" };
    await expect(world(offered({ ownedBy: "" })).add(elsewhere)).rejects.toMatchObject({
      code: "usage",
      hint: expect.stringContaining("[providers]") as string,
    });
    const keyed = world(offered({ ownedBy: "" }), { OPENAI_API_KEY: "k" });
    await expect(keyed.add({ keyEnv: "OPENAI_API_KEY" })).rejects.toMatchObject({ code: "usage" });
    expect(keyed.asked).toEqual([[LOCAL, "k"]]);
    await expect(world().add({ keyEnv: "NOT_SET" })).rejects.toMatchObject({ code: "environment" });
  });

  it("must be one that the server has, under a name that is free; nothing is written otherwise", async () => {
    const two = world(offered({ id: "a" }, { id: "b" }));
    const before = two.candidates();
    await expect(two.add()).rejects.toMatchObject({ code: "usage", hint: "name one: --model a, b" });
    await expect(two.add({ model: "c" })).rejects.toMatchObject({ code: "usage" });
    await expect(two.add({ model: "a", name: "gpt-oss-20b" })).rejects.toMatchObject({ code: "usage" });
    await expect(two.add({ model: "a", name: "Not a name" })).rejects.toMatchObject({ code: "written-file" });
    await expect(world({ ok: false, reason: "refused" }).add()).rejects.toMatchObject({ code: "environment" });
    expect(two.candidates()).toBe(before);
  });

  it("can hold no line of its own in the file, whatever its server is called", async () => {
    const { candidates, add } = world(offered({ id: 'x"\n[[candidate]]\nname = "evil' }));
    await add();
    expect(candidates().split("\n")).not.toContain("[[candidate]]\nname");
    expect(candidates()).toContain(String.raw`model = "x\"\n[[candidate]]\nname = \"evil"`);
  });
});

describe("a candidate that is removed", () => {
  it("leaves every other entry, byte by byte", async () => {
    const { all, candidates, add } = world();
    const before = candidates();
    await add();
    await removeCandidate(all, { policyFile: POLICY_FILE, name: "mine" });
    expect(candidates()).toBe(before);
  });

  it("is refused where the policy goes by it, and where there is none", async () => {
    const { all, candidates } = world();
    const before = candidates();
    await expect(removeCandidate(all, { policyFile: POLICY_FILE, name: "gpt-oss-20b" })).rejects.toMatchObject({ code: "written-file" });
    await expect(removeCandidate(all, { policyFile: POLICY_FILE, name: "nobody" })).rejects.toMatchObject({ code: "usage" });
    expect(candidates()).toBe(before);
  });
});

describe("what a branch has changed", () => {
  it("is an entry of its own, and every one whose provider stands elsewhere", async () => {
    const { edit, add, changed } = world();
    expect(await changed()).toEqual([]);
    await add();
    expect(await changed()).toEqual(["mine"]);
    edit((text) => text.replace("http://127.0.0.1:30000/v1", "http://127.0.0.1:30001/v1"));
    expect(await changed()).toEqual(["gpt-oss-20b", "qwen3-coder-30b-a3b-awq", "qwen2.5-coder-32b-awq", "mine"]);
  });
});
