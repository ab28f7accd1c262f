// What docs/MCP.md says of the assistant's tools is what the code says.
import { z } from "zod";
import { expect, it } from "vitest";
import { QUERY_TOOLS } from "../../../../src/app/mcp/tools.ts";

const TICK = "`";

interface Argument {
  readonly description?: string;
  readonly default?: unknown;
}

const argumentsText = (takes: z.ZodObject): string => {
  const { properties = {}, required = [] } = z.toJSONSchema(takes, { io: "input" }) as { properties?: Record<string, Argument>; required?: string[] };
  return Object.entries(properties)
    .map(([name, { description = "", default: fallback }]) => {
      const unless = fallback === undefined ? "" : `; default ${JSON.stringify(fallback)}`;
      return `${TICK}${name}${TICK}${required.includes(name) ? "" : "?"}: ${description}${unless}`;
    })
    .join("<br>");
};

it("docs/MCP.md lists the tools (`npx vitest run --project unit FILE -u` writes it)", async () => {
  const rows = Object.entries(QUERY_TOOLS).map(([name, { does, takes }]) => `| ${TICK}${name}${TICK} | ${does} | ${argumentsText(takes)} |`);
  for (const { takes } of Object.values(QUERY_TOOLS))
    for (const field of Object.values(takes.shape)) expect(z.globalRegistry.get(field as z.ZodType)?.description ?? "").not.toBe("");
  const text = [
    "# An assistant's questions",
    "",
    "Generated from the code. `bakeoff mcp` speaks the Model Context Protocol over stdio, so that an assistant in an editor can ask what a run",
    "came to and why. Every tool only reads; what a person must decide (runs, gates, promotions) has no tool. A capsule that does not prove what",
    "it says is refused, as by `report`. The protocol's SDK is not installed with Bakeoff:",
    "",
    "```sh",
    "npm install @modelcontextprotocol/sdk@1.32.2",
    "claude mcp add bakeoff -- bakeoff mcp --home path/to/bakeoff   # or any client that starts a server by its command",
    "```",
    "",
    "| Tool | What it answers | Takes |",
    "|---|---|---|",
    ...rows,
    "",
  ].join("\n");
  await expect(text).toMatchFileSnapshot("../../../../docs/MCP.md");
});
