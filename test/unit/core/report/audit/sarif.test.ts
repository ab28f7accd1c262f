// What is wrong with a capsule as SARIF: each fault under the rule that it breaks, none where all is well.
import { expect, it } from "vitest";
import { READING_FAULTS } from "../../../../../src/core/capsule/fault.ts";
import { CAPSULE_CHECKS } from "../../../../../src/core/capsule/verify.ts";
import { integritySarif } from "../../../../../src/core/report/audit/sarif.ts";

interface Log {
  readonly version: string;
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string; readonly shortDescription: { readonly text: string } }[] } };
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly message: { readonly text: string };
      readonly locations: readonly unknown[];
    }[];
  }[];
}
const read = (faults: Parameters<typeof integritySarif>[0]["faults"], file = "capsules/a b.capsule.jsonl"): Log["runs"][number] => {
  const [run] = (JSON.parse(integritySarif({ version: "1.2.3", file, faults })) as Log).runs;
  if (!run) throw new Error("no run");
  return run;
};

it("names every check of a capsule as a rule, with what it asks", () => {
  const { rules } = read([]).tool.driver;
  for (const { name, sentence } of [...READING_FAULTS, ...CAPSULE_CHECKS]) expect(rules.find(({ id }) => id === name)?.shortDescription.text).toBe(sentence);
  expect(read([]).results).toEqual([]);
});

it("points a fault at its rule, its file and its line", () => {
  const { results, tool } = read([
    { check: "merkle-root", fault: "the events are not those that were sealed", line: null },
    { check: "not-json", fault: "the line is not JSON", line: 7 },
    { check: "signature", fault: "it is not signed", line: null },
  ]);
  for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
  expect(results[1]).toMatchObject({
    message: { text: "the line is not JSON" },
    locations: [{ physicalLocation: { artifactLocation: { uri: "capsules/a%20b.capsule.jsonl" }, region: { startLine: 7 } } }],
  });
});
