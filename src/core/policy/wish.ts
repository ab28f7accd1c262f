// What a person wants of a recorded decision that a policy is to be held to.

/** The decision that the policy comes to now, or the cloud's. */
export const WISHES = ["as-it-is", "cloud"] as const;

export type Wish = (typeof WISHES)[number];
