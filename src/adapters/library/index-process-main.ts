// Process entry of the indexer: makes one capsule's index and says on stdout what stood in the way.
import { BakeoffError } from "../../core/base/errors.ts";
import { IndexFiles } from "./index-files.ts";
import type { IndexOrder, IndexRefusal } from "./index-process.ts";
import { makeIndex } from "./make-index.ts";

// Nobody waits for the index any more.
process.stdin.on("close", () => process.kill(process.pid));
process.stdin.resume();

const { path, cacheRoot, version } = JSON.parse(process.argv[2] ?? "{}") as IndexOrder;
process.stdout.write(JSON.stringify(await refusalOf()));
process.stdin.removeAllListeners("close");
process.stdin.destroy();

async function refusalOf(): Promise<IndexRefusal> {
  try {
    new IndexFiles(cacheRoot, path, version).write(await makeIndex(path));
    return null;
  } catch (error) {
    if (!(error instanceof BakeoffError)) throw error;
    const { code, message, hint } = error;
    return { code, message, hint };
  }
}
