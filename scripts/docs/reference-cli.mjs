// docs/reference: the commands, the exit codes, and which commands print JSON, from the registry of commands.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { GENERATED, line, oneLine, table } from "./markdown.mjs";

export const cliPages = ({ COMMANDS, EXIT, flagName }, root) => [
  ["docs/reference/cli.md", commandsPage(COMMANDS, flagName)],
  ["docs/reference/exit-codes.md", exitPage(EXIT)],
  ["docs/reference/json.md", jsonPage(COMMANDS, root)],
];

/** Every command with the words that call it: `[words, command]`. */
function allCommands(commands, above = []) {
  return Object.entries(commands).flatMap(([name, command]) => [[[...above, name], command], ...allCommands(command.commands ?? {}, [...above, name])]);
}

const runnable = (commands) => allCommands(commands).filter(([, { run }]) => run !== null);
const called = (words, { takes = [] }) => ["bakeoff", ...words, ...takes].join(" ");
const anchor = (words) => `bakeoff-${words.join("-")}`;

function commandsPage(commands, flagName) {
  const rows = runnable(commands).map(([words, command]) => [`[\`bakeoff ${words.join(" ")}\`](#${anchor(words)})`, oneLine(command.does)]);
  const sections = allCommands(commands).map(([words, command]) => commandSection(words, command, flagName));
  return `# Commands\n\n${GENERATED}\n\nEvery command has \`--help\`, with the same text. Unknown flags, commands and values are refused with the nearest valid ones.\n\n${table(["Command", "Does"], rows)}\n${sections.join("\n")}`;
}

function commandSection(words, command, flagName) {
  const { does, flags, example, notes, commands = {}, byDefault, run } = command;
  const rows = Object.entries(flags).map(([key, flag]) => [`\`${line([flagName(key), flag.value])}\``, flagText(flag)]);
  const below = Object.keys(commands).map((name) => `[\`${name}\`](#${anchor([...words, name])})`);
  return [
    `## bakeoff ${words.join(" ")}\n`,
    `${oneLine(does)[0].toUpperCase()}${oneLine(does).slice(1)}.\n`,
    run === null ? "" : `\`\`\`text\n${called(words, command)}${rows.length === 0 ? "" : " [flags]"}\n\`\`\`\n`,
    below.length === 0 ? "" : `Commands: ${below.join(", ")}.${byDefault === undefined ? "" : ` Without one: \`${byDefault}\`.`}\n`,
    rows.length === 0 ? "" : table(["Flag", "Does"], rows),
    notes === undefined ? "" : `${notes}\n`,
    `Example: \`${example}\`\n`,
  ]
    .filter((part) => part !== "")
    .join("\n");
}

function flagText({ does, fallback, required }) {
  const shown = Array.isArray(fallback) ? fallback.join(",") : fallback;
  const isTold = shown === undefined || shown === false || shown === "" || /\(default/.test(does);
  return `${oneLine(does)}${required ? " (required)" : ""}${isTold ? "" : ` (default: ${shown})`}`;
}

const exitPage = (codes) =>
  `# Exit codes\n\n${GENERATED}\n\n${table(
    ["Exit code", "Meaning"],
    Object.values(codes).map(({ code, means }) => [String(code), means]),
  )}`;

function jsonPage(commands, root) {
  const rows = runnable(commands)
    .filter(([, { flags }]) => "json" in flags)
    .map(([words]) => {
      const schema = `docs/schema/output/${words.join("/")}.schema.json`;
      return [`[\`bakeoff ${words.join(" ")}\`](cli.md#${anchor(words)})`, existsSync(join(root, schema)) ? `[schema](../../${schema})` : "lines of its own"];
    });
  return `# What \`--json\` prints

${GENERATED}

With \`--json\` a command prints one JSON document on stdout and nothing else there; words for people go to stderr. The exit code is the
same as without. A document names its \`format\`: a member that goes, or changes its meaning, raises the number; one that is added does not. What lies in
files has schemas, too:

- a capsule's lines: [docs/schema/capsule-line.schema.json](../schema/capsule-line.schema.json), also \`bakeoff capsule schema\`
- the policy and the candidates: [model_policy.schema.json](../../policy/model_policy.schema.json), [candidates.schema.json](../../policy/candidates.schema.json)
- reports: [each format's columns and members](../REPORT_FORMATS.md)

${table(["Command", "Prints"], rows)}`;
}
