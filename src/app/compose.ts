// The only builder of adapters: puts the world together for a command.
import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { gitDiffTool } from "../adapters/git/diff-tool.ts";
import { attachFiles, listAttachments } from "../adapters/capsules/attachments.ts";
import { readBoundedJson } from "../adapters/files/bounded-json.ts";
import { checkCapsule } from "../adapters/capsules/check.ts";
import { readCapsule, scanCapsule } from "../adapters/capsules/file.ts";
import { openCapsule } from "../adapters/capsules/reader.ts";
import { importCapsule } from "../adapters/capsules/import.ts";
import { makeFolder, replaceFile } from "../adapters/files/disk.ts";
import { createKeyFile, loadSigningKey } from "../adapters/capsules/key-files.ts";
import { loadPolicy } from "../adapters/policies/policy-files.ts";
import { exportCapsule } from "../adapters/capsules/hand-over.ts";
import { NewFile } from "../adapters/files/new-file.ts";
import { listShelf, prunable, removeCapsule } from "../adapters/capsules/shelf.ts";
import { readSignature, signCapsule, trustedKeys } from "../adapters/capsules/signature-file.ts";
import { readWords } from "../adapters/files/line-list-file.ts";
import { findSuite, loadSuite } from "../adapters/suites/suite-files.ts";
import { BaseCache } from "../adapters/workbench/base-cache.ts";
import type { OpenBench } from "../ports/workbench.ts";
import { clock, cores } from "./compose/system.ts";
import { benchOpener } from "./compose/workbench.ts";
import { cacheRoot } from "./places.ts";

export { clock, cores };

export const baseCache = (): BaseCache => new BaseCache(cacheRoot());

/** Of the cache that this process uses. */
export const openBench = (cargoSlots: number, signal: AbortSignal): Promise<OpenBench> => benchOpener(cacheRoot())(cargoSlots, signal);

/** What can be done with stored capsules. */
export const shelf = {
  attachFiles,
  checkCapsule,
  createKeyFile,
  exportCapsule,
  importCapsule,
  listAttachments,
  listShelf,
  loadSigningKey,
  openCapsule,
  prunable,
  readBoundedJson,
  readSignature,
  readWords,
  removeCapsule,
  scanCapsule,
  signCapsule,
  trustedKeys,
};

export const world = {
  findSuite,
  loadSuite,
  loadPolicy,
  readCapsule,
  replaceFile,
  newFile: (path: string) => new NewFile(path),

  /** Signals, timers and sockets have their turn. */
  turn: () => setImmediate(undefined),

  /** Collects garbage before the heap is half as large again as what is in use, not four times: for what goes through files of any size. */
  keepHeapSmall: () => setFlagsFromString("--heap-growing-percent=40"),

  makeFolder,

  diffTool: gitDiffTool,
};
