// Runs a script of this folder in a Python that `npm run test:interop` prepared, and gives the JSON document that it prints.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const HERE = new URL(".", import.meta.url).pathname;

/** Undefined where no Python is new enough for Harbor. */
export const harborPython = (): string | undefined => process.env["BAKEOFF_HARBOR_PYTHON"];

export const readByPeer = <T>(script: string, ...args: readonly string[]): Promise<T> => readBy(process.env["BAKEOFF_INTEROP_PYTHON"], script, args);

export const readByHarbor = <T>(script: string, ...args: readonly string[]): Promise<T> => readBy(harborPython(), script, args);

async function readBy<T>(python: string | undefined, script: string, args: readonly string[]): Promise<T> {
  if (python === undefined) throw new Error("these tests need the tools that `npm run test:interop` installs");
  const { stdout } = await promisify(execFile)(python, [join(HERE, script), ...args], {
    maxBuffer: 1 << 28,
    env: { PATH: process.env["PATH"], HOME: args[0] ?? "/tmp", HF_HUB_OFFLINE: "1", INSPECT_LOG_LEVEL: "error" },
  });
  return JSON.parse(stdout.slice(stdout.search(/^{/m))) as T;
}
