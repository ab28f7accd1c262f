// The files of an attempt as its patch left them, from its events.
import type { Sha256 } from "../base/canonical.ts";
import type { Changes } from "../text/edit.ts";
import type { TrialEvent } from "./event.ts";

/** Null where a text is not there. A deleted file has no content. */
export function patchedFiles(events: readonly TrialEvent[], text: (hash: Sha256) => string | null): Changes | null {
  const changes = new Map<string, string | null>();
  for (const { file_path: path, after_hash: hash } of events.filter((event) => event.type === "PatchApply")) {
    const content = hash === null ? null : text(hash);
    if (hash !== null && content === null) return null;
    changes.set(path, content);
  }
  return changes;
}
