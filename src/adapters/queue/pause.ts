// How long is waited before something is tried again at a server that does not do it now.
import { setTimeout as pause } from "node:timers/promises";

const BETWEEN_TRIES_MS = 200;

export const pauseBetweenTries = (signal: AbortSignal): Promise<void> => pause(BETWEEN_TRIES_MS, undefined, { signal }).catch(() => undefined);
