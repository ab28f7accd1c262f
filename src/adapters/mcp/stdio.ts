// A server of the Model Context Protocol over stdin and stdout, by its official SDK, which is an optional package.
import { BakeoffError } from "../../core/base/errors.ts";
import type { AssistantTool, ToolOffer } from "../../ports/tool-server.ts";

/** What was tried here, pinned in package.json too. */
const INSTALL = "npm install @modelcontextprotocol/sdk@1.32.2";

/** Serves until stdin ends, the other side closes, or the signal aborts. Throws `environment` where the SDK is not installed. */
export async function serveToolsOverStdio({ name, version, instructions, tools }: ToolOffer, signal: AbortSignal): Promise<void> {
  const { Server, StdioServerTransport, CallToolRequestSchema, ListToolsRequestSchema, ErrorCode, McpError } = await loadSdk();
  const server = new Server({ name, version }, { capabilities: { tools: {} }, instructions });
  const known = new Map(tools.map((tool) => [tool.name, tool]));
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: tools.map(listed) }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }) => {
    const tool = known.get(params.name);
    if (!tool) throw new McpError(ErrorCode.InvalidParams, `there is no tool ${params.name}: ${[...known.keys()].join(", ")}`);
    const { text, data, isError } = await tool.call(params.arguments);
    return { content: [{ type: "text" as const, text }], ...(data === null ? {} : { structuredContent: { ...data } }), isError };
  });
  const closed = new Promise<void>((resolve) => {
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the SDK has no other way to hear of it
    server.onclose = resolve;
    process.stdin.once("end", resolve);
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await server.connect(new StdioServerTransport());
  await closed;
  await server.close();
}

/** They read what lies here, and the same question has the same answer until something new is run. */
const listed = ({ name, does, input }: AssistantTool) => ({
  name,
  description: does,
  inputSchema: { ...input, type: "object" as const },
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: false },
});

async function loadSdk() {
  try {
    const [server, stdio, types] = await Promise.all([
      import("@modelcontextprotocol/sdk/server/index.js"),
      import("@modelcontextprotocol/sdk/server/stdio.js"),
      import("@modelcontextprotocol/sdk/types.js"),
    ]);
    return { ...server, ...stdio, ...types };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new BakeoffError("environment", "the SDK of the Model Context Protocol is not installed", INSTALL, { cause: error });
  }
}
