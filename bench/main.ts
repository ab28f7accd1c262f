// Measures what the README promises: each figure as a ratio in one run, or against its bound. `power` is all parts that begin with it.
import { attemptFigures } from "./attempt.ts";
import { capsuleFigures } from "./capsule.ts";
import { type Figure, printFigure } from "./figure.ts";
import { gateFigures } from "./gate.ts";
import { gateCapsuleFigures } from "./gate-capsule.ts";
import { gridFigures } from "./power/grid-table.ts";
import { planFigures } from "./power/plans.ts";
import { situationFigures } from "./power/situation-table.ts";
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
  "power-situations": () => situationFigures(1000),
  "power-grid": () => gridFigures(1000),
  "power-plan": () => planFigures(200),
  provider: () => providerFigures(),
  mutate: () => mutateFigures(24, 60),
  capsule: () => capsuleFigures(),
  replay: () => replayFigures(),
  viewer: () => viewerFigures(),
};

const asked = process.argv.slice(2);
let within = true;
for (const name of asked.length > 0 ? asked : [""]) {
  const parts = Object.entries(PARTS).filter(([part]) => name === "" || part === name || (PARTS[name] === undefined && part.startsWith(`${name}-`)));
  if (parts.length === 0) throw new Error(`no part ${name}: choose from ${Object.keys(PARTS).join(", ")}`);
  for (const [, part] of parts) for (const figure of await part()) within = printFigure(figure) && within;
}
process.exitCode = within ? 0 : 1;
