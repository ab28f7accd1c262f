// Builds what `trend` and `baseline` reach the world through.
import { join } from "node:path";
import { loadSigningKey } from "../../adapters/capsules/key-files.ts";
import { registrationLogFile } from "../../adapters/capsules/registration-log.ts";
import { loadPolicy } from "../../adapters/policies/policy-files.ts";
import { BASELINE_LOG_NAME } from "../../core/report/trend/baseline.ts";
import type { Places } from "../places.ts";
import { agreedBaselines, type BaselinePorts } from "../trend/baselines.ts";
import type { TrendPorts } from "../trend/trend.ts";
import { composeLibrary } from "./parts/library.ts";
import { clock } from "./parts/system.ts";

export const composeBaselines = (places: Places): BaselinePorts => ({
  library: composeLibrary(places),
  log: registrationLogFile(join(places.reports, "gates", BASELINE_LOG_NAME)),
  trusted: async () => (await loadPolicy(places.defaultPolicy, clock.wall())).policy.signing.trusted_keys,
  keys: { load: loadSigningKey },
  clock,
});

/** What was agreed to be normal in this home. */
export const baselinesOf = (places: Places): TrendPorts["baselines"] => {
  const ports = composeBaselines(places);
  return () => agreedBaselines(ports);
};

export const composeTrend = (places: Places): TrendPorts => ({ library: composeLibrary(places), baselines: baselinesOf(places) });
