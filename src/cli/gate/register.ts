// `bakeoff gate register`: what will be decided, signed before the run.
import { composeGate } from "../../app/compose/gate.ts";
import { registerGate } from "../../app/gate/registration.ts";
import { findPlaces } from "../../app/places.ts";
import { shellWord } from "../../core/text/shell-word.ts";
import type { RegisterOptions } from "./flags.ts";

export async function gateRegister(options: RegisterOptions): Promise<number> {
  const places = findPlaces();
  const { registration, path } = await registerGate(composeGate(places), {
    candidates: options.candidate,
    incumbent: options.incumbent ?? null,
    suite: options.suite ?? null,
    policyFile: options.policy ?? places.defaultPolicy,
    keyFile: options.key ?? null,
    out: options.out ?? null,
  });
  const { candidates, incumbent, suite, policy } = registration;
  process.stdout.write(
    `registered ${candidates.join(", ")} against ${incumbent} on ${suite.name} ${suite.version} (${suite.root.slice(0, 12)}), policy ${policy.id} (${policy.hash.slice(0, 12)}): ${path}\n`,
  );
  process.stderr.write(
    `Run now, then: ${places.calledAs} gate --registration ${shellWord(places.shown(path))} --candidate ${candidates.map(shellWord).join(" ")}\n`,
  );
  return 0;
}
