// docs/reference: the keys of written files and the lines of a capsule, from the JSON Schemas of what reads them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GENERATED, table } from "./markdown.mjs";

export function schemaPages(registries, root) {
  const { jsonSchemas, POLICY_KEYS, POLICY_READERS, POLICY_DEFAULTS, suiteJsonSchemas, capsuleJsonSchema } = registries;
  const schemas = jsonSchemas();
  const policy = JSON.parse(schemas["model_policy.schema.json"]);
  const candidate = JSON.parse(schemas["candidates.schema.json"]).properties.candidate.items;
  const suites = suiteJsonSchemas();
  return {
    files: [
      ["docs/reference/policy.md", policyPage(policy, POLICY_KEYS, POLICY_READERS, POLICY_DEFAULTS)],
      ["docs/reference/candidates.md", candidatesPage(candidate)],
      ["docs/reference/suite.md", suitePage(suites)],
      ["docs/reference/capsule.md", capsulePage(capsuleJsonSchema())],
    ],
    issues: undescribed(suites, readFileSync(join(root, "docs", "SUITE_FORMAT.md"), "utf8")),
  };
}

function policyPage(schema, keys, readers, defaults) {
  const rows = Object.entries(keys).map(([path, { does, readers: who }]) => {
    const value = path.split(".").reduce((layer, name) => layer?.[name], defaults);
    const isTable = typeof value === "object" && !Array.isArray(value);
    return [`\`${path}\``, shapeOf(at(schema, path)), value === undefined || isTable ? "" : `\`${JSON.stringify(value)}\``, does, who.join(", ")];
  });
  const who = Object.entries(readers).map(([name, words]) => `- **${name}**: ${words}`);
  return `# The policy's keys

${GENERATED}

\`policy/model_policy.toml\`, key by key. \`*\` stands for a name of your own, or for each entry. A key with a default may be left out.
\`bakeoff policy explain KEY\` adds the value in force, its layer, and the golden scenarios that hold it.

Who reads a key:

${who.join("\n")}

${table(["Key", "Takes", "Default", "Does", "Read by"], rows)}`;
}

function candidatesPage({ properties, required }) {
  const rows = Object.entries(properties).map(([name, shape]) => [
    `\`${name}\``,
    shapeOf(shape),
    required.includes(name) ? "yes" : shape.default === undefined ? "" : `default \`${shape.default}\``,
    shape.description,
  ]);
  return `# A candidate's keys

${GENERATED}

A \`[[candidate]]\` of \`policy/candidates.toml\`. \`bakeoff candidate add\` writes one by asking the server.

${table(["Key", "Takes", "Needed", "Says"], rows)}`;
}

function suitePage(schemas) {
  const tables = Object.entries(schemas).map(([file, schema]) => {
    const rows = leaves(schema).map(({ path, shape, needed }) => [
      `\`${path}\``,
      shapeOf(shape),
      needed ? "yes" : shape.default === undefined ? "" : `default \`${JSON.stringify(shape.default)}\``,
    ]);
    return `## ${file}\n\n${table(["Key", "Takes", "Needed"], rows)}`;
  });
  return `# A suite's keys

${GENERATED}

What each key means: [the suite format](../SUITE_FORMAT.md). \`[]\` stands for each entry of an array.

${tables.join("\n")}`;
}

/** The format's page, which people write, must name every key. */
const undescribed = (schemas, page) =>
  Object.values(schemas)
    .flatMap((schema) => leaves(schema).map(({ path }) => path.split(".").at(-1).replace("[]", "")))
    .filter((name, index, all) => !page.includes(`\`${name}\``) && all.indexOf(name) === index)
    .map((name) => `docs/SUITE_FORMAT.md: the key \`${name}\` is not described`);

function leaves({ properties = {}, required = [] }, above = "") {
  return Object.entries(properties).flatMap(([name, shape]) => {
    const needed = required.includes(name);
    if (shape.items?.properties) return leaves(shape.items, `${above}${name}[].`);
    return shape.properties ? leaves(shape, `${above}${name}.`) : [{ path: `${above}${name}`, shape, needed }];
  });
}

function capsulePage({ oneOf, $defs = {} }) {
  const lines = oneOf.flatMap((shape) => (shape.properties ? [["line", shape.properties.kind.const, shape]] : []));
  const events = oneOf.flatMap((shape) => eventsOf(shape, $defs));
  const lineRows = lines.map(([, kind, { properties }]) => [`\`${kind}\``, memberList(properties)]);
  const sections = events.map(({ properties, description = "", required = [] }) => {
    const rows = Object.entries(properties)
      .filter(([name]) => name !== "type")
      .map(([name, shape]) => [`\`${name}\``, shapeOf(shape), required.includes(name) ? "" : "optional", shape.description ?? ""]);
    return `### ${properties.type.const}\n\n${description}\n\n${table(["Member", "Holds", "", "Says"], rows)}`;
  });
  return `# A capsule's lines and events

${GENERATED}

What the lines are for and how they hold together: [the capsule format](../CAPSULE_FORMAT.md). The schema itself:
[capsule-line.schema.json](../schema/capsule-line.schema.json).

${table(["Line", "Members"], lineRows)}
## Events

${sections.join("\n")}`;
}

const memberList = (properties) =>
  Object.keys(properties)
    .filter((name) => name !== "kind")
    .map((name) => `\`${name}\``)
    .join(", ");

/** The event schemas below a line's schema, wherever they stand in it. */
function eventsOf(shape, definitions) {
  if (shape === null || typeof shape !== "object") return [];
  if (typeof shape.$ref === "string") return eventsOf(definitions[shape.$ref.replace("#/$defs/", "")], definitions);
  if (typeof shape.properties?.type?.const === "string") return [shape];
  return Object.values(shape).flatMap((inner) => eventsOf(inner, definitions));
}

/** The shape at a path; `*` goes into the entries of a table or an array. */
function at(schema, path) {
  return path.split(".").reduce((shape, name) => {
    if (name === "*") return shape.items ?? shape.additionalProperties;
    const choices = [shape, ...(shape.oneOf ?? []), ...(shape.anyOf ?? [])].filter(({ properties }) => properties?.[name]);
    return choices.length > 1 ? { anyOf: choices.map(({ properties }) => properties[name]) } : choices[0].properties[name];
  }, schema);
}

/** A JSON Schema in a few words: `whole number from 1 to 10`. */
function shapeOf(shape) {
  if (shape.const !== undefined) return `\`${JSON.stringify(shape.const)}\``;
  if (shape.enum) return shape.enum.map((value) => `\`${JSON.stringify(value)}\``).join(", ");
  const choices = shape.anyOf ?? shape.oneOf;
  if (choices) return [...new Set(choices.map(shapeOf))].join(" or ");
  if (shape.type === "array") return `list of ${shapeOf(shape.items ?? {})}`;
  return `${KIND_WORDS[shape.type] ?? "any value"}${bounds(shape)}`;
}

const KIND_WORDS = { string: "text", integer: "whole number", number: "number", boolean: "true or false", object: "table", null: "null" };

function bounds({ minimum = undefined, exclusiveMinimum, maximum, exclusiveMaximum, format }) {
  const least = minimum === undefined ? (exclusiveMinimum === undefined ? "" : ` above ${exclusiveMinimum}`) : ` from ${minimum}`;
  const isOpen = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER;
  const most = isOpen ? (exclusiveMaximum === undefined ? "" : ` below ${exclusiveMaximum}`) : ` to ${maximum}`;
  return `${format === "uri" ? " (an address)" : format === "date" ? " (a day)" : ""}${least}${most}`;
}
