// Builds what `trend` reaches the world through.
import type { Places } from "../places.ts";
import type { TrendPorts } from "../trend/trend.ts";
import { composeLibrary } from "./library.ts";

export const composeTrend = (places: Places): TrendPorts => ({ library: composeLibrary(places) });
