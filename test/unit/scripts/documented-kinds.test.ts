// The documents that people write name every kind that there is: one that a document forgets is named here.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { DIALECT_NAMES } from "../../../src/core/policy/candidate/dialect.ts";
import { LEVEL_NAMES } from "../../../src/core/replay/levels/level.ts";
import { SANDBOX_TIERS, TIER_NAMES } from "../../../src/core/trial/sandbox-tier.ts";

const textOf = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
const glossary = textOf("docs/glossary.md");

it("docs/how-to/audit.md has the levels of replay in a table, in their order", () => {
  const rows = textOf("docs/how-to/audit.md")
    .split("\n")
    .flatMap((line) => /^\| (\d) ([a-z -]+) \|/.exec(line)?.slice(1).join(" ") ?? []);
  expect(rows).toEqual(LEVEL_NAMES.map((name, index) => `${index} ${name}`));
});

describe("the glossary", () => {
  it.each(TIER_NAMES)("says that %s is a sandbox tier", (tier) => {
    expect(/\*\*sandbox tier\*\*[^]*?\n- /.exec(glossary)?.[0]).toContain(`\`${tier}\``);
  });

  it.each(DIALECT_NAMES)("says that %s is a dialect", (dialect) => {
    expect(/\*\*dialect\*\*[^]*?\n- /.exec(glossary)?.[0].toLowerCase()).toContain(dialect);
  });
});

it.each(TIER_NAMES.filter((tier) => SANDBOX_TIERS[tier].isolates))("CI attacks the %s tier", (tier) => {
  expect(textOf(".ci/run")).toContain(`BAKEOFF_SANDBOX=${tier}`);
});
