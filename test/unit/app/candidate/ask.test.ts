// A candidate asked once before any run depends on it: which form its server takes, and whether the answer satisfies the schema.
import { describe, expect, it } from "vitest";
import { askCandidate } from "../../../../src/app/candidate/ask.ts";
import { askedLines } from "../../../../src/cli/candidate/text.ts";
import type { ModelReply, ModelRequest } from "../../../../src/ports/models.ts";
import { POLICY_FILE } from "../fakes.ts";
import { policyWorld } from "../policy/world.ts";
import { answered, failedCall, suiteOf, TASKS } from "../../run/fakes.ts";

async function asked(...replies: readonly ModelReply[]) {
  const { ports, texts } = policyWorld();
  const requests: ModelRequest[] = [];
  const call = async (request: ModelRequest): Promise<ModelReply> => replies[requests.push(request) - 1] ?? failedCall("server-error");
  const all = {
    ...ports,
    texts,
    environment: {},
    offer: async () => ({ ok: false as const, reason: "not asked" }),
    loadSuite: async () => suiteOf(TASKS),
    serving: () => ({
      reachable: () => true,
      readiness: async () => ({ ready: true as const, latencyMs: 1, contextTokens: null }),
      networkProviders: () => new Map([["sglang", { name: "sglang", call }]]),
    }),
  };
  const result = await askCandidate(all, { policyFile: POLICY_FILE, name: "gpt-oss-20b" }, new AbortController().signal);
  return { result, requests, lines: askedLines(result).join("\n") };
}

const GOOD = '{"edits":[]}';

describe("a candidate that is asked once", () => {
  it("gets a run's first prompt with its schema, and its answer is held to that", async () => {
    const { result, requests, lines } = await asked(answered(GOOD));
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ purpose: "patch", model: "gpt-oss-20b", schema: { name: expect.any(String) as string } });
    expect(requests[0]?.messages.length).toBeGreaterThan(1);
    expect(result).toMatchObject({ form: "json_schema", refused: [], inForm: true });
    expect(lines).toContain("held to a JSON schema: the answer satisfies the schema");
  });

  it("is asked in the next form where its server refuses one, and both are told", async () => {
    const refused = { ...failedCall("bad-request"), formRefused: true };
    const { result, lines } = await asked(refused, { ...answered(GOOD), outputForm: "json_object" });
    expect(result).toMatchObject({ form: "json_object", refused: ["json_schema"], inForm: true });
    expect(lines).toContain("its server refused json_schema");
  });

  it("is told where its answer does not satisfy the schema, and where none came", async () => {
    const wrong = await asked(answered("Sure! Here it is."));
    expect(wrong.result.inForm).toBe(false);
    expect(wrong.lines).toContain("does not satisfy the schema");
    const failed = await asked(failedCall("context-too-long"));
    expect(failed.result.inForm).toBeNull();
    expect(failed.lines).toContain("context-too-long");
  });
});
