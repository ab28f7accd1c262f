// Every command line that stands in a document: what runs it, or why nothing does.

/** `run`: test/cli/tutorial.test.ts runs the very line. `shownBy`: that test runs the like of it, by other names. Else why nothing does. */
export type LineFate = { readonly run: true } | { readonly shownBy: string } | { readonly cannot: string };

const verbatim: LineFate = { run: true };
const shownBy = (path: string): LineFate => ({ shownBy: path });
const SERVER: LineFate = { cannot: "needs a model server" };
const MONEY: LineFate = { cannot: "needs a model server and a cloud key" };
const SELF: LineFate = { cannot: "is what runs the tests, or takes the whole machine" };

/** By the line as it stands, without comment and redirection. */
export const LINES: Readonly<Record<string, LineFate>> = {
  "npm ci": shownBy(".ci/run"),
  "npm test": SELF,
  "npm run check": shownBy(".ci/run"),
  "npm run bench": SELF,
  "npm run bakeoff": shownBy("test/cli/run.test.ts"),
  "npm install --global ./bakeoff-0.1.0.tgz": shownBy("test/cli/package.test.ts"),
  "npm install bullmq@6.7.0 ioredis@6.0.0": { cannot: "both are packages that the tests have" },
  "bakeoff run --queue redis://127.0.0.1:6379": { cannot: "needs a Redis server; test/queue has one where one is installed" },
  "bakeoff worker --queue redis://127.0.0.1:6379 --steps model --name gpu-1": { cannot: "needs a Redis server and model servers; test/queue plays both" },
  "bakeoff worker --queue redis://127.0.0.1:6379 --steps verify --name cpu-1": { cannot: "needs a Redis server; test/queue has one where one is installed" },
  "npm install @modelcontextprotocol/sdk@1.32.2": shownBy("test/cli/mcp.test.ts"),

  "bakeoff init": verbatim,
  "bakeoff init --suite": verbatim,
  "bakeoff init --ci github": verbatim,
  "bakeoff init --ci gitlab": verbatim,
  "bakeoff doctor": verbatim,
  "bakeoff suite mutate --repo . --max 20": verbatim,
  "bakeoff run --suite my-crate-mutants": verbatim,
  "bakeoff show": verbatim,
  "bakeoff show RUN": verbatim,
  "bakeoff show RUN rustc-suggestions/TASK": verbatim,
  "bakeoff show RUN gpt-oss-20b/borrow-checker-03": MONEY,
  "bakeoff view": shownBy("test/contract/view-server.test.ts"),
  "bakeoff gate --candidate rustc-suggestions --incumbent nop": verbatim,
  "bakeoff gate --candidate oracle --incumbent rustc-suggestions": verbatim,
  "bakeoff suite mutate --repo ../my-crate --max 40": shownBy("test/cli/mutate.test.ts"),
  "bakeoff suite mutate --repo ../monorepo --package parser 'parser-*' --max 40": shownBy("test/cli/suite-making.test.ts"),
  "bakeoff suite mine --repo ../monorepo --exclude gui ffi --include 'crates/parser/data/*.bin'": shownBy("test/cli/suite-making.test.ts"),
  "bakeoff suite mine --repo ../my-crate --max 10": shownBy("test/cli/suite-mine.test.ts"),
  "bakeoff run --suite suites/my-crate-mutants": shownBy("test/cli/mutate.test.ts"),
  "bakeoff run --suite suites/my-crate-mined": shownBy("test/cli/suite-mine.test.ts"),

  "bakeoff capsule sign RUN --new-key ~/bakeoff.pem": verbatim,
  "bakeoff capsule verify RUN --trust PUBLIC_KEY --require-signature": verbatim,
  "bakeoff capsule show RUN --prove 17": verbatim,
  "bakeoff capsule check-proof proof.json --trust PUBLIC_KEY": verbatim,
  "bakeoff capsule export RUN --recipient age1…": shownBy("test/cli/capsule.test.ts"),
  "bakeoff capsule import RUN.safe.tar.age --identity ~/age.txt": shownBy("test/cli/capsule.test.ts"),
  "npm run replay -- capsules/samples/default.capsule.jsonl": shownBy("scripts/test-nodes.mjs"),
  "bakeoff trend --fail-on drift": verbatim,
  'bakeoff baseline bless RUN --reason "first good run" --by ana --key ~/bakeoff.pem': shownBy("test/unit/app/trend/baselines.test.ts"),
  "bakeoff policy sign --new-key policy-key.pem": verbatim,

  "bakeoff policy": verbatim,
  "bakeoff policy show": verbatim,
  "bakeoff policy explain reflex.max_attempts": verbatim,
  "bakeoff policy init careful": verbatim,
  "bakeoff policy scenario add RUN rustc-suggestions/TASK --should cloud": verbatim,
  "bakeoff policy diff HEAD": shownBy("test/cli/policy.test.ts"),
  'bakeoff policy bump --reason "…"': shownBy("test/cli/policy.test.ts"),
  "bakeoff policy sign --new-key key.pem": shownBy("test/cli/policy.test.ts"),

  "bakeoff candidate add my-model --endpoint http://127.0.0.1:8000/v1": shownBy("test/cli/serving.test.ts"),
  "bakeoff candidate test my-model": SERVER,
  "bakeoff run --suite my-crate-mutants --candidates my-model,rustc-suggestions --dry-run": verbatim,
  "bakeoff gate plan --candidate my-model --suite my-crate-mutants": verbatim,
  "bakeoff gate register --candidate my-model --suite reflex-gate-v1 --epochs 6 --out registration.json": shownBy("test/cli/gate.test.ts"),
  "bakeoff run --registration registration.json --suite reflex-gate-v1 --candidates my-model,gpt-oss-20b,rustc-suggestions --epochs 6": MONEY,
  "bakeoff run --suite impossible-v1 --candidates my-model": MONEY,
  "bakeoff gate --candidate my-model --registration registration.json": MONEY,
  "bakeoff gate verify bakeoff/reports/gates/DECISION.json": shownBy("test/cli/promotion-chain.test.ts"),
  "bakeoff gate verify bakeoff/reports/gates/DECISION.json --policy-from origin/main": shownBy("test/cli/promotion-chain.test.ts"),
  "bakeoff promote --candidate my-model --decision bakeoff/reports/gates/DECISION.json": shownBy("test/cli/promotion-chain.test.ts"),
  "bakeoff promote --rollback": shownBy("test/cli/promotion-chain.test.ts"),

  "bakeoff gate register --candidate CANDIDATE --suite SUITE --out registration.json": shownBy("test/cli/promotion-chain.test.ts"),
  "bakeoff run --registration registration.json --suite SUITE --candidates CANDIDATE,INCUMBENT,CLOUD,rustc-suggestions --epochs 6 --seed 1": MONEY,
  "bakeoff gate --candidate CANDIDATE --registration registration.json --policy-from origin/main": MONEY,
  "bakeoff gate verify reports/gates/DECISION.json --policy-from origin/main": shownBy("test/cli/promotion-chain.test.ts"),
  "bakeoff promote --candidate CANDIDATE --decision reports/gates/DECISION.json --policy-from origin/main": shownBy("test/cli/promotion-chain.test.ts"),
  "bakeoff policy sign --key release.pem": shownBy("test/cli/policy.test.ts"),
  "npm run bakeoff -- --candidates gpt-oss-20b,qwen3-coder-30b-a3b-awq,rustc-suggestions --suite reflex-gate-v1 --epochs 6": MONEY,
  "npm run gate -- --candidate qwen3-coder-30b-a3b-awq --incumbent gpt-oss-20b": MONEY,
  "npm run gate -- verify reports/gates/DECISION.json": shownBy("test/cli/gate.test.ts"),
  "node dist/main.js promote --candidate qwen3-coder-30b-a3b-awq --decision reports/gates/DECISION.json": MONEY,
  "npm run bakeoff -- --candidates gpt-oss-20b,$CANDIDATE,cloud-implementer,rustc-suggestions --suite reflex-gate-v1 --epochs 6": MONEY,
  "npm run bakeoff -- --candidates qwen3-coder-30b-a3b-awq --suite impossible-v1": MONEY,
  "npm run bakeoff -- --candidates $CANDIDATE --suite impossible-v1": MONEY,
  "npm run gate -- --candidate $CANDIDATE --incumbent gpt-oss-20b --junit gate.xml": MONEY,
  "npm run bakeoff -- --candidates gpt-oss-20b,rustc-suggestions --epochs 3": SERVER,
  "npm run bakeoff -- --serve --candidates gpt-oss-20b,qwen3-coder-30b-a3b-awq": SERVER,
  "npm run latency -- --candidates gpt-oss-20b --concurrency 1,4,16 --rate 2 --out latency.jsonl": SERVER,
};
