// Who plays in a session: models, with the servers that it may start itself, or the agent whose patches are verified.
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import type { PolicyCandidate, Serving } from "../../ports/serving.ts";
import { startObstacle } from "../serve/start-job.ts";
import { type ExternalPatches, externalLineUp } from "./external.ts";
import { type LineUp, lineUp } from "./lineup.ts";

/** What of a request decides who plays. */
interface LineUpRequest {
  readonly candidates: readonly string[] | null;
  readonly external?: ExternalPatches | undefined;
  readonly serve?: object | undefined;
  readonly seed: number;
}

interface LineUpMeans {
  readonly servers: Parameters<typeof startObstacle>[0];
  readonly snapshot: PolicySnapshot;
  readonly serving: Pick<Serving, "readiness" | "reachable">;
}

/** Throws as `lineUp` does. */
export function sessionLineUp({ external, serve, seed, candidates }: LineUpRequest, { servers, snapshot, serving }: LineUpMeans): Promise<LineUp> | LineUp {
  if (external !== undefined) return externalLineUp(snapshot.policy, external);
  const { readiness, reachable } = serving;
  const obstacle = (candidate: PolicyCandidate) => startObstacle(servers, snapshot, candidate);
  const starting = serve === undefined ? {} : { starting: { obstacle, seed } };
  return lineUp({ policy: snapshot.policy, candidates: snapshot.candidates, requested: candidates, readiness, reachable, ...starting });
}
