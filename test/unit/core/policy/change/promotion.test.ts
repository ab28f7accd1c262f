// A promotion and its way back as changes of a policy's text, in whatever forms TOML lets a person write one.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compileTexts } from "../../../../../src/core/policy/compile.ts";
import { promoted, rolledBack } from "../../../../../src/core/policy/change/promotion.ts";
import { withVersion } from "../../../../../src/core/policy/change/version.ts";

const shipped = (name: string): string => readFileSync(new URL(`../../../../../policy/${name}`, import.meta.url), "utf8");
const POLICY = shipped("model_policy.toml");
const QWEN = "qwen3-coder-30b-a3b-awq";
const PROMOTION = { candidate: QWEN, replaces: "gpt-oss-20b", decisionSha256: "1".repeat(64), day: "2026-11-22", by: 'Ada "the" Great' };

const section = (text: string, name: string): string => new RegExp(`^\\[${name}\\]\\n(?:(?!\\[).*\\n)*`, "m").exec(text)?.[0] ?? "";
/** A section's keys, dotted, at the top of the file. */
function dotted(text: string, name: string): string {
  const body = section(text, name);
  const keys = body.replace(/^\[.*\n/, "").replaceAll(/^(?=[a-z])/gm, `${name}.`);
  return keys + text.replace(body, "");
}

const FORMS: Readonly<Record<string, string>> = {
  "as it is shipped": POLICY,
  "with spaced headers": POLICY.replaceAll(/^\[(\w+)\]/gm, "[ $1 ]"),
  "with quoted headers and keys": POLICY.replaceAll(/^\[(\w+)\]/gm, '["$1"]').replaceAll(/^(candidate|version|updated) =/gm, '"$1" ='),
  "with dotted keys": dotted(dotted(POLICY, "reflex"), "meta"),
  "with single quotes": POLICY.replaceAll(/= "([^"\n]*)"/g, "= '$1'"),
  "with line ends of Windows": POLICY.replaceAll("\n", "\r\n"),
  "with a byte order mark": `\uFEFF${POLICY}`,
  "with an empty list of promotions": `promotion = [] # none yet\n${POLICY}`,
  "with a version elsewhere before its own": `# version = "9.9.9"\n${POLICY.replace("[meta]", "[meta] # [reflex]")}`,
  "without a line end at its end": POLICY.trimEnd(),
};

describe.each(Object.entries(FORMS))("a policy %s", (_, text) => {
  const parsed = (policy: string) =>
    compileTexts({ path: "p", text: policy }, { path: "c", text: shipped("candidates.toml") }, "2026-11-22T00:00:00.000Z").policy;

  it("takes a promotion and a version, and is still a policy", () => {
    expect(POLICY).not.toBe("");
    const { reflex, promotion, meta } = parsed(withVersion(promoted(text, PROMOTION).text, "9.0.0", "2026-11-22"));
    expect(reflex.candidate).toBe(QWEN);
    expect(promotion).toEqual([{ candidate: QWEN, replaces: "gpt-oss-20b", decision_sha256: "1".repeat(64), promoted: "2026-11-22", by: 'Ada "the" Great' }]);
    expect(meta).toMatchObject({ version: "9.0.0", updated: "2026-11-22" });
  });

  it("gives every byte back that a promotion took", () => {
    const back = rolledBack(promoted(text, PROMOTION).text, PROMOTION).text;
    expect(back.replace(/\r?\n$/, "")).toBe(text.replace(/\r?\n$/, ""));
  });

  it("keeps all of its lines but the one of the slot", () => {
    const kept = new Set(promoted(text, PROMOTION).text.split("\n"));
    expect(text.split("\n").filter((line) => !kept.has(line) && !line.startsWith("promotion = "))).toHaveLength(1);
  });
});

it("is not taken back where its record does not say what it replaced", () => {
  expect(() => rolledBack(promoted(POLICY, PROMOTION).text, { candidate: QWEN })).toThrow(expect.objectContaining({ code: "usage" }) as Error);
});
