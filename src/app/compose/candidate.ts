// Builds what the candidate commands reach the world through.
import { listModels } from "../../adapters/providers/ready.ts";
import { readPolicy } from "../../adapters/policies/policy-files.ts";
import type { CandidatePorts } from "../candidate/ports.ts";
import type { Places } from "../places.ts";
import { gitRevisions } from "./revisions.ts";
import { servingOf } from "./serving.ts";
import { clock } from "./system.ts";
import { homeTexts } from "./texts.ts";

const OFFER_MS = 5000;

export const composeCandidate = (places: Places): CandidatePorts => ({
  clock,
  texts: homeTexts(places),
  policies: { read: readPolicy },
  revisions: gitRevisions,
  environment: process.env,
  offer: (endpoint, apiKey) => listModels({ endpoint, apiKey, timeoutMs: OFFER_MS }),
  serving: (snapshot) => servingOf(snapshot, places.cacheRoot),
});
