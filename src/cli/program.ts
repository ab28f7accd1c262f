// The command line: argv to one call to an exit code. Commands are loaded when they are called, so that help is quick.
import { Command, CommanderError } from "commander";
import { type Failure, failureOf } from "./text/errors.ts";
import { packageVersion } from "../app/places.ts";
import { capsuleCommands } from "./capsule/flags.ts";
import { runCommand, replayCommand, reportCommand } from "./run/flags.ts";
import { gateCommands, promoteCommand } from "./gate/flags.ts";
import { policyCommands } from "./policy/flags.ts";
import { suiteCommands } from "./suite/flags.ts";
import { doctorCommand, latencyCommand, serveCommand } from "./servers/flags.ts";
import type { Run } from "./flags.ts";

/** Runs one command line; gives the process's exit code and never throws. */
export async function runProgram(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  const run = (action: () => Promise<number>) => action().then((code) => void (exitCode = code));
  const program = buildProgram(run);
  try {
    await program.parseAsync([...argv]);
    return exitCode;
  } catch (thrown) {
    // Commander has printed its own message already; asking for help is no error.
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
    return report(failureOf(thrown));
  }
}

function report(failure: Failure): number {
  process.stderr.write(`bakeoff: ${failure.text}\n`);
  return failure.exitCode;
}

function buildProgram(run: Run): Command {
  const program = new Command("bakeoff")
    .description("Decides which coding model may be trusted with your Rust repository, and can prove it a year later.")
    .version(packageVersion())
    .exitOverride()
    // Options belong to the command that they follow: `gate` and `gate register` both have --candidate.
    .enablePositionalOptions()
    .showHelpAfterError("(bakeoff --help lists what there is)")
    .addHelpText("after", "\nExample:\n  bakeoff run --candidates rustc-suggestions,nop,oracle --limit 10\n");
  runCommand(program, run);
  replayCommand(program, run);
  gateCommands(program, run);
  promoteCommand(program, run);
  reportCommand(program, run);
  capsuleCommands(program, run);
  policyCommands(program, run);
  suiteCommands(program, run);
  doctorCommand(program, run);
  latencyCommand(program, run);
  serveCommand(program, run);
  for (const command of program.commands) inherit(command);
  return program;
}

function inherit(command: Command): void {
  command.exitOverride();
  for (const child of command.commands) inherit(child);
}
