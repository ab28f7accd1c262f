// Builds what sorting logged calls reaches the world through.
import { loadPolicy } from "../../adapters/policies/policy-files.ts";
import type { Places } from "../places.ts";
import type { TrafficPorts } from "../suite/from-traffic.ts";
import { servingOf } from "./parts/serving.ts";
import { composeSuite } from "./suite.ts";
import { clock } from "./parts/system.ts";

export const composeTraffic = (places: Places): TrafficPorts => ({
  ...composeSuite(places),
  redactor: async (policyFile) => servingOf(await loadPolicy(policyFile, clock.wall()), places.cacheRoot).redactor,
});
