// Files as git revisions have them.

export type TextAtRevision =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false /** One sentence part: why there is no such text. */; readonly reason: string };

export interface Revisions {
  /** `name` is in `folder`. Outcomes are data; throws `usage` only for what can't be a revision at all. */
  read(folder: string, revision: string, name: string): Promise<TextAtRevision>;
  /** The state before the last commit that touched any of the files: a revision, or null if there is no such commit. */
  beforeLastChange(folder: string, names: readonly string[]): Promise<string | null>;
}
