// The inverse of what a prompt shows: its messages from the stored text, and the whole files among its source blocks.
import { z } from "zod";
import type { PromptMessage } from "./prompt.ts";

const messages = z.array(z.strictObject({ role: z.enum(["system", "user", "assistant"]), content: z.string() }));

/** A message as it was sent. */
export type StoredMessage = PromptMessage;

/** The messages of a stored prompt (`promptText`); null where the text is none. */
export function readPromptText(text: string): readonly StoredMessage[] | null {
  try {
    return messages.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/**
 * The file of a path as a prompt shows it whole; null where it shows parts only. A prompt also holds text that models wrote, which
 * can look like a source block: `matches` says which text is the file's, by its hash.
 */
export function shownFile(content: string, path: string, matches: (text: string) => boolean): string | null {
  const lines = content.split("\n");
  for (let at = lines.indexOf(`### ${path}`); at >= 0; at = lines.indexOf(`### ${path}`, at + 1)) {
    const fence = /^(`{3,})rust$/.exec(lines[at + 1] ?? "")?.[1];
    const end = fence === undefined ? -1 : lines.indexOf(fence, at + 2);
    if (end < 0) continue;
    const text = lines.slice(at + 2, end).join("\n");
    // A fence stands on a line of its own: whether the file's last line had an end is not seen.
    const found = [`${text}\n`, text].find(matches);
    if (found !== undefined) return found;
  }
  return null;
}
