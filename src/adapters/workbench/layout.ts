// The files of a prepared base, by its variant: what the loop's build sees, and what only the confirmation's does.
import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { matcher } from "../../core/base/glob.ts";
import { createRandom } from "../../core/base/random.ts";
import type { Base } from "../../core/suite/suite.ts";
import { readCode } from "../../core/rust/code.ts";
import { derivedTypes } from "../../core/rust/derived-types.ts";
import { readItems } from "../../core/rust/items.ts";
import { moduleDeclarations, withModulePlaces } from "../../core/rust/module-files.ts";
import { readCargoMessages } from "../../core/verdict/output/diagnostics.ts";
import { looksIntoParts } from "../../core/verdict/observed/assertions.ts";
import { observedOffset, preludeLine, withObservedForm } from "../../core/verdict/observed/form.ts";
import type { ObservedNames } from "../../core/verdict/observed/prelude.ts";
import type { Diagnostic, Span } from "../../core/verdict/verdict.ts";
import { dropTwins, type Instrumented, instrument } from "../../core/verdict/twins/sentinel.ts";
import type { InstrumentedFiles } from "../sandbox/inventory.ts";

/**
 * `loop`: exactly the tree that a model sees; hidden sources are empty, and nothing is added. `confirmation`: hidden tests under
 * secret names, each hidden file's observed form behind it, and twins. `apart`: of hidden files that hold tests their observed form
 * alone, so that no expected side of an assertion is in the program. Nothing of the last two's output is ever shown.
 */
export type Variant = "loop" | "confirmation" | "apart";

/**
 * Where hidden sources lie in the confirmation's tree: in a folder that no patch can name. Its declarations are put back after every
 * patch with this place in them, so that no `include!`, `include_str!` or `#[path]` of a patch leads to a held-out test.
 */
export interface SecretPlace {
  /** Folder below the workspace's root. */
  readonly folder: string;
  /** Workspace's root as a build sees it. */
  readonly root: string;
  /** Hidden sources that lie there, by their paths in the suite. */
  readonly moved: ReadonlySet<string>;
}

export interface Layout {
  /** Null: every source lies where the suite has it. */
  readonly secret: SecretPlace | null;
  readonly files: InstrumentedFiles;
  /** Null: no hidden file could be observed. */
  readonly observed: ObservedNames | null;
  /** Lines of hidden files, as written by the suite's author, whose assertions tell a bit only. */
  readonly plain: ReadonlyMap<string, ReadonlySet<number>>;
  /** Lines of hidden files on which values are seen as a whole only. */
  readonly whole: ReadonlyMap<string, ReadonlySet<number>>;
  /** Types of the base that compare and show themselves by their fields. */
  readonly derived: ReadonlySet<string>;
  /** Hidden files without an observed form. */
  readonly unobserved: ReadonlySet<string>;
}

const secretName = (): string => `x${randomBytes(6).toString("hex")}`;

export function layoutOf(base: Base, variant: Variant, root: string): Layout {
  const unworn = { plain: new Map(), whole: new Map(), unobserved: new Set<string>() };
  const none = { ...unworn, secret: null, files: new Map<string, Instrumented>(), observed: null, derived: new Set<string>() };
  if (variant === "loop") return none;
  const hidden = matcher(base.hidden);
  const files = new Map<string, Instrumented>();
  const secret = { folder: secretName(), root, moved: movableSources(base) };
  const derived = derivedTypes([...base.tree].flatMap(([path, content]) => (path.endsWith(".rs") && typeof content === "string" ? [content] : [])));
  const observed = { module: secretName(), record: secretName(), right: secretName() };
  const placed = { ...none, secret, files, observed, derived };
  if (variant === "apart") return placed;
  // A twin for each test: which change, and where it stands, is drawn anew for every prepared base.
  const draw = { maxTwins: Number.POSITIVE_INFINITY, random: createRandom(randomBytes(16).toString("hex")) };
  for (const [path, content] of base.tree) {
    if (!path.endsWith(".rs") || typeof content !== "string") continue;
    const file = instrument(content, { names: secretName, renameTests: hidden(path), ...draw });
    if (file.aliases.length + file.twins.length > 0) files.set(path, file);
  }
  return placed;
}

