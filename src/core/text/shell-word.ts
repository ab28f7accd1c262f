// A word as a shell reads it: what is printed for somebody to copy must run as it stands.

/** In single quotes where it holds anything that a POSIX shell could take for more than a character. */
export const shellWord = (word: string): string => (/^[\w./@:=+-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`);
