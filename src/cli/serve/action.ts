// `bakeoff serve`: a candidate's own server, on its own or around another command.
import { composeServe } from "../../app/compose/serve.ts";
import { findPlaces } from "../../app/places.ts";
import { serveCandidate } from "../../app/serve/session.ts";
import { stopSignal } from "../stop-signal.ts";
import type { ServeOptions } from "./flags.ts";
import { serveLine } from "./text.ts";

export async function serve(candidate: string, command: readonly string[], options: ServeOptions): Promise<number> {
  const places = findPlaces(options);
  const request = {
    candidate,
    command,
    policyFile: places.policyFile(options.policy),
    checkpoint: options.checkpoint ?? null,
    readyTimeoutMs: options.readyTimeout * 1000,
    tell: (event: Parameters<typeof serveLine>[0]) => void process.stderr.write(`${serveLine(event)}\n`),
  };
  return serveCandidate(composeServe(places), request, stopSignal());
}
