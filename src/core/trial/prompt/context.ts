// A task's source context: its editable files, and what else the errors point at, verbatim and within a token budget.
import { matcher } from "../../base/glob.ts";
import { mayEdit, type Task } from "../../suite/suite.ts";
import type { Tree } from "../../text/edit.ts";
import type { Diagnostic } from "../../verdict/verdict.ts";
import { estimateTokens, fenced } from "./text.ts";

export interface ContextInput {
  readonly task: Task;
  /** The broken tree. */
  readonly tree: Tree;
  readonly diagnostics: readonly Diagnostic[];
  /** Output of failed visible tests: the places that it names count as error places. */
  readonly testOutputs: readonly string[];
  readonly tokens: number;
}

interface SourceFile {
  readonly path: string;
  readonly content: string;
  /** 1-based lines that errors point at, in the order of the errors. */
  readonly places: readonly number[];
}

const MAX_PLACES_PER_FILE = 40;
const MAX_PLACES = 400;
const MAX_PATH_CHARS = 400;
const MAX_NOT_SHOWN = 10;
/** Less than this around an error says nothing. */
const MIN_WINDOW_TOKENS = 40;
/** Less than this of a file that no error points at says nothing, unless there is nothing else. */
const MIN_HEAD_TOKENS = 300;

/**
 * Editable files that errors point at come first, then the other editable ones, then the rest that errors point at; each
 * whole where it fits, else windows of lines around the places. Hidden files never. The estimate of the text is within
 * `tokens`. Line numbers stand in headers only, so that a model can copy text exactly.
 */
export function sourceContext(input: ContextInput): string {
  const places = errorPlaces(input);
  const editable = mayEdit(input.task);
  const files = visibleFiles(input, places);
  const groups = [
    files.filter(({ path }) => editable(path) && places.has(path)),
    files.filter(({ path }) => editable(path) && !places.has(path)),
    files.filter(({ path }) => !editable(path) && places.has(path)),
  ];
  let left = input.tokens;
  const shown = groups.flatMap((group) => {
    const blocks = groupBlocks(group, left);
    for (const block of blocks) left -= estimateTokens(`${block}\n\n`);
    return blocks.map((block, index) => ({ block, path: group[index]?.path ?? "" }));
  });
  const missing = shown.filter(({ block }) => block === "").map(({ path }) => path);
  const note = missing.length > 0 ? notShown(missing) : "";
  return [...shown.map(({ block }) => block), estimateTokens(note) <= left ? note : ""].filter((block) => block !== "").join("\n\n");
}

