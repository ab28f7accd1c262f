// Workers that try mutants, a mutant at a time each; one that hangs or dies is replaced, and what it tried counts as noticed.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

export const TOO_LONG = "it takes too long";
/** A mutant that takes longer is noticed: this long, or five times what the slowest tests took without one, on this machine and beside this load. */
const TIMEOUT_MS = 60_000;
const TIMES_UNCHANGED = 5;
/** Without a mutant the tests end at some time. */
const UNCHANGED_MS = 900_000;
const WORKER = fileURLToPath(new URL("worker.mjs", import.meta.url));

/**
 * Has every job tried, in order, by `size` workers at a time.
 * @template {{ mutant: object | null }} J
 * @template R
 * @param {readonly J[]} jobs @param {{ size: number, args: readonly string[], tried: (job: J, result: R) => void }} options
 */
export async function tryAll(jobs, { size, args, tried }) {
  const left = [...jobs];
  let slowest = 0;
  const work = async () => {
    let worker = null;
    for (let job = left.shift(); job !== undefined; job = left.shift()) {
      worker ??= fork(WORKER, args, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
      const begun = Date.now();
      const { result, lives } = await tryOne(worker, job, job.mutant === null ? UNCHANGED_MS : Math.max(TIMEOUT_MS, TIMES_UNCHANGED * slowest));
      if (job.mutant === null) slowest = Math.max(slowest, Date.now() - begun);
      if (!lives) worker = null;
      tried(job, result);
    }
    worker?.kill();
  };
  await Promise.all(Array.from({ length: size }, work));
}

const tryOne = (worker, job, timeoutMs) =>
  new Promise((resolve) => {
    const end = (lives, result) => {
      clearTimeout(timer);
      worker.removeAllListeners();
      resolve({ lives, result });
    };
    const lost = (why) => {
      worker.kill("SIGKILL");
      end(false, { byGolden: job.golden ? why : null, byUnit: why });
    };
    const timer = setTimeout(() => lost(TOO_LONG), timeoutMs);
    worker.once("exit", () => lost("it ends the process"));
    worker.once("message", (result) => end(true, result));
    worker.send(job);
  });
