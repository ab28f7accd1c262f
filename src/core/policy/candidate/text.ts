// The text of candidates.toml, with an entry more or less; every other byte stays as it was.
import { BakeoffError } from "../../base/errors.ts";

export interface CandidateEntry {
  readonly name: string;
  readonly provider: string;
  readonly model: string;
  readonly endpoint: string;
  readonly maxOutputTokens: number;
  readonly start: string;
}

const quoted = (text: string): string => JSON.stringify(text);

/** JSON's escapes are TOML's, too. */
export function withCandidate(text: string, entry: CandidateEntry): string {
  const lines = [
    "[[candidate]]",
    `name = ${quoted(entry.name)}`,
    `provider = ${quoted(entry.provider)}`,
    `model = ${quoted(entry.model)}`,
    `endpoint = ${quoted(entry.endpoint)}`,
    "temperature = 0.0",
    `max_output_tokens = ${entry.maxOutputTokens}`,
    'answer_format = "edits"',
    `start = ${quoted(entry.start)}`,
  ];
  return `${text.trimEnd()}\n\n${lines.join("\n")}\n`;
}

/** Comments above an entry belong to it. Throws `usage` where no entry has the name, or none that stands by itself. */
export function withoutCandidate(text: string, name: string): string {
  const parts = text.split(/(?<!^#.*\n)(?=^(?:#.*\n)*\[\[candidate\]\])/m);
  const isIts = (part: string): boolean =>
    part.includes("[[candidate]]") && new RegExp(`^name\\s*=\\s*["']${name.replaceAll(/[^\w-]/g, String.raw`\$&`)}["']`, "m").test(part);
  const kept = parts.filter((part) => !isIts(part));
  if (kept.length === parts.length) throw new BakeoffError("usage", `candidates.toml has no entry ${name}`, "bakeoff candidate list names them");
  return `${kept.join("").trimEnd()}\n`;
}
