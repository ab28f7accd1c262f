// Workers that try mutants, a mutant at a time each; one that hangs or dies is replaced, and what it tried counts as noticed.
import { fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const TOO_LONG = "it takes too long";
/** A mutant that takes more processor time is noticed: this much, or five times what its tests take without one. Other load changes nothing. */
const LIMIT_MS = 6000;
const TIMES_UNCHANGED = 5;
/** What waits for something that never comes takes no processor time; nor can it be read on every system. */
const STUCK_MS = 180_000;
/** Without a mutant the tests end at some time. */
const UNCHANGED_MS = 900_000;
const LOOK_MS = 500;
const WORKER = fileURLToPath(new URL("worker.mjs", import.meta.url));

/**
 * Has every job tried, in order, by `size` workers at a time.
 * @template {{ mutant: object | null }} J
 * @template R
 * @param {readonly J[]} jobs @param {{ size: number, args: readonly string[], tried: (job: J, result: R) => void }} options
 */
export async function tryAll(jobs, { size, args, tried }) {
  const left = [...jobs];
  const taken = new Map();
  const work = async () => {
    let worker = null;
    for (let job = left.shift(); job !== undefined; job = left.shift()) {
      worker ??= fork(WORKER, args, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
      // Another worker may still be finding out what the tests take.
      const limit = () => (job.mutant === null ? UNCHANGED_MS : Math.max(LIMIT_MS, TIMES_UNCHANGED * (taken.get(job.changed) ?? UNCHANGED_MS)));
      const { result, lives } = await tryOne(worker, job, limit);
      if (job.mutant === null) taken.set(job.changed, result.took ?? 0);
      if (!lives) worker = null;
      tried(job, result);
    }
    worker?.kill();
  };
  await Promise.all(Array.from({ length: size }, work));
}

/** Processor time of a process, in ms; 0 where the system does not tell. */
function processorMs(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1).split(" ");
    return 10 * (Number(fields[11]) + Number(fields[12]));
  } catch {
    return 0;
  }
}

const tryOne = (worker, job, limit) =>
  new Promise((resolve) => {
    const [begun, before] = [Date.now(), processorMs(worker.pid)];
    const end = (lives, result) => {
      clearInterval(look);
      worker.removeAllListeners();
      resolve({ lives, result });
    };
    const lost = (why) => {
      worker.kill("SIGKILL");
      end(false, { byGolden: job.golden ? why : null, byUnit: why });
    };
    const look = setInterval(() => {
      if (processorMs(worker.pid) - before > limit() || Date.now() - begun > Math.max(limit(), STUCK_MS)) lost(TOO_LONG);
    }, LOOK_MS);
    worker.once("exit", () => lost("it ends the process"));
    worker.once("message", (result) => end(true, result));
    worker.send(job);
  });
