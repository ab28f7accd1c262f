// What `latency` works with.
import { diskTexts } from "../../adapters/files/text-files.ts";
import { ownDelay } from "../../adapters/measure/own-delay.ts";
import { tinybenchRounds } from "../../adapters/measure/tinybench-rounds.ts";
import type { LatencyPorts } from "../latency/session.ts";
import type { Places } from "../places.ts";
import { policyLoader } from "./parts/policies.ts";
import { servingOf } from "./parts/serving.ts";
import { suiteLoader } from "./parts/suites.ts";
import { clock, newRunId, wait } from "./parts/system.ts";

export const composeLatency = ({ cacheRoot, suiteFolders }: Places): LatencyPorts => ({
  clock,
  wait,
  nonce: newRunId,
  timer: tinybenchRounds,
  meter: ownDelay,
  loadPolicy: policyLoader,
  loadSuite: suiteLoader(suiteFolders),
  serving: (snapshot) => servingOf(snapshot, cacheRoot),
  texts: diskTexts,
});
