// `bakeoff completion` as data: what it does and its action.
import { type CliCommand, homeless } from "../command.ts";

/** `commands`: the registry, which this command is in. */
export const completionCommand = (commands: () => Readonly<Record<string, CliCommand>>): CliCommand =>
  homeless({
    does: "a shell's completion of commands, flags and values, as a script to load",
    takes: ["<shell>"],
    flags: {},
    example: "bakeoff completion bash > ~/.local/share/bash-completion/completions/bakeoff",
    notes: "Shells: bash, zsh (a file _bakeoff in a folder of $fpath), fish (~/.config/fish/completions/bakeoff.fish).",
    run: async (_, shell: string) => (await import("./action.ts")).completion(shell, commands()),
  });
