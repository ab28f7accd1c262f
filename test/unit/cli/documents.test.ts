// Every command that takes --json has a published schema, and no schema is of anything else.
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { CliCommand } from "../../../src/cli/command.ts";
import { COMMANDS } from "../../../src/cli/commands.ts";
import { checkDocument, commandOf } from "../../cli/documents.ts";

const FOLDER = new URL("../../../docs/schema/output/", import.meta.url).pathname;

const speakingJson = (commands: Readonly<Record<string, CliCommand>>, before: readonly string[] = []): readonly string[] =>
  Object.entries(commands).flatMap(([name, { flags, commands: below = {} }]) => [
    ...("json" in flags ? [[...before, name].join(" ")] : []),
    ...speakingJson(below, [...before, name]),
  ]);

const published = readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".schema.json"))
  .map((name) => name.replace(".schema.json", "").replaceAll("/", " "));

describe("what --json prints", () => {
  it("has a schema for each command, and each schema a command", () => expect(published.toSorted()).toEqual(speakingJson(COMMANDS).toSorted()));

  it("has the number of its form in each", () => {
    for (const command of published) {
      const schema = JSON.parse(readFileSync(`${FOLDER}${command.replaceAll(" ", "/")}.schema.json`, "utf8")) as Schema;
      for (const form of formsOf(schema, schema)) expect(form.required, command).toContain("format");
    }
  });

  it("is refused where a member is missing, of another kind, or not described", () => {
    const row = { name: "a", provider: "p", model: "m", endpoint: "" };
    const list = ["candidate", "list", "--json"];
    checkDocument(list, JSON.stringify({ format: 1, candidates: [row] }));
    for (const wrong of [
      { format: 2, candidates: [] },
      { candidates: [] },
      { format: 1, candidates: [{ ...row, name: 1 }] },
      { format: 1, candidates: [], more: 1 },
    ])
      expect(() => checkDocument(list, JSON.stringify(wrong)), JSON.stringify(wrong)).toThrow("candidate list");
  });

  it("is found for a command of a group, for one without, and for what a group does by default", () => {
    expect(
      [
        ["gate", "plan", "--json"],
        ["gate", "--json"],
        ["policy", "--json"],
        ["completion", "bash"],
      ].map(commandOf),
    ).toEqual(["gate plan", "gate", "policy validate", null]);
  });
});

interface Schema {
  readonly $ref?: string;
  readonly anyOf?: readonly Schema[];
  readonly required?: readonly string[];
  readonly $defs?: Readonly<Record<string, Schema>>;
}

/** The forms that a document may have, references followed. */
function formsOf(schema: Schema, root: Schema): readonly Schema[] {
  if (schema.anyOf) return schema.anyOf.flatMap((part) => formsOf(part, root));
  const named = schema.$ref?.replace("#/$defs/", "");
  return named === undefined ? [schema] : formsOf(root.$defs?.[named] ?? {}, root);
}
