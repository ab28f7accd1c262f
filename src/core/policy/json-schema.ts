// JSON Schemas of the written files, for editors: generated from the schemas that the program parses with.
import { z } from "zod";
import { CANDIDATE_KEYS } from "./candidate-keys.ts";
import { POLICY_DEFAULTS } from "./defaults.ts";
import { described } from "./described.ts";
import { POLICY_KEYS } from "./keys.ts";
import { isTable, type Table } from "./layer.ts";
import { candidatesSchema, policySchema } from "./schema.ts";

/** By file name, the text of each shipped schema. */
export function jsonSchemas(): Readonly<Record<string, string>> {
  const policy = {
    title: "Model policy",
    description: "policy/model_policy.toml, format 2",
    ...relaxed(described(schemaOf(policySchema), POLICY_SENTENCES), POLICY_DEFAULTS),
  };
  const candidates = { title: "Candidates", description: "policy/candidates.toml, format 1", ...described(schemaOf(candidatesSchema), CANDIDATE_SENTENCES) };
  return { "model_policy.schema.json": textOf(policy), "candidates.schema.json": textOf(candidates) };
}

const POLICY_SENTENCES = Object.fromEntries(Object.entries(POLICY_KEYS).map(([path, { does }]) => [path, does]));
const CANDIDATE_SENTENCES = Object.fromEntries(Object.entries(CANDIDATE_KEYS).map(([name, does]) => [`candidate.*.${name}`, does]));

/** As a person writes it: values with a default may be omitted. TOML editors understand draft 7. */
const schemaOf = (schema: z.ZodType): Table => z.toJSONSchema(schema, { io: "input", target: "draft-7", reused: "inline" });

const textOf = (schema: object): string => `${JSON.stringify(schema, null, 2)}\n`;

/** Values with a default are optional; so is a table whose required members all have one. */
function relaxed(schema: Table, defaults: Table): Table {
  const properties = isTable(schema["properties"]) ? schema["properties"] : {};
  const inner = Object.entries(properties).map(([name, property]) => {
    const below = defaults[name];
    return [name, isTable(property) && isTable(below) ? relaxed(property, below) : property] as const;
  });
  const required = Array.isArray(schema["required"]) ? schema["required"].filter((name) => !optional(String(name), Object.fromEntries(inner), defaults)) : [];
  return { ...schema, properties: Object.fromEntries(inner), required };
}

function optional(name: string, properties: Table, defaults: Table): boolean {
  const [property, value] = [properties[name], defaults[name]];
  if (value === undefined) return false;
  return !isTable(value) || !isTable(property) || !Array.isArray(property["required"]) || property["required"].length === 0;
}
