// Single text files by their paths, as use cases read and replace them.

export interface TextFiles {
  /** Null where it can't be read. */
  read(path: string): Promise<string | null>;
  /** Whole or not at all; makes the folders above it. Throws `environment` where the disk refuses. */
  write(path: string, text: string): Promise<void>;
  exists(path: string): Promise<boolean>;
  /** The path as people are shown it: as seen from the working folder. */
  shown(path: string): string;
}
