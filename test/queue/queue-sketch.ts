// The run that the queue's fault tests carry out: trials of several steps, whose calls all differ.
import { answered, goodScript, planting, policyWith, type Script, taskNamed } from "../unit/run/fakes.ts";

export const LEASE_MS = 1000;

/** The first attempt of a slot is no JSON; so trials have several steps, and prompts with feedback. */
const script: Script = (request, provider) => {
  if (request.purpose === "patch" && request.material.verdict === null && provider === "local") return answered("no JSON at all");
  return goodScript(request, provider);
};

const tasks = ["a", "b", "c", "d"].map((id) => taskNamed(id));

export const queueSketch = { tasks, script, epochs: 3, candidates: ["small", "other", "third"], snapshot: policyWith(planting(4)) };
