// Instants as RFC 3339 texts: reckoned with, never read off a clock.

const DAY_MS = 86_400_000;

/** Milliseconds since 1970; NaN for what is no instant. */
// oxlint-disable-next-line no-restricted-globals -- Date as a calendar: no clock is read
export const epochMs = (instant: string): number => Date.parse(instant);

/** In UTC with milliseconds. Throws `RangeError` for what is no time. */
// oxlint-disable-next-line no-restricted-globals -- Date as a calendar: no clock is read
export const instantOf = (ms: number): string => new Date(ms).toISOString();

/** Days from one instant to another, with their fraction; NaN where one of them is no instant. */
export const daysFrom = (from: string, to: string): number => (epochMs(to) - epochMs(from)) / DAY_MS;

/** The instant so many days before, in UTC with milliseconds. Throws `RangeError` where the calendar does not reach back so far. */
export const daysBefore = (instant: string, days: number): string => instantOf(epochMs(instant) - days * DAY_MS);
