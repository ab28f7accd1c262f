// The command line: argv to one call to an exit code. Actions are loaded when they are called, so that help is quick.
import { Argument, CommanderError, Command as Parser, InvalidArgumentError, Option } from "commander";
import { packageVersion } from "../app/places.ts";
import { nearest } from "../core/base/nearest.ts";
import { type CliCommand, type Flag, FlagError, flagName } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { type ReportedError, reportedError } from "./text/errors.ts";
import { noteText } from "./text/fitted.ts";

/** Runs an action, and keeps its exit code. */
type Run = (action: () => Promise<number>) => Promise<void>;

/** Runs one command line; gives the process's exit code and never throws. */
export async function runProgram(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  const run = (action: () => Promise<number>) => action().then((code) => void (exitCode = code));
  const program = buildProgram(run, argv);
  try {
    await program.parseAsync([...argv]);
    return exitCode;
  } catch (thrown) {
    // Commander has printed its own message already; asking for help is no error.
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
    return report(reportedError(thrown));
  }
}

function report(failure: ReportedError): number {
  noteText(`bakeoff: ${failure.text}\n`);
  return failure.exitCode;
}

/** The whole command line; `run` is given what a command would do. Of commands that no word of `argv` names, the outline is enough. */
export function buildProgram(run: Run, argv: readonly string[]): Parser {
  const program = new Parser("bakeoff")
    .description("Decides which coding model may be trusted with your Rust repository, and can prove it a year later.")
    .version(packageVersion())
    .exitOverride()
    // Options belong to the command that they follow: `gate` and `gate register` both have --candidate.
    .enablePositionalOptions()
    .showHelpAfterError("(bakeoff --help lists what there is)")
    .addHelpText("after", "\nExample:\n  bakeoff run --candidates rustc-suggestions,nop,oracle --limit 10\n");
  for (const [name, command] of Object.entries(COMMANDS)) {
    if (argv.includes(name)) add(program, name, command, run);
    else outline(program, name, command);
  }
  return program;
}

/** What the list of commands shows of one: that it has options, by the first of them. */
function outline(parent: Parser, name: string, command: CliCommand): void {
  const parser = parent.command(name).description(command.does);
  for (const words of command.byDefault === undefined ? (command.takes ?? []) : ["[command]"]) parser.argument(words);
  const { flags } = calledBy(command) ?? command;
  for (const [key, flag] of Object.entries(flags).slice(0, 1)) parser.addOption(optionOf(key, flag));
}

/** The command that runs where a group's name stands alone. */
const calledBy = (command: CliCommand): CliCommand | undefined => (command.byDefault === undefined ? command : command.commands?.[command.byDefault]);

function add(parent: Parser, name: string, command: CliCommand, run: Run): void {
  const parser = parent.command(name).description(command.does).exitOverride().enablePositionalOptions();
  for (const words of command.takes ?? []) parser.argument(words);
  for (const [key, flag] of Object.entries(command.flags)) parser.addOption(optionOf(key, flag));
  parser.addHelpText("after", endOfHelp(command));
  for (const [sub, spec] of Object.entries(command.commands ?? {})) add(parser, sub, spec, run);
  const called = calledBy(command);
  if (command.byDefault !== undefined && called) takePlaceOf(parser, called);
  if (called?.run) parser.action((...given: unknown[]) => run(() => act(parser, called, given.slice(0, parser.registeredArguments.length))));
}

const endOfHelp = ({ notes, example }: CliCommand): string => `${notes === undefined ? "" : `\n${notes}\n`}\nExample:\n  ${example}\n`;

/** A group whose command runs where none is named: what stands in its place is then a mistyped name. */
function takePlaceOf(parser: Parser, command: CliCommand): void {
  const mistyped = (word: string): never => {
    const known = parser.commands.map((each) => each.name());
    throw new InvalidArgumentError(`There is no command ${parser.name()} ${word}: did you mean ${nearest(word, known).join(" or ")}?`);
  };
  parser.addArgument(new Argument("[command]").argParser(mistyped));
  for (const [key, flag] of Object.entries(command.flags)) parser.addOption(optionOf(key, flag));
}

function act(parser: Parser, command: CliCommand, words: readonly unknown[]): Promise<number> {
  const options = parser.opts<Record<string, unknown>>();
  for (const [key, flag] of Object.entries(command.flags)) {
    // Not commander's own check: it would ask a group's subcommands for the group's flags too.
    if (flag.required && options[key] === undefined) parser.error(`error: required option '${spelled(key, flag)}' not specified`, { exitCode: 2 });
  }
  const call = command.run as (options: unknown, ...words: readonly unknown[]) => Promise<number>;
  return call(options, ...words);
}

const spelled = (key: string, { value }: Flag<unknown>): string => (value === "" ? flagName(key) : `${flagName(key)} ${value}`);

function optionOf(key: string, flag: Flag<unknown>): Option {
  const option = new Option(spelled(key, flag), flag.does);
  if (flag.fallback !== undefined) option.default(flag.fallback, Array.isArray(flag.fallback) ? flag.fallback.join(",") || undefined : undefined);
  const { parse } = flag;
  if (parse) option.argParser((text: string, before: unknown) => read(() => parse(text, before)));
  return option;
}

function read<T>(parse: () => T): T {
  try {
    return parse();
  } catch (thrown) {
    if (thrown instanceof FlagError) throw new InvalidArgumentError(thrown.message);
    throw thrown;
  }
}