function notShown(paths: readonly string[]): string {
  const more = paths.length - MAX_NOT_SHOWN;
  return `Not shown, for want of room: ${paths.slice(0, MAX_NOT_SHOWN).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function visibleFiles({ task, tree }: ContextInput, places: ReadonlyMap<string, readonly number[]>): SourceFile[] {
  const isHidden = matcher(task.base.hidden);
  const order = [...places.keys()];
  const rank = (path: string): number => (places.has(path) ? order.indexOf(path) : order.length);
  return [...tree]
    .flatMap(([path, content]) => (typeof content === "string" && !isHidden(path) ? [{ path, content, places: places.get(path) ?? [] }] : []))
    .toSorted((a, b) => rank(a.path) - rank(b.path) || (a.path < b.path ? -1 : 1));
}

/** Path → lines that errors name, in the order in which errors name them. */
function errorPlaces({ diagnostics, testOutputs, tree }: ContextInput): Map<string, number[]> {
  const named = [...diagnostics.flatMap(({ span, rendered }) => [...(span ? [span] : []), ...placesIn(rendered)]), ...testOutputs.flatMap(placesIn)].slice(
    0,
    MAX_PLACES,
  );
  const places = new Map<string, number[]>();
  for (const { path, line } of named) {
    if (!tree.has(path)) continue;
    const lines = places.get(path) ?? [];
    if (lines.length < MAX_PLACES_PER_FILE && !lines.includes(line)) lines.push(line);
    places.set(path, lines);
  }
  return places;
}

/** `path.rs:12` wherever a text says so, as rustc's arrows and panics do. */
function placesIn(text: string): { path: string; line: number }[] {
  const places: { path: string; line: number }[] = [];
  for (let at = text.indexOf(".rs:"); at >= 0 && places.length < MAX_PLACES; at = text.indexOf(".rs:", at + 4)) {
    const digits = /^\d{1,7}/.exec(text.slice(at + 4, at + 11))?.[0];
    let start = at;
    while (start > 0 && at - start < MAX_PATH_CHARS && /[\w./-]/.test(text[start - 1] ?? "")) start -= 1;
    if (digits !== undefined) places.push({ path: text.slice(start, at + 3), line: Number(digits) });
  }
  return places;
}

/** One block a file, in order, "" for what finds no room. Small files take what they need; larger ones share the rest. */
function groupBlocks(files: readonly SourceFile[], tokens: number): string[] {
  const whole = files.map((file) => sourceBlock(file, 1, Infinity));
  const cost = whole.map((text) => estimateTokens(`${text}\n\n`));
  const blocks = files.map(() => "");
  const bySize = [...files.keys()].toSorted((a, b) => (cost[a] ?? 0) - (cost[b] ?? 0) || a - b);
  let left = tokens;
  for (const [done, index] of bySize.entries()) {
    const file = files[index];
    if (!file) continue;
    const least = file.places.length > 0 ? MIN_WINDOW_TOKENS : Math.min(MIN_HEAD_TOKENS, tokens);
    const share = Math.max(Math.floor(left / (bySize.length - done)), Math.min(left, least));
    const text = (cost[index] ?? 0) <= share ? (whole[index] ?? "") : share >= least ? windows(file, share) : "";
    blocks[index] = text;
    if (text !== "") left -= estimateTokens(`${text}\n\n`);
  }
  return blocks;
}

/** Windows around a file's places, as wide as the tokens allow; around fewer places where all are too many. */
function windows(file: SourceFile, tokens: number): string {
  if (tokens < MIN_WINDOW_TOKENS) return "";
  const lineCount = file.content.split("\n").length;
  const places = (file.places.length > 0 ? file.places : [1]).map((place) => Math.min(place, lineCount));
  for (let count = places.length; count > 0; count = Math.floor(count / 2)) {
    const text = widest(file, places.slice(0, count), { tokens, lineCount });
    if (text !== "") return text;
  }
  return "";
}

function widest(file: SourceFile, places: readonly number[], { tokens, lineCount }: { tokens: number; lineCount: number }): string {
  let best = "";
  for (let low = 0, high = lineCount; low <= high; ) {
    const radius = Math.floor((low + high) / 2);
    const text = ranges(places, radius, lineCount)
      .map(([from, to]) => sourceBlock(file, from, to))
      .join("\n\n");
    const fits = estimateTokens(`${text}\n\n`) <= tokens;
    if (fits) best = text;
    if (fits) low = radius + 1;
    else high = radius - 1;
  }
  return best;
}

/** Line ranges around places, in file order; those that touch are one. */
function ranges(places: readonly number[], radius: number, lineCount: number): [number, number][] {
  const merged: [number, number][] = [];
  for (const place of places.toSorted((a, b) => a - b)) {
    const from = Math.max(1, place - radius);
    const to = Math.min(lineCount, place + radius);
    const last = merged.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

function sourceBlock({ path, content }: SourceFile, from: number, to: number): string {
  const lines = content.split("\n");
  const count = content.endsWith("\n") ? lines.length - 1 : lines.length;
  const isWhole = from <= 1 && to >= count;
  const text = isWhole ? content : lines.slice(from - 1, to).join("\n");
  return `### ${path}${isWhole ? "" : `, lines ${from}–${Math.min(to, count)} of ${count}`}\n${fenced(text, "rust")}`;
}
