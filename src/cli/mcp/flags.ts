// The flags of `bakeoff mcp`.
import type { OptionsOf } from "../command.ts";

export const mcpFlags = {};

export type McpOptions = OptionsOf<typeof mcpFlags>;
