// Single text files by their paths, as use cases read and replace them.

export interface TextFiles {
  /** Null where it can't be read. */
  read(path: string): Promise<string | null>;
  /** Whole or not at all; makes the folders above it. Throws `environment` where the disk refuses. */
  write(path: string, text: string): Promise<void>;
  /** The same for what is no text. */
  writeBytes(path: string, bytes: Uint8Array): Promise<void>;
  exists(path: string): Promise<boolean>;
  /** The path as people are shown it: as seen from the working folder. */
  shown(path: string): string;
}

/** A file that appears whole or not at all. Throws `environment` where the disk refuses. */
export interface NewTextFile {
  text(text: string): void;
  /** Syncs the file; it has no name yet. */
  sync(): void;
  /** Syncs the file and gives it its name. */
  commit(): void;
  /** Removes the temporary file; does nothing after a commit. */
  discard(): void;
}

/** Files that are written part by part. */
export interface NewFiles {
  /** With those above it. */
  makeFolder(folder: string): Promise<void>;
  create(path: string): NewTextFile;
  /** One of very many beside it, whose folder is made: nothing waits for the disk until it has its name. */
  createPage(path: string): NewTextFile;
  /** Commits files of one folder that belong together: those of another writer come all before or all after. */
  commitAll(files: Iterable<NewTextFile>, folder: string): Promise<void>;
}
