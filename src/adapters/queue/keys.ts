// The names that a run has in Redis.

/** The runs that are open, by when they were announced. */
export const RUNS = "bakeoff:runs";
/** What BullMQ puts before its own names. */
export const JOB_PREFIX = "bakeoff-jobs";

export const jobQueue = (run: string): string => `trials-${run}`;

/** What BullMQ keeps of a queue without jobs. */
export const emptyQueueKeys = (run: string): readonly string[] => ["meta", "stalled-check", "marker"].map((name) => `${JOB_PREFIX}:${jobQueue(run)}:${name}`);

export const runKeys = (run: string) => ({
  manifest: `bakeoff:${run}:manifest`,
  alive: `bakeoff:${run}:alive`,
  inbox: `bakeoff:${run}:inbox`,
  leases: `bakeoff:${run}:leases`,
  workers: `bakeoff:${run}:workers`,
  text: (hash: string): string => `bakeoff:${run}:text:${hash}`,
  outbox: (worker: string): string => `bakeoff:${run}:to:${worker}`,
});

/** A job's id in BullMQ: no colon may stand in it, and it may not look like a number. */
export const jobId = (id: string): string => `t-${encodeURIComponent(id)}`;
export const idOfJob = (job: string): string => decodeURIComponent(job.slice(2));
