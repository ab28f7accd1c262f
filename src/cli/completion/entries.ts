// What can follow each command, from the registry: its subcommands and its flags.
import { type CliCommand, type Flags, flagName } from "../command.ts";

export interface CompletionWord {
  readonly name: string;
  readonly does: string;
}

export interface CompletionFlag extends CompletionWord {
  /** A word follows it. */
  readonly takesValue: boolean;
}

/** One command by the words that call it; the first has none. */
export interface CompletionEntry {
  readonly path: readonly string[];
  readonly commands: readonly CompletionWord[];
  readonly flags: readonly CompletionFlag[];
}

export function completionEntries(commands: Readonly<Record<string, CliCommand>>, path: readonly string[] = []): readonly CompletionEntry[] {
  const own: CompletionEntry = { path, commands: Object.entries(commands).map(([name, { does }]) => ({ name, does })), flags: [HELP] };
  return [...(path.length === 0 ? [own] : []), ...Object.entries(commands).flatMap(([name, command]) => entriesOf([...path, name], command))];
}

const HELP: CompletionFlag = { name: "--help", does: "what it does, with an example", takesValue: false };

function entriesOf(path: readonly string[], command: CliCommand): readonly CompletionEntry[] {
  const { commands = {}, byDefault } = command;
  const flags: Flags = { ...command.flags, ...(byDefault === undefined ? {} : commands[byDefault]?.flags) };
  const own: CompletionEntry = {
    path,
    commands: Object.entries(commands).map(([name, { does }]) => ({ name, does })),
    flags: [...Object.entries(flags).map(([key, { does, value }]) => ({ name: flagName(key), does, takesValue: value !== "" })), HELP],
  };
  return [own, ...Object.entries(commands).flatMap(([name, below]) => entriesOf([...path, name], below))];
}
