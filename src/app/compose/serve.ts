// What `serve` works with.
import { gpuMemoryMib } from "../../adapters/serve/gpu-memory.ts";
import { findServerProgram, hasPythonModule, runOnTerminal, startServerProcess } from "../../adapters/serve/server-process.ts";
import type { Places } from "../places.ts";
import type { TurnPorts } from "../run/served-turns.ts";
import type { ServePorts } from "../serve/session.ts";
import { policyLoader } from "./parts/policies.ts";
import { servingOf } from "./parts/serving.ts";
import { clock, wait } from "./parts/system.ts";

/** What servers are started with. */
export const composeServers = ({ cacheRoot }: Places): TurnPorts => ({
  clock,
  wait,
  serving: (snapshot) => servingOf(snapshot, cacheRoot),
  environment: process.env,
  findProgram: findServerProgram,
  hasPythonModule,
  startServer: startServerProcess,
  gpuMemoryMib,
});

export const composeServe = (places: Places): ServePorts => ({
  ...composeServers(places),
  loadPolicy: policyLoader,
  runOurselves: (words, signal) => runOnTerminal([process.execPath, process.argv[1] ?? "", ...words], signal),
});
