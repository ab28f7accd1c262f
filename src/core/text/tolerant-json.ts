// JSON read as a person reads it: a comma before a closing bracket and a raw line break in a text are taken for what was meant.

/** What JSON forbids and this reader takes. */
export type JsonSlip = "a trailing comma" | "a raw line break in a text";

export type TolerantJson =
  | { readonly ok: true; readonly value: unknown /** The offset behind the value. */; readonly end: number; readonly slips: ReadonlySet<JsonSlip> }
  | {
      readonly ok: false;
      /** The offset of what does not fit. */
      readonly at: number;
      /** What should stand there, as words of a sentence. */
      readonly expected: string;
      /** At least one member's name and colon were read: this was meant to be an object. */
      readonly began: boolean;
    };

/** Deeper than any answer; also bounds the recursion. */
const MAX_DEPTH = 64;
const SPACE = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** Stands in a text as it is: neither its quote, nor an escape, nor a control character that is no white space. */
const isPlain = (code: number): boolean => code !== 0x22 && code !== 0x5c && (code >= 0x20 || code === 0x09 || code === 0x0a || code === 0x0d);
const ESCAPES: Readonly<Record<string, string>> = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
const LITERALS = [
  ["true", true],
  ["false", false],
  ["null", null],
] as const;

/** Reads the object that begins at `start`; what follows it is not looked at. The same on every engine, which `JSON.parse`'s messages are not. */
export function readTolerantJson(text: string, start: number): TolerantJson {
  const reader = new JsonReader(text, start);
  const value = reader.value(0);
  const { offset, expected, began, slips } = reader;
  return expected === null ? { ok: true, value, end: offset, slips } : { ok: false, at: offset, expected, began };
}

/** Stops at the first fault: from then on nothing moves. (Throwing would cost more than all the rest where every brace is a fault.) */
class JsonReader {
  readonly slips = new Set<JsonSlip>();
  began = false;
  offset: number;
  /** What should stand at the offset; null as long as all fits. */
  expected: string | null = null;
  private readonly text: string;

  constructor(text: string, offset: number) {
    this.text = text;
    this.offset = offset;
  }

  value(depth: number): unknown {
    if (depth > MAX_DEPTH) return this.miss("no deeper value");
    const char = this.text[this.offset];
    if (char === "{") return this.object(depth);
    if (char === "[") return this.list(depth);
    if (char === '"') return this.string();
    for (const [word, value] of LITERALS) if (this.text.startsWith(word, this.offset)) return this.skip(word.length, value);
    const number = this.match(NUMBER);
    return number === "" ? this.miss("a value") : Number(number);
  }

  private object(depth: number): unknown {
    const members: [string, unknown][] = [];
    this.parts("}", () => {
      if (this.text[this.offset] !== '"') return this.miss('a name in quotes or "}"');
      const name = this.string();
      this.space();
      if (!this.take(":", '":"')) return;
      this.began = true;
      this.space();
      members.push([name, this.value(depth + 1)]);
    });
    return Object.fromEntries(members);
  }

  private list(depth: number): unknown {
    const items: unknown[] = [];
    this.parts("]", () => items.push(this.value(depth + 1)));
    return items;
  }

  /** Parts between commas, from the opening bracket to behind the closing one. */
  private parts(close: "}" | "]", part: () => void): void {
    this.offset += 1;
    this.space();
    for (let isFirst = true; this.expected === null && this.text[this.offset] !== close; isFirst = false) {
      if (!isFirst) {
        if (!this.take(",", `"," or "${close}"`)) return;
        this.space();
        if (this.text[this.offset] === close) {
          this.slips.add("a trailing comma");
          break;
        }
      }
      part();
      this.space();
    }
    if (this.expected === null) this.offset += 1;
  }

  private string(): string {
    this.offset += 1;
    let value = "";
    while (this.expected === null) {
      const plain = this.plain();
      if (/[\t\r\n]/.test(plain)) this.slips.add("a raw line break in a text");
      value += plain;
      const char = this.text[this.offset];
      if (char === '"') return this.skip(1, value);
      if (char === "\\") value += this.escape();
      else this.miss("the text's closing quote");
    }
    return value;
  }

  private escape(): string {
    const code = /^u([0-9a-fA-F]{4})/.exec(this.text.slice(this.offset + 1, this.offset + 6))?.[1];
    if (code !== undefined) return this.skip(6, String.fromCharCode(Number.parseInt(code, 16)));
    const char = ESCAPES[this.text[this.offset + 1] ?? ""];
    if (char !== undefined) return this.skip(2, char);
    this.miss("an escape that JSON has (a backslash is written as two)");
    return "";
  }

  private miss(expected: string): void {
    this.expected ??= expected;
  }

  private take(char: string, expected: string): boolean {
    if (this.expected !== null) return false;
    if (this.text[this.offset] === char) this.offset += 1;
    else this.miss(expected);
    return this.expected === null;
  }

  private space(): void {
    if (this.expected === null) this.match(SPACE);
  }

  private plain(): string {
    const start = this.offset;
    while (this.offset < this.text.length && isPlain(this.text.charCodeAt(this.offset))) this.offset += 1;
    return this.text.slice(start, this.offset);
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.offset;
    const [found = ""] = pattern.exec(this.text) ?? [];
    this.offset += found.length;
    return found;
  }

  private skip<T>(count: number, value: T): T {
    this.offset += count;
    return value;
  }
}
