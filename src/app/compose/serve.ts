// What `serve` works with.
import { findServerProgram, hasPythonModule, runOnTerminal, startServerProcess } from "../../adapters/serve/server-process.ts";
import type { Places } from "../places.ts";
import type { ServePorts } from "../serve/session.ts";
import { policyLoader } from "./policies.ts";
import { servingOf } from "./serving.ts";
import { clock, wait } from "./system.ts";

export const composeServe = ({ cacheRoot }: Places): ServePorts => ({
  clock,
  wait,
  loadPolicy: policyLoader,
  serving: (snapshot) => servingOf(snapshot, cacheRoot),
  environment: process.env,
  findProgram: findServerProgram,
  hasPythonModule,
  startServer: startServerProcess,
  runOurselves: (words, signal) => runOnTerminal([process.execPath, process.argv[1] ?? "", ...words], signal),
});
