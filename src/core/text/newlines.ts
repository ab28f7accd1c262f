// The line ends of a text file, and texts fitted to them.

export type Newline = "\n" | "\r\n";

/** What every line of the text ends with; null where both are used, or none. */
export function newlineOf(text: string): Newline | null {
  const all = text.split("\n").length - 1;
  const returns = text.split("\r\n").length - 1;
  if (all === 0) return null;
  if (returns === 0) return "\n";
  return returns === all ? "\r\n" : null;
}

export const withNewlines = (text: string, newline: Newline): string => text.replaceAll(/\r?\n/g, newline);
