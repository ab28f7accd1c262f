// The program's exit codes: every one that it ends with, and what it says to a script.

export type ExitName =
  | "done"
  | "bug"
  | "usage"
  | "written-file"
  | "environment"
  | "integrity"
  | "diverged"
  | "hold"
  | "inconclusive"
  | "happened"
  | "interrupted";

interface ExitCode {
  readonly code: number;
  readonly means: string;
}

/** In the order of their numbers. */
export const EXIT: Readonly<Record<ExitName, ExitCode>> = {
  done: { code: 0, means: "done; for `gate`: promote; for `replay`: what was claimed is proven" },
  bug: { code: 1, means: "unexpected error: a bug" },
  usage: { code: 2, means: "usage" },
  "written-file": { code: 3, means: "a file that a person wrote is wrong; all issues are listed as `file:line:column: what: way out`" },
  environment: { code: 4, means: "environment: no cargo, no sandbox, a server that is down, a disk that refuses; a run that learned nothing" },
  integrity: { code: 5, means: "integrity: a capsule or what it refers to does not verify" },
  diverged: { code: 6, means: "replay diverged from the record; the first divergence is named" },
  hold: { code: 10, means: "gate: hold" },
  inconclusive: { code: 11, means: "gate: inconclusive, with how many more tasks would settle it" },
  happened: { code: 12, means: "trend: what `--fail-on` names has happened" },
  interrupted: { code: 130, means: "interrupted; the run can be gone on with" },
};
