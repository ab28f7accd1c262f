// Builds what `score` reaches the world through.
import { readdir } from "node:fs/promises";
import { diskTexts } from "../../adapters/files/text-files.ts";
import type { Places } from "../places.ts";
import type { ScorePorts } from "../score/score.ts";
import { composeRun } from "./run.ts";

export const composeScore = (places: Places): ScorePorts => ({
  run: composeRun(places),
  texts: diskTexts,
  namesIn: (path) => readdir(path).catch(() => null),
});
