// What `bakeoff serve` says, line by line.
import type { ServeEvent } from "../../app/serve/session.ts";

type LineOf = { readonly [K in ServeEvent["kind"]]: (event: Extract<ServeEvent, { readonly kind: K }>) => string };

const LINES: LineOf = {
  "answers-already": ({ name }) => `${name}: its server answers already; it is left as it is`,
  starting: ({ name, words }) => `${name}: starting ${words.join(" ")}`,
  log: ({ name, line }) => `[${name}] ${line}`,
  ready: ({ name, afterMs }) => `${name}: ready after ${(afterMs / 1000).toFixed(1)} s`,
  waiting: () => "stop it with Ctrl-C",
  stopped: ({ name }) => `${name}: its server is stopped`,
};

export const serveLine = (event: ServeEvent): string => (LINES[event.kind] as (event: ServeEvent) => string)(event);
