// Ctrl-C and a supervisor's request to end, as a signal that whatever is under way can listen to.
import { BakeoffError } from "../core/base/errors.ts";

/** Aborts with an `interrupted` error at the first SIGINT or SIGTERM; a second one ends the process as usual. `hint`: how to go on afterwards. */
export function stopSignal(hint?: string): AbortSignal {
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort(new BakeoffError("interrupted", "interrupted", hint)));
  return stop.signal;
}
