// A promotion as a change of the policy's text: comments and layout stay, and it can be taken back.
import { BakeoffError } from "../../base/errors.ts";
import { editToml } from "../../base/toml-edit.ts";

export interface Promotion {
  readonly candidate: string;
  /** What it takes the place of. */
  readonly replaces: string;
  readonly decisionSha256: string;
  /** As `2026-11-22`. */
  readonly day: string;
  readonly by: string;
}

/** A change of the policy's text, but for its version. */
export interface SlotChange {
  readonly text: string;
  /** One line for the changelog. */
  readonly entry: string;
}

/** The policy's text with the candidate in the reflex slot and a [[promotion]] record. Throws `usage` where it can't be edited safely. */
export function promoted(text: string, { candidate, replaces, decisionSha256, day, by }: Promotion): SlotChange {
  const record = { candidate, decision_sha256: decisionSha256, promoted: day, by, replaces };
  return {
    text: editToml(text, [
      { do: "set", key: ["reflex", "candidate"], value: candidate },
      { do: "append", list: "promotion", table: record },
    ]),
    entry: `${candidate} takes the place of ${replaces} in the reflex slot (decision ${decisionSha256.slice(0, 12)}, by ${by})`,
  };
}

/** The text before the last promotion: what was promoted stays in the changelog. Throws `usage` for a record that does not say what it replaced. */
export function rolledBack(text: string, { candidate, replaces }: { readonly candidate: string; readonly replaces?: string | undefined }): SlotChange {
  if (replaces === undefined)
    throw new BakeoffError(
      "usage",
      `the promotion of ${candidate} does not say what it replaced`,
      "set reflex.candidate by hand and take the [[promotion]] record out",
    );
  return {
    text: editToml(text, [
      { do: "set", key: ["reflex", "candidate"], value: replaces },
      { do: "remove-last", list: "promotion" },
    ]),
    entry: `rolled back: ${replaces} takes its place in the reflex slot again, instead of ${candidate}`,
  };
}
