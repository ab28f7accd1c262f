// What a merge says of its change: its own words, or those of the commits that it brought.

/** Lines that git and forges write by themselves. */
const AUTOMATIC = /^(Merge (pull request|branch|branches|remote-tracking branch|commit|tag|PR)\b.*|Auto merge of #\d+.*)$/;

/** `branch`: messages of the merged commits, newest first. */
export function mergeMessage(message: string, branch: readonly string[]): string {
  const own = message
    .split("\n")
    .filter((line) => !AUTOMATIC.test(line.trim()))
    .join("\n")
    .trim();
  return own === ""
    ? branch
        .toReversed()
        .map((text) => text.trim())
        .filter((text) => text !== "")
        .join("\n\n")
    : own;
}
