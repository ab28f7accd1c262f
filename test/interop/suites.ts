// The broken trees of a shipped suite's tasks, as patches are made against them.
import { composeShow } from "../../src/app/compose/show.ts";
import { findPlaces } from "../../src/app/places.ts";
import { brokenTree } from "../../src/core/suite/suite.ts";

export async function diskSuites(name: string): Promise<(task: string) => ReadonlyMap<string, string | Uint8Array>> {
  const suite = await composeShow(findPlaces({})).loadSuite(name);
  return (id) => {
    const task = suite.tasks.find((one) => one.id === id);
    if (!task) throw new Error(`${name} has no task ${id}`);
    return brokenTree(task);
  };
}
