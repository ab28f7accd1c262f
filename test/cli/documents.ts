// What a command printed with --json, held against the schema that is published for it. Members that no schema names are refused.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const FOLDER = new URL("../../docs/schema/output/", import.meta.url).pathname;

const schemas = new Map<string, z.ZodType>();

/** As `capsule verify`; the words of a call that come before its flags. */
export function commandOf(args: readonly string[]): string | null {
  const [first = "", second = ""] = args;
  // What a group does where no command of it is named.
  const byDefault = { policy: "policy validate", suite: "suite list" }[first] ?? first;
  return [`${first} ${second}`, first, byDefault].find((command) => existsSync(fileOf(command))) ?? null;
}

const fileOf = (command: string): string => join(FOLDER, `${command.replaceAll(" ", "/")}.schema.json`);

/** Throws where the text is not the one document of its command. */
export function checkDocument(args: readonly string[], text: string): void {
  // `serve NAME -- COMMAND` prints what the command does.
  const command = commandOf(args.slice(args.indexOf("--") + 1));
  if (command === null) throw new Error(`no schema is published for bakeoff ${args.join(" ")}`);
  const schema = schemas.get(command) ?? z.fromJSONSchema(closed(JSON.parse(readFileSync(fileOf(command), "utf8"))) as z.core.JSONSchema.JSONSchema);
  schemas.set(command, schema);
  const read = schema.safeParse(JSON.parse(text));
  if (!read.success) throw new Error(`bakeoff ${command} --json is not as its schema says: ${z.prettifyError(read.error).slice(0, 2000)}`);
}

/** The published schema lets members be added; here one that is not described is a mistake. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== "object" || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, key === "const" || key === "enum" ? value : closed(value)]));
  return "properties" in inner && inner["type"] === "object" ? { additionalProperties: false, ...inner } : inner;
}
