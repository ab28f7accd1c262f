// Builds what the candidate commands reach the world through.
import { listModels } from "../../adapters/providers/ready.ts";
import { readPolicy } from "../../adapters/policies/policy-files.ts";
import type { CandidatePorts } from "../candidate/ports.ts";
import type { LoadSuite } from "../../ports/suites.ts";
import type { Places } from "../places.ts";
import { gitRevisions } from "./parts/revisions.ts";
import { servingOf } from "./parts/serving.ts";
import { suiteLoader } from "./parts/suites.ts";
import { clock } from "./parts/system.ts";
import { homeTexts } from "./parts/texts.ts";

const OFFER_MS = 5000;

export const composeCandidate = (places: Places): CandidatePorts & { readonly loadSuite: LoadSuite } => ({
  loadSuite: suiteLoader(places.suiteFolders),
  clock,
  texts: homeTexts(places),
  policies: { read: readPolicy },
  revisions: gitRevisions,
  environment: process.env,
  offer: (endpoint, apiKey) => listModels({ endpoint, apiKey, timeoutMs: OFFER_MS }),
  serving: (snapshot) => servingOf(snapshot, places.cacheRoot),
});
