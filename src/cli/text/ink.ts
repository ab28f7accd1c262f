// Colours, for each stream by itself: on a terminal, and not where CI is set, unless FORCE_COLOR asks for them; never with NO_COLOR.
import pc from "picocolors";

export type Ink = ReturnType<typeof pc.createColors>;

function inkOf(stream: NodeJS.WriteStream): Ink {
  const { NO_COLOR, FORCE_COLOR, CI, TERM } = process.env;
  // `isTTY` is not there at all on a pipe, and an undefined here would leave the choice to picocolors, which colours for CI.
  const isTerminal = Boolean(stream.isTTY);
  return pc.createColors(!NO_COLOR && (isForced(FORCE_COLOR) || (isTerminal && CI === undefined && TERM !== "dumb")));
}

/** Source: force-color.org; `0` and `false` force nothing. */
const isForced = (word: string | undefined): boolean => word !== undefined && !["", "0", "false"].includes(word);

export const outInk = inkOf(process.stdout);
export const errInk = inkOf(process.stderr);
