// A prompt as it is sent and hashed: whole characters, and no secrets.
import { canonicalJson } from "../../base/canonical.ts";
import type { PromptMessage } from "./prompt.ts";

/** Takes secrets out of a text. */
export type Scrub = (text: string) => string;

/** Every message is scrubbed as the text that it is: in JSON, a secret at the start of a line would follow an `n`. */
export const sentMessages = (messages: readonly PromptMessage[], scrub: Scrub): readonly PromptMessage[] =>
  // What a tool printed may have been cut in the middle of a character, and is quoted here.
  messages.map(({ role, content }) => ({ role, content: scrub(content.toWellFormed()) }));

/** The text that a prompt's hash is over; scrubbed once more as whatever is kept. */
export const promptText = (sent: readonly PromptMessage[]): string => canonicalJson(sent.map(({ role, content }) => ({ role, content })));
