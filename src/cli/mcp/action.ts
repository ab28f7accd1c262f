// `bakeoff mcp`: stdin and stdout belong to the protocol.
import { composeMcp } from "../../app/compose/mcp.ts";
import { serveMcp } from "../../app/mcp/serve.ts";
import { findPlaces } from "../../app/places.ts";
import { stopSignal } from "../stop-signal.ts";
import type { McpOptions } from "./flags.ts";

export async function mcp({ home }: McpOptions): Promise<number> {
  await serveMcp(composeMcp(findPlaces({ home })), stopSignal());
  return 0;
}
