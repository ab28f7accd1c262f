// Runs a script of this folder in the Python that `npm run test:interop` prepared, and gives the JSON document that it prints.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const HERE = new URL(".", import.meta.url).pathname;

export async function readByPeer<T>(script: string, ...args: readonly string[]): Promise<T> {
  const python = process.env["BAKEOFF_INTEROP_PYTHON"];
  if (python === undefined) throw new Error("these tests need the tools that `npm run test:interop` installs");
  const { stdout } = await promisify(execFile)(python, [join(HERE, script), ...args], {
    maxBuffer: 1 << 28,
    env: { PATH: process.env["PATH"], HOME: args[0] ?? "/tmp", HF_HUB_OFFLINE: "1", INSPECT_LOG_LEVEL: "error" },
  });
  return JSON.parse(stdout.slice(stdout.search(/^{/m))) as T;
}
