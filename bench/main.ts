// Measures what the README promises: each figure as a ratio in one run, or against its bound.
import { attemptFigures } from "./attempt.ts";
import { capsuleFigures } from "./capsule.ts";
import { type Figure, printFigure } from "./figure.ts";
import { gateFigures } from "./gate.ts";
import { gateCapsuleFigures } from "./gate-capsule.ts";
import { powerFigures } from "./power.ts";
import { providerFigures } from "./provider.ts";
import { mutateFigures } from "./mutate.ts";
import { replayFigures } from "./replay.ts";
import { runFigures, startFigures } from "./program.ts";
import { routerFigures } from "./router.ts";
import { viewerFigures } from "./viewer.ts";

const PARTS: Readonly<Record<string, () => Promise<Figure[]> | Figure[]>> = {
  start: () => startFigures(15),
  router: () => routerFigures(),
  attempt: () => attemptFigures("reflex-patchloop-v1", 16),
  run: () => runFigures(),
  gate: () => gateFigures(3),
  "gate-capsule": () => gateCapsuleFigures(),
  power: () => powerFigures(1000),
  provider: () => providerFigures(),
  mutate: () => mutateFigures(24, 60),
  capsule: () => capsuleFigures(),
  replay: () => replayFigures(),
  viewer: () => viewerFigures(),
};

const asked = process.argv.slice(2);
let within = true;
for (const name of asked.length > 0 ? asked : Object.keys(PARTS)) {
  const part = PARTS[name];
  if (!part) throw new Error(`no part ${name}: choose from ${Object.keys(PARTS).join(", ")}`);
  for (const figure of await part()) within = printFigure(figure) && within;
}
process.exitCode = within ? 0 : 1;
