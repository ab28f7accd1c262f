// A look at a repository: its crates, how many tests it has, how long its history is, and the suites that follow from that.
import { shellWord } from "../../core/text/shell-word.ts";

export interface RepositoryFacts {
  readonly crates: readonly string[];
  /** Attributes that make a test. */
  readonly tests: number;
  /** Lines of Rust. */
  readonly lines: number;
  /** Commits of its history; 0 where there is none. */
  readonly commits: number;
}

export interface SuiteProposal {
  /** The command without the program's name. */
  readonly command: string;
  readonly why: string;
}

/** Lines of Rust for one task: fewer, and tasks ask for the same again. */
const LINES_A_TASK = 40;
/** A gate asks for more than any first suite holds: this many can be looked through by a person. */
const MOST_TASKS = 60;
const LEAST_TASKS = 6;
/** A shorter history rarely holds a commit that brings a test and its repair. */
const LEAST_COMMITS = 30;

/** How many mutants make a first suite; null where no test could judge them. */
export function mutantsFor({ tests, lines }: RepositoryFacts): number | null {
  if (tests < 2) return null;
  return Math.min(MOST_TASKS, tests * 2, Math.max(LEAST_TASKS, Math.round(lines / LINES_A_TASK)));
}

export function suiteProposals(facts: RepositoryFacts, repository: string): readonly SuiteProposal[] {
  const max = mutantsFor(facts);
  const repo = shellWord(repository);
  return [
    ...(max === null
      ? []
      : [
          { command: `suite mutate --repo ${repo} --max ${max}`, why: `${facts.lines} lines of Rust, ${facts.tests} tests: small breaks of the code as it is` },
        ]),
    ...(facts.commits < LEAST_COMMITS || facts.tests < 2
      ? []
      : [{ command: `suite mine --repo ${repo} --max 10 --tries 40`, why: `${facts.commits} commits: repairs that were really made` }]),
  ];
}
