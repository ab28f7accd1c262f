// What live runs, resuming, replay and reports share is built in one place: an object of its type is written out nowhere else.
import ts from "typescript";

/** By the exported type, the one file that may write such an object out; `also`: files that have a reason of their own. */
export const HOMES = [
  {
    what: "plan of a trial",
    type: "TrialPlan",
    declaredIn: "src/core/trial/command.ts",
    home: "src/core/trial/plan.ts",
    // A golden scenario writes its plan down: there is no header to plan from.
    also: ["src/core/router/golden/scenario.ts"],
  },
  { what: "state of a trial", type: "TrialState", declaredIn: "src/core/trial/fold.ts", home: "src/core/trial/fold.ts" },
  { what: "gathering of a prompt's facts", type: "PromptFacts", declaredIn: "src/core/trial/prompt/facts.ts", home: "src/core/trial/prompt/facts.ts" },
];

/** What is wrong in the program's files under `src/`, as lines of text. */
export function homeIssues(program, homes) {
  const checker = program.getTypeChecker();
  const known = homes.map((home) => ({ ...home, shape: typeOf(program, checker, home) }));
  const missing = known.filter(({ shape }) => !shape).map(({ type, declaredIn }) => `${declaredIn} exports no type ${type}: correct scripts/lint/one-home.mjs`);
  const sources = program.getSourceFiles().filter(({ fileName, isDeclarationFile }) => !isDeclarationFile && /(^|\/)src\//.test(fileName));
  return [
    ...missing,
    ...sources.flatMap((source) =>
      secondBuilders(
        source,
        checker,
        known.filter(({ shape }) => shape),
      ),
    ),
  ];
}

function typeOf(program, checker, { type, declaredIn }) {
  const source = program.getSourceFiles().find(({ fileName }) => isFile(fileName, declaredIn));
  const exporter = source && checker.getSymbolAtLocation(source);
  const symbol = exporter && checker.getExportsOfModule(exporter).find((one) => one.name === type);
  return symbol && checker.getDeclaredTypeOfSymbol(symbol);
}

const isFile = (fileName, path) => fileName === path || fileName.endsWith(`/${path}`);

function secondBuilders(source, checker, homes) {
  const elsewhere = homes.filter(({ home, also = [] }) => ![home, ...also].some((file) => isFile(source.fileName, file)));
  const found = [];
  const visit = (node) => {
    if (ts.isObjectLiteralExpression(node)) {
      for (const { what, home, shape } of elsewhere) {
        if (!isBuilt(node, shape, checker)) continue;
        const file = source.fileName.replace(/^.*\/(?=src\/)/, "");
        const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
        found.push(`${file}:${line}: a second ${what}: ${home} builds it for everybody`);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Does the object have all that the type asks for, of its own? One that is spread from such an object only changes it. */
function isBuilt(node, shape, checker) {
  // Widened, since a literal just written must not have more than was asked for.
  if (!checker.isTypeAssignableTo(checker.getWidenedType(checker.getTypeAtLocation(node)), shape)) return false;
  return !node.properties.some((part) => ts.isSpreadAssignment(part) && checker.isTypeAssignableTo(checker.getTypeAtLocation(part.expression), shape));
}
