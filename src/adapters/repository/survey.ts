// What a first look at a repository tells, without cargo: its crates, its tests, its lines, its commits.
import type { Tree } from "../../core/text/edit.ts";
import { runGit } from "../git/git.ts";
import { gitState } from "./git-state.ts";
import { readPlainFiles, walkFolder } from "./tree-copy.ts";

export interface Survey {
  readonly crates: readonly string[];
  readonly tests: number;
  readonly lines: number;
  readonly commits: number;
}

export async function surveyRepository(folder: string, signal: AbortSignal): Promise<Survey> {
  const git = await gitState(folder, signal);
  const wanted = (git?.paths ?? (await walkFolder(folder))).filter((path) => path.endsWith(".rs") || /(^|\/)Cargo\.toml$/.test(path) || MARK.test(path));
  const { tree } = await readPlainFiles(folder, wanted);
  const sources = textsOf(tree, ".rs");
  return {
    crates: textsOf(tree, "Cargo.toml").flatMap(packageName).toSorted(),
    tests: sources.reduce((sum, text) => sum + (text.match(TEST)?.length ?? 0), 0),
    lines: sources.reduce((sum, text) => sum + text.split("\n").length, 0),
    commits: git?.commit ? await commitCount(folder, signal) : 0,
  };
}

/** By these files, folders are known whose content is nobody's source. */
const MARK = /(^|\/)(CACHEDIR\.TAG|\.rustc_info\.json|model_policy\.toml)$/;

/** `#[test]`, `#[tokio::test]`. */
const TEST = /#\[(?:\w+::)*test\b/g;

const textsOf = (tree: Tree, ending: string): readonly string[] =>
  [...tree].flatMap(([path, content]) => (path.endsWith(ending) && typeof content === "string" ? [content] : []));

function packageName(manifest: string): string[] {
  const name = /^\[package\][^[]*?^name\s*=\s*["']([\w-]+)["']/m.exec(manifest)?.[1];
  return name === undefined ? [] : [name];
}

async function commitCount(folder: string, signal: AbortSignal): Promise<number> {
  const { code, stdout } = await runGit({ place: { folder }, args: ["rev-list", "--count", "HEAD"], signal, settings: ["safe.directory=*"] });
  return code === 0 ? Number(stdout.toString("utf8").trim()) || 0 : 0;
}
