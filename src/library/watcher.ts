// What a program that calls `run` is told of a run while it goes on.
import type { SessionWatcher } from "../app/run/session.ts";
import type * as api from "./api.ts";

const quiet = (): void => undefined;

export const watcherFor = ({ onTrial = quiet, onResumed = quiet }: Pick<api.RunCall, "onTrial" | "onResumed">): SessionWatcher => ({
  planned: quiet,
  unreachable: quiet,
  finished: quiet,
  sealed: quiet,
  telemetryLost: quiet,
  preparing: quiet,
  prepared: quiet,
  doneBefore: (done, total) => onResumed({ done, total }),
  trialDone: ({ id }, _, done, total) => onTrial({ id, done, total }),
});
