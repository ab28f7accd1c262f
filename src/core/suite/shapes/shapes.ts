// The shapes of tasks made elsewhere that can be imported, and those that a suite can be exported in. Help, hints and the importers derive from this registry.

interface ImportShape {
  /** What the source is, as help says it. */
  readonly source: string;
  /** What is read of it, in Markdown: its row in docs/SUITE_FORMAT.md. */
  readonly form: string;
  /** The commits of its tasks are in a git repository that the user names. */
  readonly needsRepository: boolean;
}

export type ShapeName = "swe-bench" | "exercism" | "harbor";

export const SHAPES: Readonly<Record<ShapeName, ImportShape>> = {
  "swe-bench": {
    source: "SWE-bench-style JSON lines",
    form: "JSON lines, or one array: `instance_id`, `base_commit` (hexadecimal), `patch`, `test_patch`, `problem_statement`, `FAIL_TO_PASS`, `PASS_TO_PASS` (arrays, or JSON texts of arrays). Tests are named by module path, with or without crate, or by whole identity",
    needsRepository: true,
  },
  exercism: {
    source: "Exercism exercises",
    form: "folders with `.meta/config.json` (`files.solution`, `files.test`, `files.example` or `files.exemplar`); `.meta/Cargo-example.toml` stands for the manifest where it is there; all tests are switched on",
    needsRepository: false,
  },
  harbor: {
    source: "Harbor or Terminal-Bench folders",
    form: "folders with `task.toml`, `instruction.md`, `environment/`, `solution/` (`*.rs`, `*.patch`, `*.diff`, or a `solve.sh` that only writes files by `cat <<'EOF'` and applies diffs), `tests/*.rs`; or Terminal-Bench's `task.yaml` and `solution.sh`",
    needsRepository: false,
  },
};

export const SHAPE_NAMES = Object.keys(SHAPES) as ShapeName[];

export type ExportFormat = "swe-bench" | "harbor";

/** The shapes that a suite can be written in for others, and what each is. */
export const EXPORT_SHAPES: Readonly<Record<ExportFormat, string>> = {
  "swe-bench": "SWE-bench-style JSON lines, with the commits that they name as a git stream",
  harbor: "a folder a task for Harbor: its verifier runs apart from the agent and asks this program",
};

export const EXPORT_FORMATS = Object.keys(EXPORT_SHAPES) as ExportFormat[];
