// The files of a new home: the package's policy as the user's own, and what only a home has.

/** A file by its path below the home. */
export type HomeFile = readonly [path: string, text: string];

/** `defaults`: the files of the package's policy folder by their paths in it. `day`: today. */
export const homeFiles = (defaults: readonly HomeFile[], { version, day }: { readonly version: string; readonly day: string }): readonly HomeFile[] => [
  ["README.md", README],
  [".gitignore", IGNORED],
  ["docs/DECISION_REGISTER.md", register(version, day)],
  ...defaults.map(([path, text]): HomeFile => [`policy/${path}`, usersPolicy(text)]),
];

/** Comments of the package's policy name its npm scripts, which a user's repository does not have. */
export const usersPolicy = (text: string): string =>
  text.replaceAll("npm run policy -- bump", "bakeoff policy bump").replaceAll("npm run policy", "bakeoff policy");

/** Decisions and the log of registrations are committed: what was decided stands in review. */
const IGNORED = `/capsules/
/reports/*
!/reports/gates/
`;

const README = `# Which model may work on this repository

- \`policy/model_policy.toml\` says which model serves which role; \`policy/candidates.toml\` which others may try (\`bakeoff candidate add\`).
- \`policy/golden/\` holds scenarios that the policy must come to: \`bakeoff policy validate\` plays them.
- \`suites/\` holds tasks made of this repository: \`bakeoff suite mutate --repo .\`, then \`bakeoff run --suite NAME\`.
- \`capsules/\` and \`reports/\` hold what runs left; git ignores them, but for the decisions in \`reports/gates/\`.
- \`docs/DECISION_REGISTER.md\` is yours to write: its bytes go into every capsule.
- After a change of the policy: \`bakeoff policy bump --reason "…"\`.
`;

const register = (version: string, day: string): string => `# Decision register

What was decided about the models of this repository, and why. The bytes of this file go into every run's capsule.

| Id | Date | Decision | Why |
|---|---|---|---|
| 0001 | ${day} | The policy begins as the one that comes with Bakeoff ${version}. | It is careful; \`bakeoff policy diff\` shows what was changed since. |
`;
