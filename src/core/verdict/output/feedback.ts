// Decides which compiler messages a model may see.
import type { Diagnostic } from "../verdict.ts";

/** Paths that a rendered message shows code of: its `--> path:line:column` and `::: path:line:column` lines. */
function shownPaths(rendered: string): string[] {
  return rendered.split("\n").flatMap((line) => {
    const place = line.trimStart();
    if (!place.startsWith("--> ") && !place.startsWith("::: ")) return [];
    const [path] = /^.*?(?=:\d+(?::\d+)?\s*$)/.exec(place.slice(4, 4100)) ?? [place.slice(4)];
    return [path.trim()];
  });
}

/**
 * The messages that reveal nothing of hidden files: not by their span, not in their text, not by a suggestion. `secrets` are
 * names that must not leak either, such as those of sentinels.
 */
export function visibleDiagnostics(diagnostics: readonly Diagnostic[], isHidden: (path: string) => boolean, secrets: readonly string[] = []): Diagnostic[] {
  return diagnostics.filter(({ span, message, rendered, suggestions }) => {
    const paths = [...(span === null ? [] : [span.path]), ...shownPaths(rendered), ...suggestions.map((one) => one.span.path)];
    const isSecret = secrets.some((secret) => rendered.includes(secret) || message.includes(secret));
    return !isSecret && !paths.some((path) => isHidden(path));
  });
}

/** Codes of the errors among the messages, sorted, each once; `none` stands for errors without a code. */
export function errorCodes(diagnostics: readonly Diagnostic[]): string[] {
  const codes = diagnostics.filter(({ level }) => level === "error").map(({ code }) => code);
  return [...new Set(codes)].toSorted();
}
