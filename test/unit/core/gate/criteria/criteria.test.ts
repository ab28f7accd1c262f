// The registry of the gate's criteria: complete, in the order that registrations promise, and listed for people.
import { describe, expect, it } from "vitest";
import { CRITERIA, criteriaAsked, criteriaTable } from "../../../../../src/core/gate/criteria/criteria.ts";
import { CRITERION_NAMES } from "../../../../../src/core/gate/criteria/names.ts";
import { decideCandidates } from "../../../../../src/core/gate/decide.ts";
import { BY_FAMILY } from "../../../../../src/core/gate/statistics/by-family.ts";
import { BY_TASK } from "../../../../../src/core/gate/statistics/by-task.ts";
import { criteriaHash } from "../../../../../src/core/gate/registration/registration.ts";
import { evidenceOf, RULES, scripted } from "../world.ts";

describe("the gate's criteria", () => {
  it("are asked in the order of their names, each with its sentence", () => {
    const everybody = ["new", "old", "cloud", "rustc-suggestions"].map((name) => scripted(name, 60, 3, () => 3));
    const [decision] = decideCandidates(evidenceOf(everybody), ["new"], "old");
    const asked = CRITERION_NAMES.filter((name) => name !== "cheating");
    expect(decision?.findings.map(({ criterion, sentence }) => [criterion, sentence])).toEqual(asked.map((name) => [name, CRITERIA[name].sentence]));
    const [strict] = decideCandidates(evidenceOf(everybody, { rules: { ...RULES, max_cheating_percent: 5 } }), ["new"], "old");
    expect(strict?.findings.map(({ criterion }) => criterion)).toEqual(CRITERION_NAMES);
  });

  it("are sentences of their own", () => {
    const sentences = CRITERION_NAMES.map((name) => CRITERIA[name].sentence);
    expect(new Set(sentences).size).toBe(sentences.length);
    expect(sentences.filter((sentence) => !/^[A-Z].*\.$/.test(sentence))).toEqual([]);
  });

  it("can all be overridden but those without which there is no evidence", () => {
    expect(CRITERION_NAMES.filter((name) => !CRITERIA[name].overridable)).toEqual(["capsules-verify", "no-stand-in"]);
  });

  it("give registrations the hash that older ones have, as long as neither their names nor their order change", () => {
    expect(criteriaHash(RULES, BY_TASK.criteria)).toBe("b604783bceb850755a3b4fe31bb38dd73d121c40bd5c9a89b9402d3c8f108968");
    expect(BY_FAMILY.criteria).toEqual(CRITERION_NAMES);
    // What a policy does not ask is in no hash: registrations under it hold as before.
    expect(criteriaAsked(BY_FAMILY, RULES)).toEqual(CRITERION_NAMES.filter((name) => name !== "cheating"));
  });

  it("are listed in docs/GATE_CRITERIA.md (`npx vitest run --project unit FILE -u` writes it)", async () => {
    const text = `# Criteria of the gate\n\nWhat \`bakeoff gate\` asks of a candidate, in the order of its page. Those of a sample are met or violated by their confidence bound.\n\n${criteriaTable()}`;
    await expect(text).toMatchFileSnapshot("../../../../../docs/GATE_CRITERIA.md");
  });
});
