// The situations that broke the gate: how often each went wrong before, and now.
import type { Figure } from "../figure.ts";
import { percent } from "./percent.ts";
import type { Situation } from "./situation.ts";
import { situations } from "./situations.ts";

/** The table on stdout; what is wrong too often, or holds the truth too seldom, is outside of its bound. */
export function situationFigures(gates: number): Figure[] {
  const found = situations(gates);
  process.stdout.write(`${"situation, α = 5 %".padEnd(74)} before     now   bound\n`);
  for (const { name, before, now, bound, wants } of found)
    process.stdout.write(
      `${name.padEnd(74)} ${percent(before).padStart(6)}  ${percent(now).padStart(6)}  ${wants === "at-most" ? "≤" : "≥"} ${percent(bound)}\n`,
    );
  return found.map(figureOf);
}

function figureOf({ name, now, bound, wants }: Situation): Figure {
  // A figure's bound is an upper one: of what must be at least so often, the rest is bounded.
  const [value, most] = wants === "at-most" ? [now, bound] : [1 - now, 1 - bound];
  return { name: wants === "at-most" ? name : `${name}: not`, unit: " %", samples: [value * 100], bound: Number((most * 100).toFixed(2)) };
}
