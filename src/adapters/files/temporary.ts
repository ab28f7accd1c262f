// The names that files have while they are written: beside their place, and no other process's.
let made = 0;

/** Two that write the same file at a time don't write into each other's: whoever is last gives it its content. */
export const temporaryBeside = (path: string): string => `${path}.${process.pid}-${(made += 1)}.new`;
