// What stands between a patch's code and the machine: the tiers, best first, and what people are told of each.

interface TierFacts {
  /** Does it keep a patch's code from the machine? Without, code that a model wrote is not run. */
  readonly isolates: boolean;
  /** What a run in it is told apart by, in its header and at its start; null where there is nothing to tell. */
  readonly warning: string | null;
  /** How a machine gets it; null where every machine has it. */
  readonly install: string | null;
}

export const SANDBOX_TIERS = {
  bubblewrap: { isolates: true, warning: null, install: "install bubblewrap (apt-get install bubblewrap)" },
  "util-linux": { isolates: true, warning: null, install: "allow user namespaces (sysctl kernel.apparmor_restrict_unprivileged_userns=0)" },
  landlock: {
    isolates: true,
    warning: "sandbox tier landlock: tests have no network at all, not even loopback, and no temporary folder of a bounded size",
    install: null,
  },
  none: { isolates: false, warning: "no sandbox: only embedded candidates run, whose patches come from the compiler or the suite", install: null },
} as const satisfies Record<string, TierFacts>;

export type SandboxTier = keyof typeof SANDBOX_TIERS;

/** Is this tier at least as good as that one? */
export const isTierAtLeast = (tier: SandboxTier, wanted: SandboxTier): boolean => TIER_NAMES.indexOf(tier) <= TIER_NAMES.indexOf(wanted);

export const TIER_NAMES = Object.keys(SANDBOX_TIERS) as [SandboxTier, ...SandboxTier[]];

/** Those in which code that a model wrote is run. */
export const ISOLATING_TIERS = TIER_NAMES.filter((name) => SANDBOX_TIERS[name].isolates);

/** Every way to a sandbox, in one line. */
export const SANDBOX_INSTALL = Object.values<TierFacts>(SANDBOX_TIERS)
  .flatMap(({ install }) => install ?? [])
  .join(", or ");
