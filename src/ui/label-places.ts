// Where the names of a plot's points stand: beside their points, and none over another.
export interface LabelledPoint {
  readonly x: number;
  readonly y: number;
  readonly name: string;
}

export interface LabelPlace {
  readonly x: number;
  readonly y: number;
  readonly anchor: "start" | "end";
}

const LINE = 13;
/** A generous width of a letter at the plot's size of type. */
const LETTER = 6.4;
const BESIDE = 10;

/** In the points' order. Names go up from their point, and down where it lies at the top; those in the right part stand to the left. */
export function labelPlaces(points: readonly LabelledPoint[], width: number): readonly LabelPlace[] {
  const taken: Box[] = [];
  return points.map(({ x, y, name }) => {
    const anchor = x > width * 0.62 ? "end" : "start";
    const end = anchor === "end" ? x - BESIDE : x + BESIDE;
    const room = [...name].length * LETTER;
    const left = anchor === "end" ? end - room : end;
    const isTop = y < 32;
    let base = isTop ? y + 18 : y - 9;
    while (taken.some((box) => box.left < left + room && left < box.right && Math.abs(box.y - base) < LINE)) base += isTop ? LINE : -LINE;
    taken.push({ left, right: left + room, y: base });
    return { x: end, y: base, anchor };
  });
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly y: number;
}
