// Builds what an assistant's tools reach the world through.
import { serveToolsOverStdio } from "../../adapters/mcp/stdio.ts";
import type { McpPorts } from "../mcp/ports.ts";
import type { Places } from "../places.ts";
import { composeCompare } from "./compare.ts";
import { composeGate } from "./gate.ts";
import { composeLibrary } from "./parts/library.ts";
import { composePolicy } from "./policy.ts";
import { composeReport } from "./report.ts";
import { composeShow } from "./show.ts";

export const composeMcp = (places: Places): McpPorts => ({
  places,
  library: composeLibrary(places),
  report: composeReport(places),
  show: composeShow(places),
  compare: composeCompare(places),
  policy: composePolicy(places),
  gatePlan: composeGate(places),
  serve: serveToolsOverStdio,
});
