"""Asks `bakeoff mcp` by the Python client of the Model Context Protocol, and prints what it answers."""

import asyncio
import json
import sys

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

folder, node, program, run, suite = sys.argv[1:6]


async def main() -> None:
    parameters = StdioServerParameters(command=node, args=[program, "mcp"], cwd=folder)
    async with stdio_client(parameters) as (read, write), ClientSession(read, write) as session:
        about = await session.initialize()
        tools = await session.list_tools()

        async def ask(name: str, **given: object) -> dict:
            answer = await session.call_tool(name, given)
            data = answer.model_dump(by_alias=True)
            return {"text": answer.content[0].text, "data": data.get("structuredContent"), "isError": data.get("isError")}

        print()
        print(
            json.dumps(
                {
                    "server": about.model_dump(by_alias=True)["serverInfo"]["name"],
                    "tools": [tool.name for tool in tools.tools],
                    "runs": await ask("list_runs"),
                    "shown": await ask("show_run", run=run),
                    "lost": await ask("list_trials", run=run, candidate="nop"),
                    "plan": await ask("plan_gate", candidate="somebody", suite=suite, simulations=20, differences=[0]),
                    "wrong": await ask("show_run", run="gone"),
                }
            )
        )


asyncio.run(main())
