// A JSON schema of strings, numbers, objects and lists as a regular expression, for servers that hold answers to one.
type Schema = Readonly<Record<string, unknown>>;

const SPACE = "[ \\n]{0,8}";
const STRING = '"(?:[^"\\\\\\x00-\\x1f]|\\\\["\\\\/bfnrt]|\\\\u[0-9a-fA-F]{4})*"';
const NUMBER = "-?(?:0|[1-9][0-9]{0,15})(?:\\.[0-9]{1,15})?";

const TYPES: Readonly<Record<string, (schema: Schema) => string>> = {
  string: ({ enum: values }) => (Array.isArray(values) ? `(?:${values.map((value) => literal(JSON.stringify(value))).join("|")})` : STRING),
  number: () => NUMBER,
  integer: () => "-?(?:0|[1-9][0-9]{0,15})",
  boolean: () => "(?:true|false)",
  null: () => "null",
  array: ({ items }) => `\\[${SPACE}(?:${regexOf(items)}(?:${SPACE},${SPACE}${regexOf(items)})*)?${SPACE}\\]`,
  object: ({ properties }) => {
    const members = Object.entries((properties ?? {}) as Schema).map(([name, schema]) => `${literal(JSON.stringify(name))}${SPACE}:${SPACE}${regexOf(schema)}`);
    return `\\{${SPACE}${members.join(`${SPACE},${SPACE}`)}${SPACE}\\}`;
  },
};

/** Members in the schema's order, all of them, as strict mode has them. Throws for what it can't express. */
export function regexOf(schema: unknown): string {
  const given = (schema ?? {}) as Schema;
  const { type, anyOf } = given;
  if (Array.isArray(anyOf)) return `(?:${anyOf.map(regexOf).join("|")})`;
  if (Array.isArray(type)) return `(?:${type.map((one) => regexOf({ ...given, type: one as unknown })).join("|")})`;
  const make = typeof type === "string" && Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (make === undefined) throw new TypeError(`no regular expression for a schema of type ${String(type)}`);
  return make(given);
}

const literal = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
