// The gate at size: 20 candidates × 1,000 tasks × 5 epochs, and how much memory that takes, from the trials' facts on.
import { createRandom } from "../src/core/base/random.ts";
import { decideCandidates } from "../src/core/gate/decide.ts";
import { candidateFacts } from "../src/core/gate/facts.ts";
import { counted, evidenceOf, RULES, trialOf } from "../test/unit/core/gate/world.ts";
import type { Figure } from "./figure.ts";

export function gateFigures(rounds: number): Figure[] {
  const random = createRandom("bench");
  const names = ["incumbent", "cloud", "rustc-suggestions", ...Array.from({ length: 20 }, (_, index) => `candidate-${index}`)];
  const rates = Array.from({ length: 1000 }, () => 0.5 + random.next() / 2);
  const trials = names.map((name) =>
    rates.flatMap((rate, task) =>
      Array.from({ length: 5 }, () => trialOf(`task-${String(task).padStart(4, "0")}`, random.next() < (name === "rustc-suggestions" ? 0.2 : rate))),
    ),
  );
  const samples = Array.from({ length: rounds }, () => {
    const start = performance.now();
    const evidence = evidenceOf(
      names.map((name, index) => candidateFacts(name, trials[index] ?? [], counted)),
      { rules: RULES },
    );
    const decisions = decideCandidates(evidence, names.slice(3), "incumbent");
    if (decisions.length !== 20) throw new Error("a decision is missing");
    return (performance.now() - start) / 1000;
  });
  return [
    { name: "gate: 20 candidates × 1,000 tasks × 5 epochs, from the trials' facts", unit: " s", samples, bound: 5 },
    { name: "gate: resident memory of node, peak", unit: " MB", samples: [process.resourceUsage().maxRSS / 1024], bound: 500 },
  ];
}
