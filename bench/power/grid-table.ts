// The public grid as a table: ours, two published gates, Hoeffding's interval and Student's t, cell by cell.
import type { Figure } from "../figure.ts";
import { type Cell, GRID_ALPHA, type GridRow, gridRows } from "./grid.ts";
import type { Decided } from "./others.ts";
import { percent } from "./percent.ts";

const COLUMNS = ["before", "ours", "statgate", "evalsig", "Hoeffding", "Student", "power", "Student", "÷ knowing"] as const;

/** The table on stdout. */
export function gridFigures(gates: number): Figure[] {
  const rows: GridRow[] = [];
  process.stdout.write(
    `\nfalse promotions of ${gates} gates with the truth at the margin, α = 2.5 % (statgate, evalsig: of as many as stand in brackets); then power where a test that knows the variance has 90 %\n`,
  );
  process.stdout.write(`${"cell".padEnd(64)}${COLUMNS.map((name) => name.padStart(11)).join("")}\n`);
  for (const row of gridRows(gates)) {
    rows.push(row);
    const [before, ours, hoeffding, student, power, studentPower] = [row.before, row.ours, row.hoeffding, row.student, row.power, row.studentPower].map(
      percent,
    );
    const shares = [before, ours, decided(row.statgate), decided(row.evalsig), hoeffding, student, power, studentPower].map((share) =>
      (share ?? "").padStart(11),
    );
    process.stdout.write(`${cellText(row.cell).padEnd(64)}${shares.join("")}${(row.power / row.knowing).toFixed(2).padStart(11)}\n`);
  }
  return figuresOf(rows, gates);
}

const decided = (found: Decided | null): string => (found === null ? "–" : `${percent(found.share)} (${found.draws})`);

const cellText = ({ families, size, correlation, rare, looks, bestOf, lostTasks }: Cell): string =>
  [
    `${families}×${size}`,
    `correlation ${correlation}`,
    ...(rare ? ["losses rare"] : []),
    ...(looks > 1 ? [`${looks} looks`] : []),
    ...(bestOf > 1 ? [`best of ${bestOf}`] : []),
    ...(lostTasks > 0 ? [`${lostTasks} failed tasks lost`] : []),
  ].join(", ");

/**
 * With fewer families nine tenths of what a test sees that knows the variance can't be had by any that does not (decision 0241). There, the bound
 * only keeps what there is from getting worse.
 */
const FEWEST_FAMILIES = 12;

function figuresOf(rows: readonly GridRow[], gates: number): Figure[] {
  const worst = Math.max(...rows.map(({ ours }) => ours));
  const ratios = rows.flatMap(({ cell, power, knowing }) => (cell.families >= FEWEST_FAMILIES ? [power / knowing] : []));
  const few = rows.filter(({ cell }) => cell.families < FEWEST_FAMILIES);
  for (const { cell, knowing, attainable } of few) {
    const shares = [attainable.student, attainable.signs, attainable.unseen].map((power) => (Math.min(power, knowing) / knowing).toFixed(2));
    process.stdout.write(
      `${cellText(cell)}: attainable of the power of a test that knows the variance: ${shares[0]} by Student's t were the means normal, ${shares[1]} by signs, ${shares[2]} whatever families are\n`,
    );
  }
  const slack = 3 * Math.sqrt((GRID_ALPHA * (1 - GRID_ALPHA)) / gates);
  return [
    { name: "worst cell of the grid ÷ α", unit: "×", samples: [worst / GRID_ALPHA], bound: Number((1.2 + slack / GRID_ALPHA).toFixed(2)) },
    { name: "least power, of a test that knows the variance: lacking", unit: " %", samples: [(1 - Math.min(...ratios)) * 100], bound: 10 },
    {
      name: "power with six families, of a test that knows the variance: lacking",
      unit: " %",
      samples: [(1 - Math.min(...few.map(({ power, knowing }) => power / knowing))) * 100],
      bound: 45,
    },
  ];
}
