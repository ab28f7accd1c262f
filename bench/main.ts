// Measures what docs/performance.md promises: each figure as a ratio in one run, or against its bound. `power` is all parts that begin with it.
import { attemptFigures } from "./attempt.ts";
import { capsuleFigures } from "./capsule.ts";
import { type Figure, printFigure } from "./figure.ts";
import { gateFigures } from "./gate.ts";
import { gateCapsuleFigures } from "./gate-capsule.ts";
import { epochFigures } from "./power/epochs.ts";
import { gridFigures } from "./power/grid-table.ts";
import { planFigures } from "./power/plans.ts";
import { situationFigures } from "./power/situation-table.ts";
import { providerFigures } from "./provider.ts";
import { mutateFigures } from "./mutate.ts";
import { prepareFigures } from "./prepare.ts";
import { replayFigures } from "./replay.ts";
import { runFigures, startFigures } from "./program.ts";
import { routerFigures } from "./router.ts";
import { PLAY_WORKER, queueFigures } from "./queue.ts";
import { playWorker } from "./queue-worker.ts";
import { PLAY_RUN, playRun, scaleFigures } from "./scale.ts";
import { peerFigures } from "./peers/peers.ts";
import { serverFigures } from "./servers.ts";
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
  "power-epochs": () => epochFigures(1000),
  "power-plan": () => planFigures(200),
  provider: () => providerFigures(),
  mutate: () => mutateFigures(24, 60),
  prepare: () => prepareFigures("crate-apis-v1"),
  capsule: () => capsuleFigures(),
  replay: () => replayFigures(),
  viewer: () => viewerFigures(),
  queue: () => queueFigures(20),
  scale: () => scaleFigures(2_500, 10_000),
  servers: () => serverFigures(2),
  peers: () => peerFigures(Number(process.env["BENCH_REPAIRS"] ?? 20), Number(process.env["BENCH_ROUNDS"] ?? 2)),
};

/** Not among those that run unasked: they want programs of others, gigabytes of them. */
const ONLY_ASKED = new Set(["peers", "servers"]);

const asked = process.argv.slice(2);
if (asked[0] === PLAY_WORKER) {
  await playWorker(asked[1] ?? "");
  process.exit();
}
if (asked[0] === PLAY_RUN) {
  await playRun(Number(asked[1]));
  process.exit();
}
let within = true;
for (const name of asked.length > 0 ? asked : [""]) {
  const parts = Object.entries(PARTS).filter(
    ([part]) => (name === "" && !ONLY_ASKED.has(part)) || part === name || (PARTS[name] === undefined && part.startsWith(`${name}-`)),
  );
  if (parts.length === 0) throw new Error(`no part ${name}: choose from ${Object.keys(PARTS).join(", ")}`);
  for (const [, part] of parts) for (const figure of await part()) within = printFigure(figure) && within;
}
process.exitCode = within ? 0 : 1;
