// Writes a draft suite as the files of our own format: what `suite mutate`, `mine` and `import` end with.
import type { Content, Tree } from "../../text/edit.ts";
import type { WrittenSuite, WrittenTask } from "../schema.ts";

export interface DraftBase {
  readonly name: string;
  /** Folder below the suite, for example `base`. */
  readonly path: string;
  readonly hidden: readonly string[];
  readonly protected: readonly string[];
  /** Globs of tests that are not judged. */
  readonly aside?: readonly string[];
  /** Lints that only warn. */
  readonly warn?: readonly string[];
  readonly features?: readonly string[];
  /** Members of the workspace; none: all. */
  readonly packages?: readonly string[];
  readonly tree: Tree;
  /** Name of the base that this one lies over; `tree` then holds only what differs, and `removed` the paths that are gone. */
  readonly from?: string;
  readonly removed?: readonly string[];
}

/** Tasks are in the written form already (docs/SUITE_FORMAT.md); `extra` are files beside them, such as `suite.md`. */
export interface DraftSuite {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly dependencies: WrittenSuite["dependencies"];
  readonly defaults: WrittenSuite["defaults"];
  readonly bases: readonly DraftBase[];
  readonly tasks: readonly WrittenTask[];
  readonly extra?: ReadonlyMap<string, string>;
}

/** Every file of the suite by its path below the suite's folder, in path order. The same draft gives the same bytes. */
export function renderSuite(draft: DraftSuite): ReadonlyMap<string, Content> {
  const files: [string, Content][] = [
    ["suite.toml", renderSuiteFile(draft)],
    ...draft.bases.flatMap((base) => [...base.tree].map(([path, content]): [string, Content] => [`${base.path}/${path}`, content])),
    ...draft.tasks.map((task): [string, Content] => [`tasks/${task.id}.toml`, renderTask(task)]),
    ...(draft.extra ?? []),
  ];
  return new Map(files.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

function renderSuiteFile(draft: DraftSuite): string {
  const head = pairs({
    format: 1,
    name: draft.name,
    version: draft.version,
    description: draft.description,
    dependencies: draft.dependencies,
  });
  const bases = draft.bases.map(({ name, path, from, removed = [], features = [], packages = [], hidden, protected: locked, aside = [], warn = [] }) => {
    const layer = from === undefined ? {} : { from, ...(removed.length > 0 ? { removed } : {}) };
    const more = {
      ...(features.length > 0 ? { features } : {}),
      ...(packages.length > 0 ? { packages } : {}),
      hidden,
      protected: locked,
      ...(aside.length > 0 ? { aside } : {}),
      ...(warn.length > 0 ? { warn } : {}),
    };
    return `\n[[base]]\n${pairs({ name, path, ...layer, ...more })}`;
  });
  return `${head}${bases.join("")}\n[defaults]\n${pairs(draft.defaults)}`;
}

/** One task's file. */
export function renderTask(task: WrittenTask): string {
  const { break: breaks, solution, compile_timeout_s, test_timeout_s, base, family, ...facts } = task;
  const head = pairs({
    format: facts.format,
    id: facts.id,
    title: facts.title,
    kind: facts.kind,
    risk: facts.risk,
    area: facts.area,
    tags: facts.tags,
    ...(facts.kind === "compile" ? { error_codes: facts.error_codes } : {}),
    instruction: facts.instruction,
    ...(base === undefined ? {} : { base }),
    ...(family === undefined ? {} : { family }),
    editable: facts.editable,
    ...(facts.protected.length > 0 ? { protected: facts.protected } : {}),
    fail_to_pass: facts.fail_to_pass,
    ...(isEverything(facts.pass_to_pass) ? {} : { pass_to_pass: facts.pass_to_pass }),
    held_out: facts.held_out,
    ...(compile_timeout_s === undefined ? {} : { compile_timeout_s }),
    ...(test_timeout_s === undefined ? {} : { test_timeout_s }),
  });
  return `${head}${edits("break", breaks)}${edits("solution", solution ?? [])}`;
}

const isEverything = (globs: readonly string[]): boolean => globs.length === 1 && globs[0] === "**";

const edits = (name: string, list: WrittenTask["break"]): string => list.map((edit) => `\n[[${name}]]\n${pairs(edit)}`).join("");

type Value = string | number | readonly string[];

const pairs = (table: Readonly<Record<string, Value>>): string =>
  Object.entries(table)
    .map(([key, value]) => `${key} = ${tomlValue(value)}\n`)
    .join("");

function tomlValue(value: Value): string {
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return tomlString(value);
  const items = value.map(quoted);
  const line = `[${items.join(", ")}]`;
  return line.length <= 120 ? line : `[\n${items.map((item) => `    ${item},\n`).join("")}]`;
}

/** Code reads best as a literal; what a literal can't hold (`'''`, a carriage return, control characters) is escaped. */
export function tomlString(text: string): string {
  const isLiteral = !text.includes("'''") && !text.endsWith("'") && ![...text].some(isControl);
  const wantsLines = text.includes("\n") || /["\\]/.test(text);
  return isLiteral && wantsLines ? `'''\n${text}'''` : quoted(text);
}

const isControl = (char: string): boolean => (char < " " && char !== "\n" && char !== "\t") || char === "\u007f";

/** A basic string: JSON's escapes are TOML's too, but for the delete character. */
const quoted = (text: string): string => JSON.stringify(text).replaceAll("\u007f", String.raw`\u007F`);
