// A nightly script: one run, its audit and its gate; ends with 0 unless something is worse than it was or does not add up.
import { gate, replay, run } from "bakeoff";

const { SUITE = "my-crate-mutants", CANDIDATE = "my-model", INCUMBENT = "rustc-suggestions", LIMIT = "20" } = process.env;

const night = await run({
  suite: SUITE,
  candidates: [CANDIDATE, INCUMBENT],
  limit: Number(LIMIT),
  onTrial: ({ id, done, total }) => console.error(`[${done}/${total}] ${id}`),
});
for (const { name, passInSlot } of night.candidates) console.log(`${name}: ${percent(passInSlot.value)} of ${passInSlot.n} tasks`);
for (const standIn of night.standIns) console.log(`stand-in: ${standIn}`);

const audit = await replay({ capsule: night.capsule, out: `${night.report}/audit` });
console.log(`audit: ${audit.outcome}`);

const { verdict, findings, decision } = await gate({ candidate: CANDIDATE, incumbent: INCUMBENT, capsules: [night.capsule] });
console.log(`gate: ${verdict} (${decision})`);
for (const { criterion, outcome, says } of findings) if (outcome === "violated") console.log(`  ${criterion}: ${says}`);

process.exitCode = audit.outcome === "diverged" || audit.outcome === "not-intact" || verdict === "hold" ? 1 : 0;

function percent(value) {
  return value === null ? "nothing" : `${(100 * value).toFixed(1)} %`;
}
