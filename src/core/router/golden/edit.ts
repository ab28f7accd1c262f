// Writes new expectations into golden scenario files: only those strings change, comments and layout stay.
import { BakeoffError } from "../../base/errors.ts";
import type { RouteChange } from "../../policy/change.ts";
import type { GoldenFile, Scenario } from "./scenario.ts";

/** The key, and any of TOML's four string forms: triple quotes first, since two of the three are an empty string. */
const EXPECTATION = /(?<key>(?:expect|"expect"|'expect')\s*=\s*)(?:"""(?:[^\\]|\\[\s\S])*?"{3,5}(?!")|'''[\s\S]*?'{3,5}(?!')|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')/y;

/**
 * The files whose scenarios have another result, with the new expectations. A scenario that failed before stays as it is: the
 * change did not break it.
 */
export function expectationsChanged(files: readonly GoldenFile[], scenarios: readonly Scenario[], changes: readonly RouteChange[]): readonly GoldenFile[] {
  const outcomes = new Map(changes.map(({ scenario, before, after }) => [scenario, { before, after }]));
  return files.flatMap(({ path, text }) => {
    const own = scenarios.filter((scenario) => scenario.path === path && outcomes.get(scenario.name)?.before === scenario.expect);
    // From the end of the file backwards, so that no edit shifts the next one's position.
    const lastFirst = own.toSorted((a, b) => b.line - a.line || b.column - a.column);
    const changed = lastFirst.reduce((edited, scenario) => withExpectation(edited, scenario, outcomes.get(scenario.name)?.after ?? scenario.expect), text);
    return changed === text ? [] : [{ path, text: changed }];
  });
}

/** Throws `usage` if the expectation is not a string after its key, at the scenario's position. */
function withExpectation(text: string, { name, path, line, column }: Scenario, expect: string): string {
  const start = offsetOf(text, line, column);
  EXPECTATION.lastIndex = start;
  const match = EXPECTATION.exec(text);
  if (match === null)
    throw new BakeoffError(
      "usage",
      `${path}:${line}: the expectation of scenario ${name} can't be changed in place`,
      'write it on a line of its own: expect = "…"',
    );
  // For the characters in decisions, TOML's basic strings escape as JSON's do.
  return `${text.slice(0, start)}${match.groups?.["key"] ?? ""}${JSON.stringify(expect)}${text.slice(start + match[0].length)}`;
}

function offsetOf(text: string, line: number, column: number): number {
  const before = text.split("\n").slice(0, line - 1);
  return before.reduce((length, one) => length + one.length + 1, 0) + column - 1;
}
