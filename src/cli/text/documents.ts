// What `--json` prints, a document a command: docs/schema/output/ is made from these types, which cost nothing at run time.
import type { CandidateRow } from "../../app/candidate/list.ts";
import type { ShownCapsule } from "../../app/capsule/show.ts";
import type { Diagnosis } from "../../app/doctor/examine.ts";
import type { Link } from "../../app/gate/verify.ts";
import type { FurtherPolicy } from "../../app/init/further-policy.ts";
import type { InitialisedHome } from "../../app/init/init.ts";
import type { Bump } from "../../app/policy/bump.ts";
import type { DryRun } from "../../app/run/dry-run.ts";
import type { PolicyDifference } from "../../app/policy/diff.ts";
import type { ExplainedKey } from "../../app/policy/explain.ts";
import type { AddedScenario } from "../../app/policy/scenario.ts";
import type { ShownPolicy } from "../../app/policy/show.ts";
import type { SignedPolicy } from "../../app/policy/sign.ts";
import type { PolicyValidation } from "../../app/policy/validate.ts";
import type { ExportedSuite } from "../../app/suite/export.ts";
import type { SortedTraffic } from "../../app/suite/from-traffic.ts";
import type { ImportedSuite } from "../../app/suite/import.ts";
import type { MinedSuite } from "../../app/suite/mine.ts";
import type { MutatedRepository } from "../../app/suite/mutate.ts";
import type { ValidatedSuite } from "../../app/suite/validate.ts";
import type { FileIssue } from "../../core/base/errors.ts";
import type { EventLine } from "../../core/capsule/line.ts";
import type { Proof } from "../../core/capsule/proof/proof.ts";
import type { SignatureVerdict } from "../../core/capsule/proof/statement.ts";
import type { Fault, Unchecked } from "../../core/capsule/verify.ts";
import type { GateDocument } from "../../core/gate/document.ts";
import type { GatePlan } from "../../core/gate/planning/gate-plan.ts";
import type { Rule } from "../../core/policy/rules/rule.ts";
import type { SpecKitPolicy } from "../../core/policy/spec-kit.ts";
import type { AuditModel, AuditPlant, AuditTrial } from "../../core/report/audit/model.ts";
import type { ArmComparison } from "../../core/report/compare/comparison.ts";
import type { LatencyReport } from "../../core/report/latency/table.ts";
import type { ReportModel } from "../../core/report/model.ts";
import type { BaselineEntry } from "../../core/report/trend/baseline.ts";
import type { TrendModel } from "../../core/report/trend/model.ts";
import type { TrialList } from "../../core/report/trial/list.ts";
import type { TrialPageModel } from "../../core/report/trial/page.ts";
import type { Task } from "../../core/suite/suite.ts";
import type { CheckedCapsule, ListedCapsule } from "../../ports/capsules.ts";

/** A member that goes, or changes its meaning, raises the number; one that is added does not. */
type Document<Body> = { readonly format: 1 } & Body;

type GateDecisions = Document<{ readonly decisions: readonly GateDocument[] }>;
type BaselineEntries = Document<{ readonly entries: readonly BaselineEntry[] }>;

/** A stored run, as the folder has it. */
export interface CapsuleRow extends Pick<ListedCapsule, "run" | "path" | "state" | "inUse" | "signed" | "isSafeExport"> {
  /** Null where the file is damaged. */
  readonly suite: string | null;
  readonly tasks: number | null;
  readonly candidates: readonly string[];
}

type CapsuleFacts = Document<Omit<CheckedCapsule, "fileHash"> & Pick<ShownCapsule, "attachments"> & { readonly sha256: string }>;

interface CapsuleVerdict {
  /** No check fails. */
  readonly verified: boolean;
  readonly faults: readonly Fault[];
}

/** Of a file that can be read as a capsule. */
interface VerifiedFacts extends CapsuleVerdict {
  readonly run: string;
  readonly sha256: string;
  readonly merkleRoot: string | null;
  readonly events: number;
  readonly texts: number;
  readonly withheld: number;
  readonly signature: SignatureVerdict;
  readonly unchecked: readonly Unchecked[];
}

interface VerifiedLinks {
  readonly path: string;
  readonly sha256: string;
  readonly verdict: GateDocument["decision"]["verdict"];
  readonly candidate: string;
  readonly links: readonly Link[];
}

interface ValidPolicy extends PolicyValidation {
  readonly ok: true;
  readonly rules: readonly Pick<Rule, "name" | "sentence" | "severity">[];
}

interface WrongPolicy {
  readonly ok: false;
  readonly issues: readonly FileIssue[];
}

