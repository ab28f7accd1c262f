// How attempts are verified, by the name that a run's header has for it: a stored run is executed again by its own protocol.

export interface VerificationProtocol {
  /** One build that holds all tests; or the loop's, and a confirmation for what passes it. */
  readonly builds: 1 | 2;
  /** What the static rules find in a patch: a verdict, or a note beside one. */
  readonly staticRules: "verdict" | "note";
  /** What a test process writes between the test harness's events: a violation, or output. */
  readonly foreignOutput: "violation" | "output";
  /** Bytes of output from which on it is a violation; null: more than is kept is cut, and said so. */
  readonly outputLimit: number | null;
  /** Where a base has unsafe code, held-out tests are also observed by programs that hold no expected side. */
  readonly apart: boolean;
}

/** Oldest first: new runs go by the last one. */
export const PROTOCOLS = {
  "one-build": { builds: 1, staticRules: "verdict", foreignOutput: "violation", outputLimit: 8_000_000, apart: false },
  "two-builds": { builds: 2, staticRules: "verdict", foreignOutput: "violation", outputLimit: 8_000_000, apart: false },
  evidence: { builds: 2, staticRules: "note", foreignOutput: "output", outputLimit: null, apart: false },
  "observed-apart": { builds: 2, staticRules: "note", foreignOutput: "output", outputLimit: null, apart: true },
} as const satisfies Record<string, VerificationProtocol>;

export type ProtocolName = keyof typeof PROTOCOLS;

/** Runs that name none are of the first: it had no name yet. */
const FIRST: ProtocolName = "one-build";

/** Those that a run's header names. */
export const LATER_PROTOCOLS = (Object.keys(PROTOCOLS) as ProtocolName[]).filter((name) => name !== FIRST);

export const protocolOf = (named: ProtocolName | undefined): ProtocolName => named ?? FIRST;

export const PRESENT_PROTOCOL = "observed-apart" satisfies ProtocolName;
