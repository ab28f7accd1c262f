// What is wrong with a capsule as SARIF, so that it stands among a repository's code scanning alerts.
import { sha256 } from "../../base/canonical.ts";
import { READING_FAULTS } from "../../capsule/fault.ts";
import { CAPSULE_CHECKS, type Fault } from "../../capsule/verify.ts";

export interface IntegrityFindings {
  /** The program's. */
  readonly version: string;
  /** The capsule's path, from the folder that the repository's paths begin in. */
  readonly file: string;
  readonly faults: readonly (Fault & { /** 1-based; null: of no one line. */ readonly line: number | null })[];
}

/** The check that `--require-signature` makes is of no capsule's own. */
const SIGNATURE = { name: "signature", sentence: "A key that is trusted has signed the capsule." };
const RULES = [...READING_FAULTS, ...CAPSULE_CHECKS, SIGNATURE].map(({ name, sentence }) => ({ name, sentence }));

/** Source: OASIS, *Static Analysis Results Interchange Format 2.1.0*. Newline-terminated; without faults its list of results is empty. */
export function integritySarif({ version, file, faults }: IntegrityFindings): string {
  const log = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "Bakeoff",
            version,
            rules: RULES.map(({ name, sentence }) => ({ id: name, shortDescription: { text: sentence }, defaultConfiguration: { level: "error" } })),
          },
        },
        columnKind: "utf16CodeUnits",
        results: faults.map(({ check, fault, line }) => ({
          ruleId: check,
          ruleIndex: RULES.findIndex(({ name }) => name === check),
          level: "error",
          message: { text: fault },
          locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(file) }, region: { startLine: line ?? 1 } } }],
          // The same fault of the same file is the same alert.
          partialFingerprints: { "bakeoffFault/v1": sha256(`${file}\n${check}\n${fault}`) },
        })),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

const uriOf = (path: string): string => path.split("/").map(encodeURIComponent).join("/");
