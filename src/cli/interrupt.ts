// Ctrl-C as a signal that work ends by.
import { BakeoffError } from "../core/base/errors.ts";

/** Aborts with `interrupted` on Ctrl-C. `hint`: how to go on afterwards. */
export function interruption(hint?: string): AbortSignal {
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort(new BakeoffError("interrupted", "interrupted", hint)));
  return stop.signal;
}
