// The published schema is the one that this version reads by.
import { readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { capsuleJsonSchema } from "../../../../src/core/capsule/json-schema.ts";

const PUBLISHED = new URL("../../../../docs/schema/capsule-line.schema.json", import.meta.url);

it("docs/schema/capsule-line.schema.json is made from the schemas of this version (UPDATE_GOLDEN=1 writes it)", () => {
  const text = `${JSON.stringify(capsuleJsonSchema(), null, 2)}\n`;
  if (process.env["UPDATE_GOLDEN"]) writeFileSync(PUBLISHED, text);
  expect(readFileSync(PUBLISHED, "utf8")).toBe(text);
});

it("names every kind of line and every type of event", () => {
  const text = JSON.stringify(capsuleJsonSchema());
  for (const name of ["header", "event", "blob", "withheld", "seal", "PolicySnapshotRef", "RoutingDecision", "ModelCallEnvelope", "GateDecision"])
    expect(text).toContain(`"const":"${name}"`);
});
