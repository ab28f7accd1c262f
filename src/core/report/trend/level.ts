// How sure a change over time must be: apart from what works it out, which the command line's help need not load.

/** The share of looks at an unchanged history that say that something changed, over all figures of a group together. */
export const DEFAULT_TREND_ALPHA = 0.005;
