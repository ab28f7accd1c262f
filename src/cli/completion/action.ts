// `bakeoff completion`: prints a script for a shell, made from the registry of commands.
import { BakeoffError } from "../../core/base/errors.ts";
import { nearest } from "../../core/base/nearest.ts";
import type { CliCommand } from "../command.ts";
import { completionEntries } from "./entries.ts";
import { COMPLETION_SCRIPTS, isShell, SHELLS } from "./scripts.ts";

export async function completion(shell: string, commands: Readonly<Record<string, CliCommand>>): Promise<number> {
  if (!isShell(shell)) throw new BakeoffError("usage", `no completion for ${shell.slice(0, 40)}`, `did you mean ${nearest(shell, SHELLS).join(" or ")}?`);
  process.stdout.write(COMPLETION_SCRIPTS[shell](completionEntries(commands)));
  return 0;
}
