// The completion scripts of the shells, each from the same entries. Where nothing of ours fits, files are completed.
import type { CompletionEntry, CompletionWord } from "./entries.ts";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type ShellName = (typeof SHELLS)[number];
export const isShell = (name: string): name is ShellName => SHELLS.some((shell) => shell === name);

/** Newline-terminated. */
export const COMPLETION_SCRIPTS: Readonly<Record<ShellName, (entries: readonly CompletionEntry[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
const pathText = ({ path }: CompletionEntry): string => path.join(" ");
const wordsOf = ({ commands, flags }: CompletionEntry): readonly string[] => [...commands, ...flags].map(({ name }) => name);
const valueFlags = (entries: readonly CompletionEntry[]): readonly string[] => [
  ...new Set(entries.flatMap(({ flags }) => flags.filter(({ takesValue }) => takesValue).map(({ name }) => name))),
];

/** Walks the words before the one that is completed, and keeps those that name a command. */
const walk = (entries: readonly CompletionEntry[]): string =>
  entries
    .filter(({ path }) => path.length > 0)
    .map((entry) => quoted(pathText(entry)))
    .join("|");

function bashScript(entries: readonly CompletionEntry[]): string {
  const cases = entries.map((entry) => `    ${quoted(pathText(entry))}) words=${quoted(wordsOf(entry).join(" "))} ;;`);
  return `# bash completion for bakeoff
_bakeoff() {
  local current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" path="" next words="" index
  for ((index = 1; index < COMP_CWORD; index++)); do
    next="\${path:+$path }\${COMP_WORDS[index]}"
    case "$next" in ${walk(entries)}) path="$next" ;; esac
  done
  COMPREPLY=()
  case "$before" in ${valueFlags(entries).join("|")}) compopt -o default 2>/dev/null; return ;; esac
  case "$path" in
${cases.join("\n")}
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  [ "\${#COMPREPLY[@]}" -eq 0 ] && compopt -o default 2>/dev/null
  return 0
}
complete -F _bakeoff bakeoff
`;
}

const described = ({ name, does }: CompletionWord): string => quoted(`${name.replaceAll(":", String.raw`\:`)}:${does}`);

function zshScript(entries: readonly CompletionEntry[]): string {
  const cases = entries.map((entry) => `    ${quoted(pathText(entry))}) choices=(${[...entry.commands, ...entry.flags].map(described).join(" ")}) ;;`);
  return `#compdef bakeoff
_bakeoff() {
  local here="" next word
  local -a choices
  for word in "\${(@)words[2,CURRENT-1]}"; do
    next="\${here:+$here }$word"
    case "$next" in ${walk(entries)}) here="$next" ;; esac
  done
  case "\${words[CURRENT-1]}" in ${valueFlags(entries).join("|")}) _files; return ;; esac
  case "$here" in
${cases.join("\n")}
  esac
  _describe -t words 'bakeoff' choices || _files
}
_bakeoff "$@"
`;
}

function fishScript(entries: readonly CompletionEntry[]): string {
  const lines = entries.flatMap((entry) => {
    const at = `-n ${quoted(`__bakeoff_at ${pathText(entry)}`.trim())}`;
    return [
      ...entry.commands.map(({ name, does }) => `complete -c bakeoff ${at} -a ${quoted(name)} -d ${quoted(does)}`),
      ...entry.flags.map(({ name, does, takesValue }) => `complete -c bakeoff ${at} -l ${quoted(name.slice(2))}${takesValue ? " -r" : ""} -d ${quoted(does)}`),
    ];
  });
  return `# fish completion for bakeoff
function __bakeoff_at
  set -l path
  for word in (commandline -opc)[2..]
    switch (string join -- ' ' $path $word)
      case ${entries
        .filter(({ path }) => path.length > 0)
        .map((entry) => quoted(pathText(entry)))
        .join(" ")}
        set -a path $word
    end
  end
  test "$path" = "$argv"
end
${lines.join("\n")}
`;
}
