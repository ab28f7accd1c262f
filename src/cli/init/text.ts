// What `bakeoff init` prints: what was written, what was found, and the commands that go on from there.
import type { FoundServer, InitialisedHome } from "../../app/init/init.ts";
import type { Places } from "../../app/places.ts";
import { shellWord } from "../../core/text/shell-word.ts";
import type { Ink } from "../text/ink.ts";

export function initText(
  { home, written, kept, facts, proposals, suite, suiteIsThere, servers }: InitialisedHome,
  { calledAs, shown }: Pick<Places, "calledAs" | "shown">,
  ink: Ink,
): string {
  const { crates, tests, lines, commits } = facts;
  const call = (words: string): string => `  ${calledAs} ${words}`;
  return [
    `${ink.bold(shown(home))}: ${written.length} files written${kept.length === 0 ? "" : `, ${kept.length} were there and are as they were`}`,
    ...written.filter((path) => !path.startsWith(`${home}/policy/`)).map((path) => ink.dim(`  ${shown(path)}`)),
    `${crates.length === 0 ? "no crate" : crates.slice(0, 10).join(", ")}: ${lines} lines of Rust, ${tests} tests, ${commits} commits`,
    "",
    ...(suiteIsThere ? [`The suite ${suite} is there, and is as it was.`] : []),
    ...(proposals.length === 0
      ? ["No test here could judge a task: write some first."]
      : [suiteIsThere ? "Another suite of your own code:" : "A suite of your own code:"]),
    ...proposals.map(({ command, why }) => `${call(command)}\n${ink.dim(`      ${why}`)}`),
    ...(servers.length === 0
      ? ["No model server answers on this machine; when one does:", call("candidate add NAME --endpoint URL")]
      : servers.flatMap((server) => offers(server, call))),
    "Then:",
    call(`run --suite ${suite}`),
    "",
  ].join("\n");
}

const offers = ({ endpoint, models }: FoundServer, call: (words: string) => string): readonly string[] => [
  `A server answers at ${endpoint}:`,
  ...models.map((model) => call(`candidate add ${candidateName(model)} --endpoint ${endpoint} --model ${shellWord(model)}`)),
];

/** `Qwen/Qwen3-Coder-30B:latest` → `qwen3-coder-30b-latest`. */
export const candidateName = (model: string): string =>
  (model.split("/").at(-1) ?? "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, "-")
    .replace(/^[^a-z0-9]+/, "")
    .slice(0, 100) || "candidate";
