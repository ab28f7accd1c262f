// The documents that people write name every kind that there is: one that a document forgets is named here.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { CliCommand } from "../../../src/cli/command.ts";
import { COMMANDS } from "../../../src/cli/commands.ts";
import { DIALECT_NAMES } from "../../../src/core/policy/dialect.ts";
import { LEVEL_NAMES } from "../../../src/core/replay/levels/level.ts";
import { REPORT_FORMAT_NAMES } from "../../../src/core/report/formats/registry.ts";
import { SANDBOX_TIERS, TIER_NAMES } from "../../../src/core/trial/sandbox-tier.ts";

const textOf = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
const readme = textOf("README.md");
const glossary = textOf("docs/glossary.md");

/** Every command that does something, as the words that call it. */
function leaves(commands: Readonly<Record<string, CliCommand>>, before: readonly string[] = []): readonly (readonly string[])[] {
  return Object.entries(commands).flatMap(([name, { commands: below = {}, run }]) => [
    ...(run === null ? [] : [[...before, name]]),
    ...leaves(below, [...before, name]),
  ]);
}

/** The commands that a row of the README's table is about: `bakeoff capsule list`, `show`, or `gate verify FILE`. */
function named(row: string): readonly string[] {
  const [first = "", ...more] = [...row.matchAll(/`([^`]+)`/g)].map(([, words = ""]) => words.split(" ").filter((word) => /^[a-z][a-z-]*$/.test(word)));
  const [, ...path] = first;
  return [path, ...more.map((words) => (words.length > 1 ? words : [...path.slice(0, -1), ...words]))].map((words) => words.join(" "));
}

describe("README.md", () => {
  it("has every command in its table", () => {
    const [, section = ""] = readme.split("\n## Commands\n");
    const rows = (section.split("\n## ")[0] ?? "").split("\n").flatMap((line) => /^\| (`bakeoff .*?) \| /.exec(line)?.[1] ?? []);
    expect(rows.flatMap(named).toSorted()).toEqual(
      leaves(COMMANDS)
        .map((words) => words.join(" "))
        .toSorted(),
    );
  });

  it("says which formats a report has", () => {
    expect(readme).toContain(`\`--format\` ${REPORT_FORMAT_NAMES.join(", ")} |`);
  });

  it("has the levels of replay in a table, in their order", () => {
    const rows = readme.split("\n").flatMap((line) => /^\| (\d) ([a-z -]+) \|/.exec(line)?.slice(1).join(" ") ?? []);
    expect(rows).toEqual(LEVEL_NAMES.map((name, index) => `${index} ${name}`));
  });
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
