// What became of the commits that were read, stage by stage: how many repair something and carry a test, and which share of them makes a task.

export interface CommitFunnel {
  readonly commits: number;
  /** Changes (a merge is one, and so are two commits in a row of which one brings the tests) that touch sources and bring or change a test, inline ones included. */
  readonly withTest: number;
  /** Of these: their tests pass without them, so that they repair nothing that a test shows. */
  readonly notBroken: number;
  /** The others: they repair something and carry a test, as far as that could be found out. */
  readonly repairs: number;
  readonly tasks: number;
  /** Tasks of the repairs that carry a test; null where there are none. */
  readonly share: number | null;
}

/** `dropped`: reasons of the changes that were looked at; those that lack sources or tests are not among them. */
export function commitFunnel(commits: number, tasks: number, dropped: readonly { readonly reason: string }[]): CommitFunnel {
  const withTest = tasks + dropped.length;
  const notBroken = dropped.filter(({ reason }) => reason === "not-broken").length;
  const repairs = withTest - notBroken;
  return { commits, withTest, notBroken, repairs, tasks, share: repairs === 0 ? null : tasks / repairs };
}

/** For people: one line. */
export function commitFunnelLine({ commits, withTest, notBroken, repairs, tasks, share }: CommitFunnel): string {
  const part = share === null ? "" : ` (${(share * 100).toFixed(0)} %)`;
  return `${commits} commits read: ${withTest} change sources and carry a test, ${notBroken} of these repair nothing that it shows, of the other ${repairs} ${tasks} made a task${part}`;
}
