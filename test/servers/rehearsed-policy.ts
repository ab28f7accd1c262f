// The shipped policy as rehearsals have it: a candidate of their own in the reflex slot, servers of their own, no calibration.

export interface RehearsedPolicy {
  readonly shipped: string;
  /** Stands in the reflex slot, by a promotion that is a rehearsal too. */
  readonly candidate: string;
  readonly endpoints?: { readonly reflex?: string; readonly cloud?: string; readonly notebook?: string };
}

/** The text of its model_policy.toml. Throws where the shipped policy no longer has a line that it changes. */
export function rehearsedPolicy({ shipped, candidate, endpoints = {} }: RehearsedPolicy): string {
  const promotion = `\n[[promotion]]\ncandidate = "${candidate}"\ndecision_sha256 = "${"0".repeat(64)}"\npromoted = "2026-11-01"\nby = "a rehearsal"\n`;
  const changes: readonly (readonly [RegExp, string | undefined])[] = [
    [/(?<=calibration_plants = )\d+/, "0"],
    [/(?<=\ncandidate = )"gpt-oss-20b"/, JSON.stringify(candidate)],
    [/https:\/\/api\.openai\.com\/v1/, endpoints.cloud],
    [/http:\/\/127\.0\.0\.1:30000\/v1/, endpoints.reflex],
    [/http:\/\/127\.0\.0\.1:3456/, endpoints.notebook],
  ];
  return changes.reduce((text, [written, instead]) => {
    if (!written.test(text)) throw new Error(`the shipped policy has no ${written.source}`);
    return instead === undefined ? text : text.replace(written, instead);
  }, shipped + promotion);
}
