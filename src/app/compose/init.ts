// Builds what `init` reaches the world through.
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { diskTexts } from "../../adapters/files/text-files.ts";
import { findLocalServers } from "../../adapters/providers/local-servers.ts";
import { surveyRepository } from "../../adapters/repository/survey.ts";
import type { HomeFile } from "../init/home-files.ts";
import type { InitPorts } from "../init/init.ts";
import type { Places } from "../places.ts";
import { clock } from "./parts/system.ts";

/** What of the package's policy folder is a user's own from then on; its changelog and its essay are the package's. */
const DEFAULTS = /^(model_policy|candidates)\.(toml|schema\.json)$|^golden\/[\w-]+\.toml$/;

export const composeInit = ({ version, shippedPolicy }: Places, signal: AbortSignal): InitPorts => ({
  clock,
  version,
  texts: diskTexts,
  defaults: () => readDefaults(dirname(shippedPolicy)),
  survey: (repository) => surveyRepository(repository, signal),
  top: (repository) => {
    const root = topAbove(repository) ?? repository;
    return { root, below: relative(root, repository).split(sep).join("/") };
  },
  servers: findLocalServers,
});

async function readDefaults(folder: string): Promise<readonly HomeFile[]> {
  const names = (await readdir(folder, { recursive: true })).map((name) => name.replaceAll("\\", "/")).filter((name) => DEFAULTS.test(name));
  return Promise.all(names.toSorted().map(async (name): Promise<HomeFile> => [name, await readFile(join(folder, name), "utf8")]));
}

/** The folder that version control begins in: null where there is none. */
function topAbove(folder: string): string | null {
  if (existsSync(join(folder, ".git"))) return folder;
  return folder === dirname(folder) ? null : topAbove(dirname(folder));
}