/** Hidden sources that a test-only declaration leads to, directly or by one of them. */
function movableSources(base: Base): ReadonlySet<string> {
  const hidden = matcher(base.hidden);
  const moved = new Set<string>();
  const follow = (path: string, source: string, isTrusted: boolean): void => {
    for (const { isTest, candidates } of moduleDeclarations(path, source)) {
      const file = candidates.find((one) => hidden(one) && typeof base.tree.get(one) === "string");
      if (file === undefined || moved.has(file) || !(isTest || isTrusted)) continue;
      // What it reads from beside itself would not be there.
      if (/\binclude(?:_str|_bytes)?\s*!/.test(String(base.tree.get(file)))) continue;
      moved.add(file);
      follow(file, String(base.tree.get(file)), true);
    }
  };
  for (const [path, content] of base.tree) if (path.endsWith(".rs") && typeof content === "string" && !hidden(path)) follow(path, content, false);
  return moved;
}

/** A source's text with the places of the hidden modules that it declares. */
function withSecretPlaces(path: string, text: string, { secret }: Layout): string {
  if (secret === null || secret.moved.size === 0) return text;
  const isMoved = secret.moved.has(path);
  return withModulePlaces(path, text, ({ isTest, candidates }) => {
    const file = isTest || isMoved ? candidates.find((one) => secret.moved.has(one)) : undefined;
    return file === undefined ? null : `${secret.root}/${secret.folder}/${file}`;
  });
}

/** Where a file of the base lies in the prepared tree. */
export const preparedPlace = ({ secret }: Layout, path: string): string => (secret?.moved.has(path) ? `${secret.folder}/${path}` : path);

const holdsTests = ([path, content]: readonly [string, unknown]) =>
  path.endsWith(".rs") && typeof content === "string" && readItems(readCode(content)).tests.length > 0;

/** Every source that holds tests, or says where they lie, by its place: no test may read what another expects. */
export function testSources(base: Base, variant: Variant, layout: Layout): string[] {
  // The loop's tree holds nothing that its model has not seen: a test finds its workspace as it is.
  if (variant === "loop") return [];
  const hidden = matcher(base.hidden);
  return [...base.tree]
    .filter((file) => hidden(file[0]) || holdsTests(file) || declaresMoved(file, layout))
    .map(([path]) => preparedPlace(layout, path))
    .toSorted();
}

const declaresMoved = ([path, content]: readonly [string, unknown], layout: Layout): boolean =>
  path.endsWith(".rs") && typeof content === "string" && withSecretPlaces(path, content, layout) !== content;

/** The tree's files as this variant has them on disk. */
export async function writeLayout(tree: string, base: Base, variant: Variant, layout: Layout): Promise<void> {
  const hidden = matcher(base.hidden);
  for (const [path, content] of base.tree) {
    const isHiddenSource = hidden(path) && path.endsWith(".rs") && typeof content === "string";
    if (variant === "loop" && hidden(path) && !isHiddenSource) continue;
    const place = join(tree, preparedPlace(layout, path));
    await mkdir(dirname(place), { recursive: true });
    const own = layout.files.get(path)?.source ?? content;
    const text = isHiddenSource ? hiddenText(path, { own: String(own), content, variant }, layout) : own;
    await writeFile(place, path.endsWith(".rs") && typeof text === "string" ? withSecretPlaces(path, text, layout) : text);
  }
}

function hiddenText(path: string, text: { readonly own: string; readonly content: string; readonly variant: Variant }, layout: Layout): string {
  if (text.variant === "loop") return "";
  const isApart = text.variant === "apart" && holdsTests([path, text.content]);
  const own = isApart ? "" : text.own;
  if (layout.observed === null || layout.unobserved.has(path) || (text.variant === "apart" && !isApart)) return own;
  const none = new Set<number>();
  const lines = { plain: layout.plain.get(path) ?? none, whole: layout.whole.get(path) ?? none };
  const how = { ...lines, derived: layout.derived, kind: isApart ? "apart" : "beside" } as const;
  return withObservedForm(own, text.content, layout.observed, how) ?? own;
}

