// The building blocks of prompts: token estimates, cuts, and fences that the text within can't close.

const CHARS_PER_TOKEN = 3.5;
const MAX_BACKTICKS = 20;

/** An estimate, not a count: no tokenizer is asked. Never less for a text than for a part of it. */
export function estimateTokens(text: string): number {
  return Math.ceil(text.length / CHARS_PER_TOKEN);
}

function charsWithin(tokens: number): number {
  return Math.max(0, Math.floor(tokens * CHARS_PER_TOKEN));
}

/** The beginning of a text, whole lines where it can be, with a note of what was cut; empty where not even that fits. */
export function cutTo(text: string, tokens: number): string {
  return cutToChars(text, charsWithin(tokens));
}

function cutToChars(text: string, chars: number): string {
  if (text.length <= chars) return text;
  const room = chars - `\n… (cut: ${text.length} more characters)`.length;
  if (room <= 0) return "";
  const line = text.lastIndexOf("\n", room);
  const kept = text.slice(0, line > room / 2 ? line : room).toWellFormed();
  return `${kept}\n… (cut: ${text.length - kept.length} more characters)`;
}

/**
 * Text that a model or its code wrote, made harmless: no control characters, no chat-template tokens (`<|…|>`), no lone
 * surrogates, no run of backticks that a fence would have to outgrow without bound.
 */
export function harmless(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\P{Cc}\n\t]/gu, "")
    .replaceAll("<|", "< |")
    .replaceAll(/`{21,}/g, "`".repeat(MAX_BACKTICKS));
}

/** A fenced block whose fence is longer than any run of backticks within. */
export function fenced(text: string, language = ""): string {
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${text}${text.endsWith("\n") ? "" : "\n"}${fence}`;
}

/** A fenced block of harmless text that fits the tokens; empty where nothing of it does. */
export function fencedWithin(text: string, tokens: number): string {
  const clean = harmless(text);
  const fences = 2 * Math.max(3, longestRun(clean) + 1) + 2;
  const room = charsWithin(tokens) - fences;
  const kept = cutToChars(clean, room);
  return room < 0 || (kept === "" && clean !== "") ? "" : fenced(kept);
}

function longestRun(text: string): number {
  let longest = 0;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  return longest;
}

/** A titled piece of text that a model or its code wrote; without text, the title stands alone. */
export interface Part {
  readonly title: string;
  readonly text: string;
}

const MIN_PART_TOKENS = 60;

/** A heading and its parts, fenced, within the tokens: each has an equal share of what the ones before it left. */
export function listParts(heading: string, parts: readonly Part[], tokens: number): string {
  const shown = [heading];
  let left = tokens - estimateTokens(`${heading}\n\n… and ${parts.length} more`);
  for (const [index, part] of parts.entries()) {
    const share = Math.max(Math.floor(left / (parts.length - index)), Math.min(left, MIN_PART_TOKENS));
    const text = partWithin(part, share - 1);
    if (text === "") {
      shown.push(`… and ${parts.length - index} more`);
      break;
    }
    left -= estimateTokens(`\n\n${text}`);
    shown.push(text);
  }
  return cutTo(shown.join("\n\n"), tokens);
}

function partWithin({ title, text }: Part, tokens: number): string {
  const head = harmless(title).replaceAll("\n", " ");
  const room = tokens - estimateTokens(`${head}\n`);
  if (room < 0 || text === "") return room < 0 ? "" : head;
  const body = fencedWithin(text, room);
  return body === "" ? "" : `${head}\n${body}`;
}
