// A JSON Schema with a sentence for each of its members, by their paths.
import { isTable, type Table } from "./layer.ts";

/** `sentences`: by path; `*` stands for the entries of a table or an array. */
export function described(schema: Table, sentences: Readonly<Record<string, string>>, path = ""): Table {
  const sentence = sentences[path];
  const below = (name: string, inner: unknown): unknown => (isTable(inner) ? described(inner, sentences, path === "" ? name : `${path}.${name}`) : inner);
  const { properties, items, additionalProperties, anyOf, oneOf } = schema;
  return {
    ...(sentence === undefined ? {} : { description: sentence }),
    ...schema,
    ...(isTable(properties) ? { properties: Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, below(name, inner)])) } : {}),
    ...(isTable(items) ? { items: below("*", items) } : {}),
    ...(isTable(additionalProperties) ? { additionalProperties: below("*", additionalProperties) } : {}),
    ...choices("anyOf", anyOf, sentences, path),
    ...choices("oneOf", oneOf, sentences, path),
  };
}

/** Each of several shapes has the sentences of its members; the one of the whole stands above them. */
function choices(name: string, shapes: unknown, sentences: Readonly<Record<string, string>>, path: string): Table {
  if (!Array.isArray(shapes)) return {};
  const { [path]: _, ...inner } = sentences;
  return { [name]: shapes.map((shape: unknown) => (isTable(shape) ? described(shape, inner, path) : shape)) };
}
