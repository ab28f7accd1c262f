// Time, as the run is given it.
export interface Clock {
  /** Monotonic milliseconds. */
  now(): number;
  /** Wall time, RFC 3339 with milliseconds, UTC. */
  wall(): string;
}
