// Files as git has them, for use cases that compare with a revision.
import { beforeLastChange, readAtRevision } from "../../../adapters/git/revision.ts";
import type { Revisions } from "../../../ports/revisions.ts";

const { signal } = new AbortController();

export const gitRevisions: Revisions = {
  read: (folder, revision, name) => readAtRevision(folder, revision, name, signal),
  beforeLastChange: (folder, names) => beforeLastChange(folder, names, signal),
};
