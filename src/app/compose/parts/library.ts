// The library of a home's runs.
import { openLibrary } from "../../../adapters/library/library.ts";
import type { RunLibrary } from "../../../ports/run-library.ts";
import type { Places } from "../../places.ts";

/** `runs`: only these, by id or path; empty: all of the home. */
export const composeLibrary = ({ capsules, capsule, cacheRoot, version }: Places, runs: readonly string[] = []): RunLibrary =>
  openLibrary({ folder: runs.length === 0 ? capsules : null, files: runs.map(capsule), cacheRoot, version });
