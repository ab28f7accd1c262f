// Clips a text to a length without splitting a character.

/** At most `limit` characters, ending in an ellipsis if something was cut. */
export function clipped(text: string, limit: number): string {
  return text.length <= limit ? text.toWellFormed() : `${text.slice(0, limit - 1).trimEnd()}…`.toWellFormed();
}
