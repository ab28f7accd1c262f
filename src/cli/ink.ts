// Colours, for each stream by itself: only on a terminal, and never where NO_COLOR or CI is set.
import pc from "picocolors";

function inkOf(stream: NodeJS.WriteStream): ReturnType<typeof pc.createColors> {
  const { NO_COLOR, CI, TERM } = process.env;
  return pc.createColors(stream.isTTY && !NO_COLOR && CI === undefined && TERM !== "dumb");
}

export const outInk = inkOf(process.stdout);
export const errInk = inkOf(process.stderr);
