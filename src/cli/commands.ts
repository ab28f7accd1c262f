// Every command there is: help, the docs' tables and completion are made from this.
import { baselineCommand } from "./baseline/command.ts";
import { cacheCommand } from "./cache/command.ts";
import { candidateCommand } from "./candidate/command.ts";
import { capsuleCommand } from "./capsule/command.ts";
import type { CliCommand } from "./command.ts";
import { compareCommand } from "./compare/command.ts";
import { completionCommand } from "./completion/command.ts";
import { doctorCommand } from "./doctor/command.ts";
import { gateCommand } from "./gate/command.ts";
import { initCommand } from "./init/command.ts";
import { latencyCommand } from "./latency/command.ts";
import { mcpCommand } from "./mcp/command.ts";
import { policyCommand } from "./policy/command.ts";
import { promoteCommand } from "./promote/command.ts";
import { replayCommand } from "./replay/command.ts";
import { reportCommand } from "./report/command.ts";
import { runCommand } from "./run/command.ts";
import { scoreCommand } from "./score/command.ts";
import { serveCommand } from "./serve/command.ts";
import { showTrialCommand } from "./show/command.ts";
import { suiteCommand } from "./suite/command.ts";
import { trendCommand } from "./trend/command.ts";
import { viewCommand } from "./view/command.ts";
import { workerCommand } from "./worker/command.ts";

export type CommandName =
  | "init"
  | "run"
  | "score"
  | "replay"
  | "gate"
  | "promote"
  | "report"
  | "show"
  | "view"
  | "trend"
  | "compare"
  | "baseline"
  | "capsule"
  | "candidate"
  | "policy"
  | "suite"
  | "cache"
  | "doctor"
  | "latency"
  | "serve"
  | "worker"
  | "mcp"
  | "completion";

/** In the order of help. */
export const COMMANDS: Readonly<Record<CommandName, CliCommand>> = {
  init: initCommand,
  run: runCommand,
  score: scoreCommand,
  replay: replayCommand,
  gate: gateCommand,
  promote: promoteCommand,
  report: reportCommand,
  show: showTrialCommand,
  view: viewCommand,
  trend: trendCommand,
  compare: compareCommand,
  baseline: baselineCommand,
  capsule: capsuleCommand,
  candidate: candidateCommand,
  policy: policyCommand,
  suite: suiteCommand,
  cache: cacheCommand,
  doctor: doctorCommand,
  latency: latencyCommand,
  serve: serveCommand,
  worker: workerCommand,
  mcp: mcpCommand,
  completion: completionCommand(() => COMMANDS),
};
