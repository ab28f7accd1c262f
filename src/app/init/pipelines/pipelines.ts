// The pipelines that `bakeoff init --ci` writes: one for each service that runs them.
import github from "./github.yml";
import gitlab from "./gitlab.yml";
import type { PipelineName } from "./names.ts";

export interface PipelinePlace {
  /** The crate's folder below the top of the repository; empty where it is the top. */
  readonly folder: string;
  /** The suite that a pull request runs. */
  readonly suite: string;
}

/** A file by its path below the top of the repository. */
export type PipelineFile = readonly [path: string, text: string];

const prefixOf = (folder: string): string => (folder === "" ? "" : `${folder}/`);

const filled = (text: string, { folder, suite }: PipelinePlace): string =>
  text
    .replaceAll("@FOLDER@", folder === "" ? "." : folder)
    .replaceAll("@PREFIX@", prefixOf(folder))
    .replaceAll("@SUITE@", suite);

export const PIPELINES: Readonly<Record<PipelineName, (place: PipelinePlace) => readonly PipelineFile[]>> = {
  github: (place) => [[".github/workflows/bakeoff.yml", filled(github, place)]],
  gitlab: (place) => {
    const own = `${prefixOf(place.folder)}bakeoff/gitlab-ci.yml`;
    return [
      [own, filled(gitlab, place)],
      [".gitlab-ci.yml", `include:\n  - local: ${own}\n`],
    ];
  },
};
