// What is wrong with an answer beyond what its reader tolerates: the reasons for requesting it again.

/** Named as the policy's retry rules name them. */
export type AnswerFlaw = "harmony-residue" | "malformed-answer";

/**
 * Marks of the harmony format that gpt-oss models use: they end up in the answer if a server does not separate its channels, or
 * if a grammar constraint cuts through them.
 */
const HARMONY_MARK = /<\|(?:start|end|message|channel|constrain|return|call)\|>|assistantfinal/;

/** `read`: the parsed answer; null for free text. A compliant answer has no flaw, whatever it quotes. */
export function flawOf(text: string, read: { readonly ok: boolean; readonly compliant: boolean } | null): AnswerFlaw | null {
  if (read?.compliant) return null;
  if (HARMONY_MARK.test(text)) return "harmony-residue";
  return read === null || read.ok ? null : "malformed-answer";
}
