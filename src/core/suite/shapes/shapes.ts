// The shapes of tasks made elsewhere that can be imported, and those that a suite can be exported in. Help, hints and the importers derive from this registry.

interface ImportShape {
  /** What the source is, as help says it. */
  readonly source: string;
  /** The commits of its tasks are in a git repository that the user names. */
  readonly needsRepository: boolean;
}

export type ShapeName = "swe-bench" | "exercism" | "harbor";

export const SHAPES: Readonly<Record<ShapeName, ImportShape>> = {
  "swe-bench": { source: "SWE-bench-style JSON lines", needsRepository: true },
  exercism: { source: "Exercism exercises", needsRepository: false },
  harbor: { source: "Harbor or Terminal-Bench folders", needsRepository: false },
};

export const SHAPE_NAMES = Object.keys(SHAPES) as ShapeName[];

/** The shapes that a suite can be written in for others. */
export const EXPORT_FORMATS = ["swe-bench"] as const;

export type ExportFormat = (typeof EXPORT_FORMATS)[number];
