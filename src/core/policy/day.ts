// Calendar days, without a clock.

/** Whole days from one ISO day to another, by the proleptic Gregorian calendar. */
export function daysBetween(from: string, to: string): number {
  return dayNumber(to) - dayNumber(from);
}

/** Days since 0000-02-29 (Howard Hinnant, "days from civil"). */
function dayNumber(day: string): number {
  const [year, month, date] = day.split("-").map(Number) as [number, number, number];
  const shifted = month <= 2 ? year - 1 : year;
  return (
    365 * shifted + Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400) + Math.floor((153 * ((month + 9) % 12) + 2) / 5) + date
  );
}
