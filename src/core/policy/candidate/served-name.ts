// Is a name that a server gives to a model the one that was asked for? Servers decorate names; another model is another name.

/** `2025-12-11` or `20251211`, as providers date their snapshots. */
const DATED = /-20\d{2}(-?)(0[1-9]|1[0-2])\1(0[1-9]|[12]\d|3[01])$/;

interface Name {
  /** Whose model it is: `openai` of `openai/gpt-oss-20b`. */
  readonly path: readonly string[];
  readonly base: string;
  readonly date: string | null;
  readonly revision: string | null;
}

/** The same model, but for what only one of the names tells: who published it, its revision (`@main`), its date, its file's ending. */
export function isSameModel(asked: string, named: string): boolean {
  const [one, other] = [nameOf(asked), nameOf(named)];
  return one.base === other.base && agree(one.date, other.date) && agree(one.revision, other.revision) && endAlike(one.path, other.path);
}

/** What only one of them tells is no difference. */
const agree = (one: string | null, other: string | null): boolean => one === null || other === null || one === other;

function nameOf(text: string): Name {
  const [whole = "", revision = null] = text.split("@");
  const path = whole.split("/");
  const last = (path.pop() ?? "").replace(/\.gguf$/i, "");
  const date = DATED.exec(last)?.[0] ?? null;
  return { path, base: date === null ? last : last.slice(0, -date.length), date: date?.replaceAll("-", "") ?? null, revision };
}

/** `openrouter/openai` and `openai`, or any and none. */
function endAlike(one: readonly string[], other: readonly string[]): boolean {
  const shared = Math.min(one.length, other.length);
  return shared === 0 || one.slice(-shared).join("/") === other.slice(-shared).join("/");
}

/** Does a name fit one of the patterns? `*` stands for anything. */
export function fitsPattern(patterns: readonly string[], named: string): boolean {
  return patterns.some((pattern) => {
    const [first = "", ...parts] = pattern.split("*");
    const last = parts.pop();
    if (last === undefined) return named === pattern;
    if (!named.startsWith(first) || named.length < first.length + last.length || !named.endsWith(last)) return false;
    let from = first.length;
    const end = named.length - last.length;
    return parts.every((part) => {
      const at = named.indexOf(part, from);
      from = at + part.length;
      return at >= 0 && from <= end;
    });
  });
}
