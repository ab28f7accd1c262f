// `bakeoff gate register`: what will be decided, signed before the run.
import { composeGate } from "../../app/compose/gate.ts";
import { type GateRegistration, registerGate, type RegisterRequest } from "../../app/gate/registration.ts";
import { findPlaces, type Places } from "../../app/places.ts";
import { counted } from "../../core/report/format.ts";
import { shellWord } from "../../core/text/shell-word.ts";
import type { RegisterOptions } from "./flags.ts";
import { printText } from "../text/fitted.ts";

export async function gateRegister(options: RegisterOptions): Promise<number> {
  const places = findPlaces(options);
  const made = await registerGate(composeGate(places), requestOf(options, places));
  printText(registeredLines(made));
  process.stderr.write(nextSteps(made, places));
  return 0;
}

const orNull = <T>(value: T | undefined): T | null => value ?? null;

function requestOf(options: RegisterOptions, places: Places): RegisterRequest {
  const { candidate, suite, incumbent, task, limit, epochs, seed, runs, looks, sequential, timestamp, policy, key, out } = options;
  return {
    candidates: candidate,
    incumbent: orNull(incumbent),
    suite: orNull(suite),
    tasks: orNull(task),
    limit: orNull(limit),
    epochs: orNull(epochs),
    seed,
    runs,
    looks: orNull(looks),
    sequential,
    timestamp: orNull(timestamp),
    policyFile: places.policyFile(policy),
    keyFile: orNull(key),
    out: orNull(out),
  };
}

function registeredLines({ registration, path, log, earlier, level }: GateRegistration): string {
  const { candidates, incumbent, suite, policy, tasks, epochs, seed, runs, looks, place } = registration;
  const often = looks === null ? counted(runs, "run") : `at most ${counted(looks, "look")}`;
  return [
    `registered ${candidates.join(", ")} against ${incumbent} on ${suite.name} ${suite.version} (${suite.root.slice(0, 12)}), policy ${policy.id} (${policy.hash.slice(0, 12)}): ${path}`,
    `${counted(tasks.length, "task")} × ${counted(epochs, "epoch")} by seed ${seed}, ${often}; line ${place.index + 1} of ${log}`,
    ...(earlier === 0
      ? []
      : [
          `${counted(earlier, "gate")} registered before: they share the error, and this one decides at ${Number((level * 100).toPrecision(3))} % (alternatives registered together lose less)`,
        ]),
    "",
  ].join("\n");
}

function nextSteps({ registration, path }: GateRegistration, { shown, runCalledAs, calledAs }: Places): string {
  const { candidates, incumbent, epochs, seed, looks, sequential } = registration;
  const file = shellWord(shown(path));
  const names = candidates.map(shellWord);
  const once = `--candidates ${[...names, shellWord(incumbent)].join(",")} --epochs ${epochs}`;
  const run =
    looks === null ? once : `--until-decided --candidate ${names.join(" ")} --looks ${looks}${sequential === undefined ? "" : ` --sequential ${sequential}`}`;
  return `Commit the log. Run now: ${runCalledAs} --registration ${file} ${run} --seed ${seed}\nThen: ${calledAs} gate --registration ${file} --candidate ${names.join(" ")}\n`;
}
