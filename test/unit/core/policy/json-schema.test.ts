// The shipped JSON Schemas: up to date with the schemas that read the files, and named in the files for editors.
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { jsonSchemas } from "../../../../src/core/policy/json-schema.ts";

const file = (name: string): URL => new URL(`../../../../policy/${name}`, import.meta.url);
const required = (schema: unknown, ...path: string[]): unknown =>
  path.reduce<unknown>((here, part) => (here as { properties: Record<string, unknown> }).properties[part], schema);

describe("the shipped JSON Schemas", () => {
  for (const [name, text] of Object.entries(jsonSchemas())) {
    it(`hold ${name} as it is generated (UPDATE_GOLDEN=1 writes it)`, () => {
      if (process.env["UPDATE_GOLDEN"]) writeFileSync(file(name), text);
      expect(readFileSync(file(name), "utf8")).toBe(text);
    });
    it(`are named in the first line of the file that ${name} describes`, () =>
      expect(readFileSync(file(name.replace(".schema.json", ".toml")), "utf8").split("\n")[0]).toBe(`#:schema ./${name}`));
  }

  it("ask for what has no default and for nothing else", () => {
    const schema = JSON.parse(jsonSchemas()["model_policy.schema.json"] ?? "") as unknown;
    expect(required(schema)).toMatchObject({
      required: ["format", "meta", "roles", "reflex", "budgets", "tier2", "gates", "models", "providers", "prices"],
      additionalProperties: false,
    });
    expect(required(schema, "reflex")).toMatchObject({ required: ["enabled", "candidate", "rollout"] });
    expect(required(schema, "budgets")).toMatchObject({ required: ["run_tokens", "run_cost_usd"] });
    expect(required(schema, "breaker")).toMatchObject({ required: [] });
  });
});
