// README's tables of kinds say what the registries say.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { LEVEL_NAMES } from "../../../src/core/replay/levels/level.ts";
import { REPORT_FORMAT_NAMES } from "../../../src/core/report/formats/registry.ts";

const readme = readFileSync(new URL("../../../README.md", import.meta.url), "utf8");

it("has a row for every replay level, by its number", () => {
  const rows = [...readme.matchAll(/^\| (\d) ([a-z -]+) \|/gm)].map(([, number, name]) => `${number ?? ""} ${name ?? ""}`);
  expect(rows).toEqual(LEVEL_NAMES.map((name, number) => `${number} ${name}`));
});

it("names every report format, in the order of help", () => {
  expect(readme).toContain(`\`--format\` ${REPORT_FORMAT_NAMES.join(", ")} |`);
});