/** Compiler output with the paths of hidden sources as the suite has them. */
export const asInSuite = ({ secret }: Layout, output: string): string => (secret === null ? output : output.replaceAll(`${secret.root}/${secret.folder}/`, ""));

/**
 * The layout without what compile errors point at: twins; lines of an observed form that do not compile (they tell their bit only);
 * at last the observed form of a file. Null where no error points at any of these: the base itself is at fault.
 */
export function withoutFailing(layout: Layout, stdout: string, textOf: (path: string) => string): Layout | null {
  // What fails in a macro of the observed form, fails for the assertion that calls it.
  const isPrelude = ({ path, line }: Span) => layout.observed !== null && preludeLine(textOf(path), layout.observed) === line;
  const errors = readCargoMessages(asInSuite(layout, stdout), isPrelude).diagnostics.filter(({ level }) => level === "error");
  const twins = withoutFailingTwins(layout.files, errors);
  const worn = { plain: new Map(layout.plain), whole: new Map(layout.whole), unobserved: new Set(layout.unobserved) };
  let changed = twins.dropped > 0;
  for (const [path, lines] of errorLines(errors)) changed = wornBy(worn, { layout, path, lines, text: textOf(path) }) || changed;
  return changed ? { ...layout, ...worn, files: twins.files } : null;
}

interface Worn {
  readonly plain: Map<string, ReadonlySet<number>>;
  readonly whole: Map<string, ReadonlySet<number>>;
  readonly unobserved: Set<string>;
}

interface FailedFile {
  readonly layout: Layout;
  readonly path: string;
  readonly lines: readonly number[];
  /** As it was compiled. */
  readonly text: string;
}

/** Takes from a file's observed form what does not compile: looking into a value first, then its value, then the whole form. Is there less of it now? */
function wornBy({ plain, whole, unobserved }: Worn, { layout: { observed }, path, lines, text }: FailedFile): boolean {
  const offset = observed === null || unobserved.has(path) ? null : observedOffset(text, observed);
  if (observed === null || offset === null) return false;
  const inside = lines.filter((line) => line > offset).map((line) => line - offset);
  if (inside.length === 0) return false;
  const own = text.split("\n").slice(offset);
  const [known, seenWhole] = [plain.get(path) ?? new Set<number>(), whole.get(path) ?? new Set<number>()];
  const looking = new Set(inside.filter((line) => !seenWhole.has(line) && looksIntoParts(own[line - 1] ?? "", observed)));
  const others = inside.filter((line) => !looking.has(line));
  // A line that was made plain already, or the prelude's own: the whole form is given up.
  if (others.some((line) => known.has(line))) unobserved.add(path);
  whole.set(path, new Set([...seenWhole, ...looking]));
  plain.set(path, new Set([...known, ...others]));
  return true;
}

function errorLines(errors: readonly Diagnostic[]): ReadonlyMap<string, readonly number[]> {
  const lines = new Map<string, number[]>();
  for (const { span } of errors) if (span) lines.set(span.path, [...(lines.get(span.path) ?? []), span.line]);
  return lines;
}

function withoutFailingTwins(files: InstrumentedFiles, errors: readonly Diagnostic[]): { readonly files: InstrumentedFiles; readonly dropped: number } {
  const text = errors.map(({ rendered }) => rendered).join("\n");
  const lines = errorLines(errors);
  let dropped = 0;
  const kept = new Map<string, Instrumented>();
  for (const [path, file] of files) {
    const failing = file.twins.filter((twin) => text.includes(twin.alias) || (lines.get(path) ?? []).some((line) => covers(file.source, twin, line)));
    dropped += failing.length;
    const aliases = failing.map(({ alias }) => alias);
    kept.set(path, dropTwins(file, aliases));
  }
  return { files: kept, dropped };
}

function covers(source: string, twin: { readonly start: number; readonly end: number }, line: number): boolean {
  const lineOf = (offset: number) => source.slice(0, offset).split("\n").length;
  return lineOf(twin.start) <= line && line <= lineOf(twin.end);
}
