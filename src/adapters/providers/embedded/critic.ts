// The SidecarCritic's stand-in: what clippy says about the files that the last patch changed.
import type { Changes } from "../../../core/text/edit.ts";
import type { Diagnostic } from "../../../core/verdict/verdict.ts";
import type { Material, ModelFailure } from "../../../ports/models.ts";
import type { Workbench } from "../../../ports/workbench.ts";

const NAMED = 5;

/** The outcome part of an embedded program's reply. */
export type EmbeddedOutcome =
  | { readonly outcome: "answered"; readonly text: string }
  | { readonly outcome: "failed"; readonly failure: ModelFailure; readonly detail: string };

/** The counter signal as JSON: always advisory, since lints are opinions. Fails if clippy is missing. */
export async function clippyCritique(workbench: Pick<Workbench, "lint">, { task, lastChanges }: Material, signal: AbortSignal): Promise<EmbeddedOutcome> {
  const changes: Changes = lastChanges ?? new Map();
  const lint = await workbench.lint({ task, changes }, signal);
  if (lint.outcome === "unavailable") return { outcome: "failed", failure: "model-not-found", detail: `clippy is not available: ${lint.detail}` };
  const lints = lint.diagnostics.filter(({ span }) => span !== null && changes.has(span.path));
  return { outcome: "answered", text: JSON.stringify({ severity: "advisory", kind: "other", message: messageOf(lints), evidence_ref: null }) };
}

function messageOf(lints: readonly Diagnostic[]): string {
  if (lints.length === 0) return "Stand-in clippy: no lints in the changed files.";
  const shown = lints.slice(0, NAMED).map(describe).join("; ");
  const more = lints.length > NAMED ? `; and ${lints.length - NAMED} more` : "";
  return `Stand-in clippy: ${lints.length} in the changed files: ${shown}${more}.`;
}

function describe({ code, message, span }: Diagnostic): string {
  const place = span === null ? "" : ` at ${span.path}:${span.line}`;
  return `${code}${place} (${message.split("\n", 1)[0] ?? ""})`;
}
