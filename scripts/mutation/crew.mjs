// Workers that try mutants, a mutant at a time each; one that hangs or dies is replaced, and what it tried counts as noticed.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

export const TOO_LONG = "it takes too long";
const TIMEOUT_MS = 60_000;
const WORKER = fileURLToPath(new URL("worker.mjs", import.meta.url));

/**
 * Has every job tried, in order, by `size` workers at a time.
 * @template J, R
 * @param {readonly J[]} jobs @param {{ size: number, args: readonly string[], tried: (job: J, result: R) => void }} options
 */
export async function tryAll(jobs, { size, args, tried }) {
  const left = [...jobs];
  const work = async () => {
    let worker = null;
    for (let job = left.shift(); job !== undefined; job = left.shift()) {
      worker ??= fork(WORKER, args, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
      const { result, lives } = await tryOne(worker, job);
      if (!lives) worker = null;
      tried(job, result);
    }
    worker?.kill();
  };
  await Promise.all(Array.from({ length: size }, work));
}

const tryOne = (worker, job) =>
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
    const timer = setTimeout(() => lost(TOO_LONG), TIMEOUT_MS);
    worker.once("exit", () => lost("it ends the process"));
    worker.once("message", (result) => end(true, result));
    worker.send(job);
  });
