// What the tools of an assistant reach the world through.
import type { CompareResultsPorts } from "../compare/compare.ts";
import type { GatePlanPorts } from "../gate/plan.ts";
import type { PolicyShowPorts } from "../policy/show.ts";
import type { ReportPorts } from "../report/report.ts";
import type { ShowTrialPorts } from "../show/ports.ts";
import type { RunLibrary } from "../../ports/run-library.ts";
import type { ServeTools } from "../../ports/tool-server.ts";
import type { Places } from "../places.ts";

export interface QueryPorts {
  readonly places: Places;
  readonly library: RunLibrary;
  readonly report: Pick<ReportPorts, "capsules">;
  readonly show: ShowTrialPorts;
  readonly compare: CompareResultsPorts;
  readonly policy: PolicyShowPorts;
  readonly gatePlan: GatePlanPorts;
}

export interface McpPorts extends QueryPorts {
  readonly serve: ServeTools;
}
