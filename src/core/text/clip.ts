// Cuts a text to a length without cutting a character in half.

/** At most `limit` characters, an ellipsis at the end where something is missing. */
export function clipped(text: string, limit: number): string {
  return text.length <= limit ? text.toWellFormed() : `${text.slice(0, limit - 1).trimEnd()}…`.toWellFormed();
}
