// Writes a draft's task in the form of the suite format, with the lists that real runs gave.
import { asGlob } from "./draft.ts";
import { titleOf } from "./instruction.ts";
import type { TaskDraft } from "./repair.ts";
import type { AREAS, WrittenTask } from "../schema.ts";

export interface TaskLists {
  readonly kind: "compile" | "test";
  readonly errorCodes: readonly string[];
  readonly failToPass: readonly string[];
  readonly heldOut: readonly string[];
  readonly instruction: string;
}

export function writtenTask(draft: TaskDraft, lists: TaskLists): WrittenTask {
  const { repair } = draft;
  return {
    format: 1,
    id: repair.id,
    title: titleOf(repair),
    kind: lists.kind,
    risk: "low",
    area: areaOf(draft, lists),
    tags: [repair.origin.replaceAll(" ", ":"), ...(draft.split === "halved" ? ["one-test-halved"] : [])],
    error_codes: [...lists.errorCodes],
    instruction: `${lists.instruction.trim()}\n`,
    base: draft.base.name,
    editable: [...draft.editable],
    protected: [],
    fail_to_pass: lists.failToPass.map(idGlob),
    pass_to_pass: ["**"],
    held_out: lists.heldOut.map(idGlob),
    break: [...draft.breaks],
  };
}

const idGlob = (id: string): string => (id === "**" ? id : asGlob(id));

type Area = (typeof AREAS)[number];

/** By the first error code that tells; what compiles is logic. */
const AREA_OF_CODE: Readonly<Record<string, Area>> = {
  E0382: "ownership",
  E0505: "borrow-checker",
  E0507: "ownership",
  E0499: "borrow-checker",
  E0502: "borrow-checker",
  E0506: "borrow-checker",
  E0596: "borrow-checker",
  E0597: "lifetimes",
  E0106: "lifetimes",
  E0621: "lifetimes",
  E0277: "traits",
  E0046: "traits",
  E0053: "traits",
  E0117: "traits",
  E0107: "generics",
  E0282: "generics",
  E0308: "types",
  E0004: "patterns",
  E0023: "patterns",
  E0026: "patterns",
  E0432: "modules",
  E0433: "modules",
  E0603: "modules",
};

function areaOf(draft: TaskDraft, { kind, errorCodes }: TaskLists): Area {
  if (draft.editable.length > 1) return "multi-file";
  if (kind === "test") return "logic";
  return errorCodes.map((code) => AREA_OF_CODE[code]).find((area) => area !== undefined) ?? "api-misuse";
}
