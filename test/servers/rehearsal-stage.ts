// What a scene of a rehearsal server has to play with: the request, the response, and the server's own clock.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { DialectName } from "../../src/core/policy/candidate/dialect.ts";

/** One request as it came in. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Readonly<Record<string, unknown>>;
}

/** What the server's own clock says of one answer, in milliseconds since the request was whole; null: it never came to that. */
export interface PlayedTimes {
  firstTextMs: number | null;
  endMs: number | null;
}

export interface Stage {
  readonly dialect: DialectName;
  readonly request: SeenRequest;
  readonly response: ServerResponse;
  /** Told by the scenes that time themselves. */
  readonly played: PlayedTimes;
  /** Milliseconds since the request was whole. */
  readonly since: () => number;
}

/** How one request is answered. */
export type Scene = (stage: Stage) => Promise<void> | void;
