// Ctrl-C, a supervisor's request to end and a terminal that is closed, as a signal that whatever is under way can listen to.
import { BakeoffError } from "../core/base/errors.ts";

/** Aborts with an `interrupted` error at the first SIGINT, SIGTERM or SIGHUP; a second one ends the process as usual. `hint`: how to go on afterwards. */
export function stopSignal(hint?: string): AbortSignal {
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(name, () => stop.abort(new BakeoffError("interrupted", "interrupted", hint)));
  return stop.signal;
}
