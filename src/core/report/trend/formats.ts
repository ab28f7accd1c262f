// The forms in which a trend is written.
export const TREND_FORMATS = ["text", "md", "html", "json"] as const;
export type TrendFormat = (typeof TREND_FORMATS)[number];
