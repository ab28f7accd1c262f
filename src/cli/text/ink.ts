// Colours, for each stream by itself: only on a terminal, and never where NO_COLOR or CI is set.
import pc from "picocolors";

export type Ink = ReturnType<typeof pc.createColors>;

function inkOf(stream: NodeJS.WriteStream): Ink {
  const { NO_COLOR, CI, TERM } = process.env;
  // `isTTY` is not there at all on a pipe, and an undefined here would leave the choice to picocolors, which colours for CI.
  const isTerminal = Boolean(stream.isTTY);
  return pc.createColors(isTerminal && !NO_COLOR && CI === undefined && TERM !== "dumb");
}

export const outInk = inkOf(process.stdout);
export const errInk = inkOf(process.stderr);
