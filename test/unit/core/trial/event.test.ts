// The registry of event kinds: each stands under its own name, says what it is, and says of every hash whether a text is behind it.
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { EVENT_KINDS, trialEvent } from "../../../../src/core/trial/event.ts";
import { TEXT_PARTS } from "../../../../src/core/trial/event-texts.ts";

const FORMAT = new URL("../../../../docs/CAPSULE_FORMAT.md", import.meta.url);
const TABLE = /(?<=<!-- events: [^\n]* -->\n)[^]*?(?=<!-- \/events -->)/;

interface ObjectSchema {
  readonly description?: string;
  readonly properties: Readonly<Record<string, object>>;
}

const kinds = Object.entries(EVENT_KINDS).map(([name, kind]) => ({ name, kind, json: z.toJSONSchema(kind.schema) as unknown as ObjectSchema }));
const isHash = (field: object): boolean => JSON.stringify(field).includes("[0-9a-f]{64}");

describe.each(kinds)("$name", ({ name, kind, json }) => {
  it("stands under the name that its events have", () => {
    expect(json.properties["type"]).toMatchObject({ const: name });
  });

  it("says in a sentence what it is", () => {
    expect(json.description).toMatch(/^[A-Z].*\.$/);
  });

  it("says of every hash, and of nothing else, whether a text is behind it", () => {
    const hashes = Object.entries(json.properties).flatMap(([field, schema]) => (isHash(schema) ? [field] : []));
    expect(Object.keys(kind.texts).toSorted()).toEqual(hashes.toSorted());
  });
});

describe("all kinds together", () => {
  it("are what a capsule may hold, in their order", () => {
    const { oneOf } = z.toJSONSchema(trialEvent) as unknown as { readonly oneOf: readonly ObjectSchema[] };
    expect(oneOf.map(({ properties }) => (properties["type"] as { readonly const: string }).const)).toEqual(kinds.map(({ name }) => name));
  });

  it("refer to texts of every part that there is", () => {
    const parts = kinds.flatMap(({ kind }) => Object.values(kind.texts).filter((part) => part !== null));
    expect(new Set(parts)).toEqual(new Set(Object.keys(TEXT_PARTS)));
  });

  it("are listed in docs/CAPSULE_FORMAT.md (UPDATE_GOLDEN=1 writes the table)", () => {
    const rows = kinds.map(({ name, json }) => `| \`${name}\` | ${json.description} |\n`);
    const table = `\n| Type | What it tells |\n|---|---|\n${rows.join("")}\n`;
    const text = readFileSync(FORMAT, "utf8");
    if (process.env["UPDATE_GOLDEN"])
      writeFileSync(
        FORMAT,
        text.replace(TABLE, () => table),
      );
    expect(TABLE.exec(readFileSync(FORMAT, "utf8"))?.[0]).toBe(table);
  });
});
