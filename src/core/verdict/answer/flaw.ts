// What is wrong with an answer that came, beyond what its reader can forgive: why it may be asked for once more.

/** Named as the policy's retry rules name them. */
export type AnswerFlaw = "harmony-residue" | "malformed-answer";

/**
 * Marks of the harmony format, in which gpt-oss models speak: a server that does not part its channels, or a constraint
 * that cuts through them, lets these through into the answer.
 */
const HARMONY_MARK = /<\|(?:start|end|message|channel|constrain|return|call)\|>|assistantfinal/;

/** `read`: what the answer's reader made of it; null for free text. A compliant answer has no flaw, whatever it quotes. */
export function flawOf(text: string, read: { readonly ok: boolean; readonly compliant: boolean } | null): AnswerFlaw | null {
  if (read?.compliant) return null;
  if (HARMONY_MARK.test(text)) return "harmony-residue";
  return read === null || read.ok ? null : "malformed-answer";
}
