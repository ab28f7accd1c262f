// What is said of a key: its sentence, its value and layer, its readers, and the scenarios that would notice another value.
import { describe, expect, it } from "vitest";
import { explainKey } from "../../../../src/app/policy/explain.ts";
import { policyWorld, SOURCES } from "./world.ts";

const explained = (key: string) => explainKey(policyWorld().ports, SOURCES, key);

describe("a key that is explained", () => {
  it("has its value with the layer that says it, and whoever reads it", async () => {
    expect(await explained("reflex.max_attempts")).toMatchObject({
      does: expect.stringContaining("attempts") as string,
      values: [{ key: "reflex.max_attempts", value: 2, layer: "workspace" }],
      readers: [expect.stringContaining("router") as string],
    });
  });

  it("is held by the scenarios that come to another decision where it is another value, and by no other", async () => {
    const { scenarios } = await explained("high_risk.tags");
    expect(scenarios).toEqual(["a task that is high-risk by a tag gets a plan", "a task that is tagged unsafe is high-risk"]);
    expect((await explained("gates.reflex_promotion.alpha")).scenarios).toEqual([]);
  });

  it("is found where a name of the user's own stands in it", async () => {
    expect(await explained('models."gpt-5.2-mini".effort')).toMatchObject({ values: [{ value: "low" }] });
    expect((await explained("breaker")).values).toHaveLength(3);
    await expect(explained("reflex.max_attempt")).rejects.toMatchObject({ code: "usage", hint: expect.stringContaining("reflex.max_attempts") as string });
  });
});
