// A new flag of a command: its words as data, and a test that fails until the command does something with it.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { camel, nameFault, pascal, Source } from "./source.mjs";

export const flag = {
  usage: "flag COMMAND/NAME     a flag of a command, such as run/dry-run or suite/mine/dry-run",
  plan(root, wanted) {
    const words = wanted.split("/").slice(0, -1);
    const name = wanted.split("/").at(-1) ?? "";
    const [command = "", sub] = words;
    const path = [`src/cli/${command}/flags.ts`, `src/cli/${command}/command.ts`].find((one) => existsSync(join(root, one)));
    if (!path) return { refusal: `${command} is no command: there is no src/cli/${command}` };
    const source = new Source(root, path);
    const objects = sub ? [`${camel(sub)}Flags`, `${camel(command)}${pascal(sub)}Flags`] : [`${camel(command)}Flags`, "flags"];
    const object = objects.find((one) => source.has(one));
    if (!object) return { refusal: `${path} holds no flags of ${words.join(" ")}: name a command that has flags, such as suite/mine/${name}` };
    const refusal = nameFault(
      name,
      source.keys(object).map((key) => key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)),
    );
    if (refusal) return { refusal };
    const test = `test/unit/cli/${words.join("/")}/${name}.test.ts`;
    return {
      files: [[test, failing(words, name)]],
      edits: [source.entry(object, `${camel(name)}: toggle("")`).needs("toggle", "../command.ts")],
      next: [
        `Say in ${path} what --${name} does, and give it the shape of its value (text, value, repeated, several).`,
        `Pass it on in the command's action to the use case in src/app/, with a test of what it changes there.`,
        `Fill in ${test}; it fails until help says what the flag does.`,
        "Help, completion and docs/reference/cli.md (npm run docs) follow from the data.",
      ],
    };
  },
};

const failing = (words, name) => `// \`bakeoff ${words.join(" ")} --${name}\`: what help says of it.
import { expect, it } from "vitest";
import { COMMANDS } from "${"../".repeat(words.length + 3)}src/cli/commands.ts";

it("says what it does", () => {
  const flag = COMMANDS["${words[0]}"]${words
    .slice(1)
    .map((word) => `.commands?.["${word}"]?`)
    .join("")}.flags["${camel(name)}"];
  expect(flag?.does, "what --${name} does: write it in src/cli/${words[0]}").not.toBe("");
});
`;
