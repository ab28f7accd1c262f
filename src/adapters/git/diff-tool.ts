// Applies a model's unified diff with `git apply` in a scratch folder, and returns plain files only.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";
import { treeChanges } from "../../core/text/edit.ts";
import type { DiffTool } from "../../ports/workbench.ts";
import { readTree } from "../files/tree-files.ts";
import { runProcess } from "../sandbox/process.ts";

/** Strictly at first, then tolerantly: models often write wrong line counts and white space. */
const LADDER = [[], ["--recount", "--ignore-whitespace"]] as const;

export function gitDiffTool(signal: AbortSignal): DiffTool {
  return {
    apply: async (files, diff) => {
      const folder = await mkdtemp(join(tmpdir(), "bakeoff-diff-"));
      try {
        await layFiles(join(folder, "tree"), files);
        await writeFile(join(folder, "patch.diff"), diff.endsWith("\n") ? diff : `${diff}\n`);
        let detail = "";
        for (const flags of LADDER) {
          const end = await runProcess({
            command: ["git", "apply", ...flags, join(folder, "patch.diff")],
            env: { PATH: process.env["PATH"] ?? "", LANG: "C", GIT_CONFIG_NOSYSTEM: "1", HOME: folder, GIT_CEILING_DIRECTORIES: folder },
            cwd: join(folder, "tree"),
            timeoutMs: 10_000,
            signal,
          });
          if (end.missing) throw new BakeoffError("environment", "git can't be started", "install git (apt-get install git)");
          if (end.code === 0) return await takeBack(join(folder, "tree"), files);
          detail ||= end.stderr.trim().replaceAll(folder, "").slice(0, 400);
        }
        return { ok: false, detail: detail || "git apply refused it without a word" };
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

async function layFiles(root: string, files: ReadonlyMap<string, string>): Promise<void> {
  // A diff may only create, change and delete files.
  await mkdir(root, { recursive: true });
  for (const [path, content] of files) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
}

/** git accepts diffs that create links and binary files: a tree with anything but plain text files is refused as a whole. */
async function takeBack(root: string, files: ReadonlyMap<string, string>): ReturnType<DiffTool["apply"]> {
  const { tree, issues } = await readTree(root, new Set());
  const issue = issues[0];
  if (issue) return { ok: false, detail: `the diff makes ${issue.path.slice(root.length + 1)}, ${issue.message}` };
  const binary = [...tree].find(([, content]) => typeof content !== "string");
  if (binary) return { ok: false, detail: `the diff makes ${binary[0]} a file that is not text: change text files only` };
  const changes = treeChanges(files, tree);
  // A mode change or a submodule applies but changes no text.
  return changes.size === 0 ? { ok: false, detail: "the diff changes the text of no file" } : { ok: true, changes };
}
