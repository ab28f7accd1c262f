// The flags of `bakeoff worker`.
import { type OptionsOf, text, value } from "../command.ts";
import { queuePasswordFile, queueUrl, socketAddress, stepKinds, whole } from "../options.ts";

export const workerFlags = {
  queue: value("<url>", "the queue: redis://HOST:PORT, or rediss:// for TLS; its password is in BAKEOFF_QUEUE_PASSWORD", queueUrl),
  queuePasswordFile,
  steps: value("<kinds>", "what of a step it does: model (calls), verify (cargo), or both (default: model,verify)", stepKinds),
  name: text("<name>", "what the capsule calls it (default: the host's name and the process's number)"),
  concurrency: value("<n>", "cargo jobs and model calls at a time (default: what the run was begun with; cargo: never more than cores)", whole(1, 256)),
  metrics: value("<[host:]port>", "serve /metrics for Prometheus, /healthz and /readyz there (host: 127.0.0.1 unless named)", socketAddress),
};

export type WorkerOptions = OptionsOf<typeof workerFlags>;
