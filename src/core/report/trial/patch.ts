// An attempt's patch as people read it: a diff for each file, made of texts whose hashes the events name.
import type { Sha256 } from "../../base/canonical.ts";
import { contentHash } from "../../suite/suite.ts";
import { unifiedDiff } from "../../text/diff.ts";
import type { PatchApply } from "../../trial/events/patch-apply.ts";
import { shownFile, type StoredMessage } from "../../trial/prompt/shown-source.ts";
import { type CapsuleTexts, type ShownText, shownText } from "./shown-text.ts";

export interface PatchFilePage {
  readonly path: string;
  readonly how: PatchApply["patch_type"];
  /** Unified, without git's own head lines; the whole new file where what stood there before is unknown, which `note` then says. */
  readonly diff: ShownText;
  readonly note: string | null;
}

export interface PatchPage {
  /** Why nothing was applied; null where something was. */
  readonly refused: string | null;
  readonly files: readonly PatchFilePage[];
}

/** What an attempt's files were like before any attempt: every attempt starts from the broken tree. */
export type BrokenFile = (path: string, hash: Sha256) => string | null;

export function patchPage(patches: readonly PatchApply[], texts: CapsuleTexts, before: BrokenFile): PatchPage {
  const refused = patches.find(({ success }) => !success);
  return {
    refused: refused ? (refused.error ?? "not applied") : null,
    files: patches.flatMap((patch) => (patch.success ? [patchFile(patch, texts, before)] : [])),
  };
}

function patchFile(patch: PatchApply, texts: CapsuleTexts, before: BrokenFile): PatchFilePage {
  const { file_path: path, patch_type: how, before_hash: beforeHash, after_hash: afterHash } = patch;
  const after = afterHash === null ? { text: "" } : shownText(texts, afterHash, null);
  if ("missing" in after) return { path, how, diff: after, note: null };
  if (beforeHash === null) return { path, how, diff: { text: body(unifiedDiff(path, null, after.text)) }, note: null };
  const old = before(path, beforeHash);
  if (old !== null) return { path, how, diff: { text: body(unifiedDiff(path, old, afterHash === null ? null : after.text)) }, note: null };
  const note = "the file before the patch is not in the capsule: this is the whole file after it";
  return { path, how, diff: after, note };
}

/** From the first hunk on. */
const body = (diff: string): string => diff.slice(Math.max(0, diff.search(/^@@ /m)));

/** The files as the first prompts of a trial show them, else as `stored` has them; each by the hash that the event names. */
export function brokenFiles(prompts: readonly (readonly StoredMessage[])[], stored: BrokenFile): BrokenFile {
  const shown = prompts.flatMap((messages) => messages.filter(({ role }) => role === "user").map(({ content }) => content));
  return (path, hash) => {
    const matches = (text: string): boolean => contentHash(text) === hash;
    for (const content of shown) {
      const found = shownFile(content, path, matches);
      if (found !== null) return found;
    }
    const held = stored(path, hash);
    return held !== null && matches(held) ? held : null;
  };
}

export type GitPatch = { readonly text: string } | { readonly missing: string };

/** All files as one patch that `git apply` takes; why not, where a file before or after it is not in the capsule. */
export function gitPatch(files: readonly PatchFilePage[]): GitPatch {
  const parts: string[] = [];
  for (const { path, how, diff, note } of files) {
    if ("missing" in diff) return { missing: `${path}: ${diff.missing}` };
    if (note !== null) return { missing: `${path}: ${note}` };
    parts.push(gitHead(path, how, diff.text !== "") + diff.text);
  }
  return { text: parts.join("") };
}

const MODES: Readonly<Record<PatchApply["patch_type"], string>> = { create: "new file mode 100644\n", delete: "deleted file mode 100644\n", modify: "" };

function gitHead(path: string, how: PatchApply["patch_type"], hasHunks: boolean): string {
  const names = `--- ${how === "create" ? "/dev/null" : `a/${path}`}\n+++ ${how === "delete" ? "/dev/null" : `b/${path}`}\n`;
  return `diff --git a/${path} b/${path}\n${MODES[how]}${hasHunks ? names : ""}`;
}

/** For people: each file's diff, fenced. */
export function patchText({ refused, files }: PatchPage): string {
  const fence = "````";
  const shown = files.map(({ path, diff, note }) => {
    const text = "text" in diff ? diff.text : diff.missing;
    return `${path}${note === null ? "" : ` (${note})`}\n${fence}diff\n${text}\n${fence}`;
  });
  return [...(refused === null ? [] : [`not applied: ${refused}`]), ...shown].join("\n\n") || "the answer changes nothing";
}
