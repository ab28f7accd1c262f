// Which texts a safe export keeps, by named rules; all others are left out.
import type { StoredText } from "./checks/check.ts";
import type { Header } from "./line.ts";
import { storedPolicy } from "./stored-policy.ts";

interface KeepRule {
  readonly name: string;
  readonly sentence: string;
  readonly keeps: (text: StoredText, header: Header) => boolean;
}

/** A text that no rule keeps is left out: prompts, answers, patched files, verdicts and notebook answers may all hold your code. */
export const KEEP_RULES: readonly KeepRule[] = [
  {
    name: "policy-snapshot",
    sentence: "Policies stay: every event refers to the run's own, and others seen in its files are compared with it.",
    keeps: (text, { policy }) => text.sha256 === policy.snapshot_hash || storedPolicy(text) !== null,
  },
  {
    name: "decision-register",
    sentence: "The decision register stays: it is public.",
    keeps: ({ sha256 }, header) => sha256 === header.decision_register_hash,
  },
];

export const isKept = (text: StoredText, header: Header): boolean => KEEP_RULES.some(({ keeps }) => keeps(text, header));
