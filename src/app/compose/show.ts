// Builds what `show` reaches the world through.
import { openCapsule } from "../../adapters/capsules/reader.ts";
import type { Places } from "../places.ts";
import type { ShowTrialPorts } from "../show/ports.ts";
import { suiteLoader } from "./parts/suites.ts";

export const composeShow = (places: Places): ShowTrialPorts => ({ capsules: { open: openCapsule }, loadSuite: suiteLoader(places.suiteFolders), places });