export interface SuiteRow {
  readonly name: string;
  readonly version: string;
  readonly root: string;
  readonly description: string;
  readonly tasks: number;
  readonly compile: number;
  readonly highRisk: number;
  readonly errorCodes: readonly string[];
}

type TaskRow = Pick<Task, "id" | "kind" | "risk" | "area" | "errorCodes" | "title">;

type JudgedTask = ImportedSuite["imports"]["tasks"][number];

/** A task that was made of a repair, and proved. */
export interface MadeTaskRow extends Pick<JudgedTask, "compileMs" | "testMs" | "leaks" | "strength"> {
  readonly id: string;
  readonly origin: string;
  readonly kind: Task["kind"];
  readonly errorCodes: readonly string[];
  readonly files: readonly string[];
  readonly failToPass: number;
  readonly heldOut: number;
  readonly split: JudgedTask["draft"]["split"];
}

interface MadeSuiteFacts {
  readonly suite: string;
  readonly folder: string;
  readonly root: string;
  readonly tasks: readonly MadeTaskRow[];
  readonly seconds: number;
}

/** Prepared bases in the cache, or those that go of it. */
interface CachedBytes {
  readonly bytes: number;
  readonly bases: readonly { readonly key: string; readonly bytes: number; readonly lastUsed: string }[];
}

/** By command, as it is called. */
export interface JsonDocuments {
  readonly init: Document<InitialisedHome>;
  /** With --until-decided, the decisions; with --dry-run, the forecast. */
  readonly run: ReportModel | GateDecisions | Document<DryRun>;
  readonly score: ReportModel;
  readonly replay: AuditModel & { readonly trials: readonly AuditTrial[]; readonly plants: readonly AuditPlant[] };
  readonly gate: GateDecisions;
  readonly "gate plan": Document<GatePlan>;
  readonly "gate verify": Document<VerifiedLinks>;
  /** Without a trial, the run's trials. */
  readonly show: TrialPageModel | TrialList;
  readonly trend: TrendModel;
  readonly compare: ArmComparison;
  readonly "baseline list": BaselineEntries;
  readonly "baseline bless": BaselineEntries;
  readonly "baseline acknowledge": BaselineEntries;
  readonly "capsule list": Document<{ readonly capsules: readonly CapsuleRow[] }>;
  /** With --prove, the proof. */
  readonly "capsule show": CapsuleFacts | Proof;
  /** Events as they stand in the capsule. */
  readonly "capsule events": Document<{ readonly events: readonly EventLine[] }>;
  readonly "capsule verify": Document<CapsuleVerdict | VerifiedFacts>;
  readonly "candidate list": Document<{ readonly candidates: readonly CandidateRow[] }>;
  readonly "cache list": Document<{ readonly root: string } & CachedBytes>;
  readonly "cache prune": Document<{ readonly removed: boolean } & CachedBytes>;
  readonly "policy validate": Document<ValidPolicy | WrongPolicy>;
  readonly "policy show": Document<Omit<ShownPolicy, "form"> | SpecKitPolicy>;
  readonly "policy explain": Document<ExplainedKey>;
  readonly "policy init": Document<FurtherPolicy>;
  readonly "policy scenario add": Document<AddedScenario>;
  readonly "policy diff": Document<PolicyDifference>;
  readonly "policy bump": Document<Omit<Bump, "base" | "written">>;
  readonly "policy sign": Document<SignedPolicy>;
  readonly "suite list": Document<{ readonly suites: readonly SuiteRow[] }>;
  readonly "suite show": Document<SuiteRow & { readonly list: readonly TaskRow[] }>;
  readonly "suite mine": Document<MadeSuiteFacts & Omit<MinedSuite["mined"], "tasks"> & Pick<MinedSuite, "notes">>;
  readonly "suite import": Document<MadeSuiteFacts & Omit<ImportedSuite["imports"], "tasks">>;
  readonly "suite export": Document<ExportedSuite>;
  readonly "suite from-traffic": Document<SortedTraffic>;
  readonly "suite validate": Document<Pick<ValidatedSuite, "proofs" | "leaks">>;
  readonly "suite mutate": Document<{ readonly folder: string } & Pick<MutatedRepository, "seconds" | "verifications" | "funnel"> & MutatedRepository["facts"]>;
  readonly doctor: Document<Diagnosis>;
  readonly latency: Document<LatencyReport>;
}

/** Prints the one document of a command. Numbers are written in full. */
export const printDocument = <Command extends keyof JsonDocuments = never>(document: JsonDocuments[Command]): void =>
  void process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
