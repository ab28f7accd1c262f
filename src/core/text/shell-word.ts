// A word as a shell reads it: what is printed for somebody to copy must run as it stands.

/** What no terminal may be sent, and no line can hold: control and format characters, line and paragraph separators. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** In quotes where it holds anything that a POSIX shell could take for more than a character. */
export function shellWord(word: string): string {
  if (/^[\w./@:=+-]+$/.test(word)) return word;
  if (word.search(UNPRINTABLE) < 0) return `'${word.replaceAll("'", String.raw`'\''`)}'`;
  // As bash, zsh and POSIX of 2024 read it.
  return `$'${word.replaceAll(/['\\]/g, String.raw`\$&`).replaceAll(UNPRINTABLE, inOctal)}'`;
}

const inOctal = (character: string): string => [...new TextEncoder().encode(character)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
